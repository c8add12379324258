"""KVM's accessors: vCPUs, their registers, HCR_EL2, and what only the hardware can answer."""

from __future__ import annotations

from functools import partial
from typing import Final

from tree_sitter import Node

from engine.compiler.headers import FWB_CAPABILITY, REGISTERS
from engine.compiler.lower.build import as_bool, converted, operate, sequence
from engine.compiler.lower.calls import vcpu_at
from engine.compiler.lower.conversions import integer, kvm, store, target, vcpu
from engine.compiler.lower.lowering import KernelCall, KernelRow, Lowering, Object, row
from engine.compiler.syntax import field, unwrap, word
from engine.policy.addresses import Region
from engine.policy.c_types import BOOL, INT, UINT, ULLONG, ULONG, VCPU, VOID, PointerType
from engine.policy.expressions import (
    Ask,
    Assignment,
    Constant,
    Expression,
    FieldAddress,
    MachineQuery,
    ObjectValue,
    RegisterAddress,
    Sequence,
)
from engine.policy.operators import BinaryOperator
from engine.refusal import RefusedError

KERNEL: Final[list[KernelRow[Expression]]] = []
OBJECTS: Final[list[KernelRow[Object]]] = []
kernel = partial(row, KERNEL)
kernel_object = partial(row, OBJECTS)

_EVERY_BIT: Final = Constant((1 << 64) - 1, ULLONG)


@kernel(
    *("cpus_have_final_cap", "cpus_have_const_cap", "cpus_have_cap", "cpus_have_final_boot_cap"),
    *("alternative_has_cap_likely", "alternative_has_cap_unlikely", "this_cpu_has_cap"),
    arguments=1,
    noted=True,
)
def cpus_have_final_cap(lowering: Lowering, call: KernelCall) -> Expression:
    """Whether the CPUs have a feature; of all capabilities, FEAT_S2FWB is modelled."""
    if word(call.given[0]) != FWB_CAPABILITY:
        raise lowering.refusal(call.node, f"`{lowering.short(call.node)}`", FWB_CAPABILITY)
    lowering.compilation.ask_fwb()
    return Ask(MachineQuery.HAS_FWB, BOOL)


@kernel("read_cpuid_implementor", arguments=0, own=True)
def read_cpuid_implementor(lowering: Lowering, call: KernelCall) -> Expression:
    """MIDR_EL1.Implementer of the CPU that it runs on."""
    lowering.compilation.implementor_asked += 1
    return Ask(MachineQuery.IMPLEMENTOR, UINT)


@kernel("smp_processor_id", "raw_smp_processor_id", "get_cpu", arguments=0)
def smp_processor_id(lowering: Lowering, call: KernelCall) -> Expression:
    """The number of the CPU that it runs on."""
    return Ask(MachineQuery.CURRENT_PCPU, INT)


@kernel("kvm_get_running_vcpu", arguments=0)
def kvm_get_running_vcpu(lowering: Lowering, call: KernelCall) -> Expression:
    """The vCPU that is loaded on this CPU, NULL where there is none."""
    return Ask(MachineQuery.CURRENT_VCPU, PointerType(VCPU))


@kernel("kvm_get_vcpu", arguments=2, own=True)
def kvm_get_vcpu(lowering: Lowering, call: KernelCall) -> Expression:
    """The vCPU of an index, NULL where there is none."""
    kvm(lowering, call.given[0])
    return vcpu_at(integer(lowering, call.given[1]))


@kernel("kvm_get_vcpu_by_id", arguments=2)
def kvm_get_vcpu_by_id(lowering: Lowering, call: KernelCall) -> Expression:
    """The vCPU of an identifier, which is its index here."""
    return kvm_get_vcpu(lowering, call)


@kernel("vcpu_has_cache_enabled", arguments=1, noted=True)
def vcpu_has_cache_enabled(lowering: Lowering, call: KernelCall) -> Expression:
    """Whether the MMU and the data cache are on: SCTLR_EL1.M and C, both."""
    on = Constant(0b101, ULLONG)
    address = _system_register(vcpu(lowering, call.given[0]), Constant(1, INT))
    both = operate(BinaryOperator.AND, ObjectValue(address, ULLONG), on)
    return as_bool(operate(BinaryOperator.EQUAL, both, on))


@kernel("vcpu_get_hcr", arguments=1, own=True)
def vcpu_get_hcr(lowering: Lowering, call: KernelCall) -> Expression:
    """The vCPU's HCR_EL2."""
    return ObjectValue(vcpu_hcr(lowering, call), ULONG)


@kernel("vcpu_set_hcr", arguments=2, own=True)
def vcpu_set_hcr(lowering: Lowering, call: KernelCall) -> Expression:
    """Store the vCPU's HCR_EL2."""
    value = converted(integer(lowering, call.given[1]), ULONG)
    return sequence(Assignment(vcpu_hcr(lowering, call), value, ULONG), Constant(0, VOID))


@kernel("vcpu_hcr", arguments=1, own=True)
def vcpu_hcr(lowering: Lowering, call: KernelCall) -> Expression:
    """The address of the vCPU's HCR_EL2."""
    return FieldAddress(vcpu(lowering, call.given[0]), Region.HCR, 0, PointerType(ULONG))


@kernel("vcpu_pc", arguments=1, own=True)
def vcpu_pc(lowering: Lowering, call: KernelCall) -> Expression:
    """The address of the guest's PC."""
    return FieldAddress(vcpu(lowering, call.given[0]), Region.PC, 0, PointerType(ULONG))


@kernel("vcpu_read_sys_reg", arguments=2, own=True)
def vcpu_read_sys_reg(lowering: Lowering, call: KernelCall) -> Expression:
    """An EL1 register of the vCPU."""
    return ObjectValue(_register_of(lowering, *call.given), ULLONG)


@kernel("vcpu_write_sys_reg", arguments=3, own=True)
def vcpu_write_sys_reg(lowering: Lowering, call: KernelCall) -> Expression:
    """Store an EL1 register of the vCPU; the value comes before the register's number."""
    holder, stored, register = call.given
    address = _register_of(lowering, holder, register)
    value = converted(integer(lowering, stored), ULLONG)
    return sequence(Assignment(address, value, ULLONG), Constant(0, VOID))


@kernel("vcpu_sys_reg", "__vcpu_sys_reg", arguments=2, own=True)
def vcpu_sys_reg(lowering: Lowering, call: KernelCall) -> Expression:
    """An EL1 register of the vCPU."""
    return vcpu_read_sys_reg(lowering, call)


@kernel_object("vcpu_sys_reg", "__vcpu_sys_reg", arguments=2, own=True)
def vcpu_sys_reg_object(lowering: Lowering, call: KernelCall) -> Object:
    """An EL1 register of the vCPU, which may be assigned to."""
    return Object(_register_of(lowering, *call.given), ULLONG)


def _register_of(lowering: Lowering, holder: Node, register: Node) -> Expression:
    pointer, number = vcpu(lowering, holder), integer(lowering, register)
    if isinstance(number, Constant) and not 1 <= number.value <= len(REGISTERS):
        raise lowering.refusal(
            register, f"register {lowering.short(register)}", "an EL1 register's name"
        )
    return _system_register(pointer, number)


def _system_register(pointer: Expression, number: Expression) -> Expression:
    if isinstance(number, Constant):
        return FieldAddress(pointer, Region.SYSTEM_REGISTER, number.value, PointerType(ULLONG))
    return RegisterAddress(pointer, number, PointerType(ULLONG))


@kernel("vcpu_cp15", "vcpu_cp15_64_low", "vcpu_cp15_64_high", arguments=0, variadic=True)
def vcpu_cp15(lowering: Lowering, call: KernelCall) -> Expression:
    """A register of a 32-bit guest, which the model has none of."""
    raise _of_32_bit_guests(lowering, call)


@kernel_object("vcpu_cp15", "vcpu_cp15_64_low", "vcpu_cp15_64_high", arguments=0, variadic=True)
def vcpu_cp15_object(lowering: Lowering, call: KernelCall) -> Object:
    """A register of a 32-bit guest, which the model has none of."""
    raise _of_32_bit_guests(lowering, call)


def _of_32_bit_guests(lowering: Lowering, call: KernelCall) -> RefusedError:
    return lowering.refusal(
        call.node, f"{call.name}()", "64-bit guests, whose registers are vcpu_sys_reg()"
    )


@kernel("get_access_mask", arguments=3, own=True)
def get_access_mask(lowering: Lowering, call: KernelCall) -> Expression:
    """What a trapped instruction writes of its register: all bits, shifted by none."""
    mask = target(lowering, call.given[1], ULLONG)
    shift = target(lowering, call.given[2], ULLONG)
    lowering.value(call.given[0])
    every = store(lowering, call.node, mask, _EVERY_BIT)
    none = store(lowering, call.node, shift, Constant(0, ULLONG))
    return Sequence((every, none, Constant(0, VOID)), VOID)


@kernel("vcpu_get_reg", arguments=2, own=True)
def vcpu_get_reg(lowering: Lowering, call: KernelCall) -> Expression:
    """The general register that the trapped instruction transfers."""
    return ObjectValue(_transferred(lowering, call), ULONG)


@kernel_object("*vcpu_reg", arguments=2, own=True)
def vcpu_reg(lowering: Lowering, call: KernelCall) -> Object:
    """The general register that the trapped instruction transfers, by its address."""
    return Object(_transferred(lowering, call), ULONG, writable=False)


def _transferred(lowering: Lowering, call: KernelCall) -> Expression:
    register = unwrap(call.given[1])
    if register.type != "field_expression" or word(field(register, "field")) != "Rt":
        raise lowering.refusal(call.node, f"`{lowering.short(call.node)}`", "the register p->Rt")
    exit_pointer = lowering.value(field(register, "argument"))
    return FieldAddress(exit_pointer, Region.EXIT_VALUE, 0, PointerType(ULONG))
