"""Lowering of KVM's accessors: vCPUs, their registers, HCR_EL2, and what hardware answers."""

from __future__ import annotations

from typing import Final

import attrs
from tree_sitter import Node

from engine.compiler.headers import (
    CAPABILITY_TESTS,
    FWB_CAPABILITY,
    REGISTERS,
)
from engine.compiler.kernel.atomics import Atomics
from engine.compiler.lower.build import (
    as_bool,
    converted,
    operate,
    sequence,
)
from engine.compiler.lower.objects import Object
from engine.compiler.syntax import children, field, unwrap, word
from engine.policy.addresses import Region
from engine.policy.c_types import (
    BOOL,
    INT,
    KVM,
    UINT,
    ULLONG,
    ULONG,
    VCPU,
    VOID,
    PointerType,
    type_name,
)
from engine.policy.expressions import (
    Ask,
    Constant,
    Expression,
    FieldAddress,
    Load,
    Query,
    RegisterAddress,
    Sequence,
    Store,
    VcpuAddress,
)
from engine.policy.operators import BinaryOperator

_VCPU_POINTER: Final = PointerType(VCPU)
_KVM_POINTER: Final = PointerType(KVM)


@attrs.define
class Accessors(Atomics):
    """Lowers calls that read or write a vCPU, or ask about the machine."""

    def callee(self, node: Node) -> str:
        """Return the name of the function that a call calls."""
        function = unwrap(field(node, "function"))
        if function.type != "identifier" or self.lookup(word(function)) is not None:
            raise self.refusal(
                node, f"the call `{self.short(node)}`", "a call of a function by name"
            )
        return word(function)

    def arguments(self, node: Node) -> list[Node]:
        """Return a call's arguments."""
        return children(field(node, "arguments"))

    def _vcpu(self, node: Node) -> Expression:
        return self._pointer(node, _VCPU_POINTER)

    def _pointer(self, node: Node, wanted: PointerType) -> Expression:
        pointer = self.value(node)
        if pointer.type != wanted:
            raise self.refusal(
                node,
                f"`{self.short(node)}`, a {type_name(pointer.type)}",
                f"a {type_name(wanted)}",
            )
        return pointer

    def kvm(self, node: Node) -> Expression:
        """Return an argument that must be a struct kvm *."""
        return self._pointer(node, _KVM_POINTER)

    def _machine(self, name: str, node: Node, arguments: list[Node]) -> Expression | None:
        if name in CAPABILITY_TESTS:
            self.count(node, arguments, 1)
            if word(arguments[0]) != FWB_CAPABILITY:
                raise self.refusal(node, f"`{self.short(node)}`", FWB_CAPABILITY)
            self.compilation.ask_fwb()
            return Ask(Query.HAS_FWB, BOOL)
        match name:
            case "read_cpuid_implementor":
                self.count(node, arguments, 0)
                self.compilation.implementor_asked += 1
                return Ask(Query.IMPLEMENTOR, UINT)
            case "smp_processor_id" | "raw_smp_processor_id" | "get_cpu":
                self.count(node, arguments, 0)
                return Ask(Query.CURRENT_PCPU, INT)
            case "kvm_get_running_vcpu":
                self.count(node, arguments, 0)
                return Ask(Query.CURRENT_VCPU, _VCPU_POINTER)
            case "kvm_get_vcpu" | "kvm_get_vcpu_by_id":
                self.count(node, arguments, 2)
                self.kvm(arguments[0])
                return self.vcpu_at(self.integer(arguments[1]))
            case "vcpu_has_cache_enabled":
                self.count(node, arguments, 1)
                return self._caches_enabled(self._vcpu(arguments[0]))
            case "vcpu_get_hcr":
                self.count(node, arguments, 1)
                return Load(_hcr(self._vcpu(arguments[0])), ULONG)
            case "vcpu_set_hcr":
                self.count(node, arguments, 2)
                value = converted(self.integer(arguments[1]), ULONG)
                store = Store(_hcr(self._vcpu(arguments[0])), value, ULONG)
                return sequence(store, Constant(0, VOID))
            case "vcpu_hcr":
                self.count(node, arguments, 1)
                return _hcr(self._vcpu(arguments[0]))
            case "vcpu_pc":
                self.count(node, arguments, 1)
                return FieldAddress(self._vcpu(arguments[0]), Region.PC, 0, PointerType(ULONG))
            case "vcpu_read_sys_reg" | "vcpu_write_sys_reg" | "vcpu_sys_reg" | "__vcpu_sys_reg":
                return self._register(name, node, arguments)
            case "get_access_mask":
                return self._access_mask(node, arguments)
            case "vcpu_get_reg":
                self.count(node, arguments, 2)
                return self._transferred(node, arguments)
            case "vcpu_cp15" | "vcpu_cp15_64_low" | "vcpu_cp15_64_high":
                raise self.refusal(
                    node, f"{name}()", "64-bit guests, whose registers are vcpu_sys_reg()"
                )
            case _:
                return None

    def vcpu_at(self, index: Expression) -> Expression:
        """Return kvm_get_vcpu(): the vCPU of an index, NULL where there is none."""
        return VcpuAddress(converted(index, ULONG), _VCPU_POINTER)

    def _caches_enabled(self, vcpu: Expression) -> Expression:
        on = Constant(0b101, ULLONG)
        sctlr = Load(_register_address(vcpu, 1), ULLONG)
        both = operate(BinaryOperator.AND, sctlr, on)
        return as_bool(operate(BinaryOperator.EQUAL, both, on))

    def _register(self, name: str, node: Node, arguments: list[Node]) -> Expression:
        writes = name == "vcpu_write_sys_reg"
        self.count(node, arguments, 3 if writes else 2)
        address = self._register_of(arguments[0], arguments[-1])
        if not writes:
            return Load(address, ULLONG)
        value = converted(self.integer(arguments[1]), ULLONG)
        return sequence(Store(address, value, ULLONG), Constant(0, VOID))

    def _register_of(self, vcpu: Node, register: Node) -> Expression:
        pointer, number = self._vcpu(vcpu), self.integer(register)
        if isinstance(number, Constant):
            if not 1 <= number.value <= len(REGISTERS):
                raise self.refusal(
                    register, f"register {self.short(register)}", "an EL1 register's name"
                )
            return _register_address(pointer, number.value)
        return RegisterAddress(pointer, number, PointerType(ULLONG))

    def called_object(self, node: Node) -> Object:
        """Return the object that a call names: a system register, by the old accessors."""
        name, arguments = self.callee(node), self.arguments(node)
        if name in ("vcpu_sys_reg", "__vcpu_sys_reg") and len(arguments) == 2:
            return Object(self._register_of(*arguments), ULLONG)
        if name.startswith("vcpu_cp15"):
            self.call(node)
        if name in ("READ_ONCE", "ACCESS_ONCE") and len(arguments) == 1:
            return self.object(arguments[0])
        raise self.refusal(node, f"`{self.short(node)}`", "a variable, a member or `*pointer`")

    def _access_mask(self, node: Node, arguments: list[Node]) -> Expression:
        """Return get_access_mask() for a 64-bit guest: all bits, shifted by none."""
        self.count(node, arguments, 3)
        mask, shift = self.target(arguments[1], ULLONG), self.target(arguments[2], ULLONG)
        self.value(arguments[0])
        every = self.store(node, mask, Constant((1 << 64) - 1, ULLONG))
        none = self.store(node, shift, Constant(0, ULLONG))
        return Sequence((every, none, Constant(0, VOID)), VOID)

    def _transferred(self, node: Node, arguments: list[Node]) -> Expression:
        """Return the value of the register that the trapped instruction transfers."""
        register = unwrap(arguments[1])
        if register.type == "field_expression" and word(field(register, "field")) == "Rt":
            exit_pointer = self.value(field(register, "argument"))
            address = FieldAddress(exit_pointer, Region.EXIT_VALUE, 0, PointerType(ULONG))
            return Load(address, ULONG)
        raise self.refusal(node, f"`{self.short(node)}`", "the register p->Rt")

    def value(self, node: Node) -> Expression:
        """Return the value of an expression; `*vcpu_reg(vcpu, p->Rt)` is what is written."""
        if node.type == "pointer_expression" and word(node.children[0]) == "*":
            argument = unwrap(field(node, "argument"))
            if argument.type == "call_expression" and word(field(argument, "function")) in (
                "vcpu_reg",
            ):
                return self._transferred(argument, self.arguments(argument))
        return super().value(node)


def _hcr(vcpu: Expression) -> Expression:
    return FieldAddress(vcpu, Region.HCR, 0, PointerType(ULONG))


def _register_address(vcpu: Expression, number: int) -> Expression:
    return FieldAddress(vcpu, Region.SYSTEM_REGISTER, number, PointerType(ULLONG))
