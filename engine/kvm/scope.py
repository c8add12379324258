"""The machine as the policy's C sees it: what each address holds, and what writing it does."""

from __future__ import annotations

from typing import Final

import attrs

from engine.arm.registers import Hcr, SystemRegister
from engine.machine.actors import Actor
from engine.machine.effects import (
    ConditionValue,
    Effect,
    HcrWritten,
    OperandValue,
    RegisterWritten,
    TvmArmed,
    TvmCleared,
)
from engine.machine.state import Machine, RegisterWrite, VCpu
from engine.policy.addresses import Region, address, parts
from engine.policy.evaluate import OopsError
from engine.policy.expressions import MachineQuery
from engine.policy.frame import CFrame
from engine.policy.source import Place

_REGISTERS: Final = tuple(SystemRegister)
_RES1: Final = 1 << 31
_KVM: Final = address(Region.KVM)


@attrs.define
class MachineScope:
    """What one step of one actor reads and changes; `machine` is the outcome so far."""

    machine: Machine
    actor: Actor
    frame_address: int
    slots: list[int]
    """The innermost frame's."""
    kept: dict[int, int] = attrs.Factory(dict)
    effects: list[Effect] = attrs.Factory(list)
    operands: list[OperandValue] = attrs.Factory(list)
    decisions: list[ConditionValue] = attrs.Factory(list)

    @classmethod
    def of(cls, machine: Machine, actor: Actor, frame: CFrame) -> MachineScope:
        """Return the scope of the innermost frame."""
        depth = len(machine.stack(actor)) - 1
        return cls(machine, actor, local_address(actor, depth, 0), list(frame.slots))

    def watch(self, text: str, value: int) -> None:
        """Note an operand of a condition and its value."""
        self.operands.append(OperandValue(text, value))

    def decide(self, text: str, place: Place, met: bool) -> None:
        """Note a condition inside of an expression, and what it came to."""
        self.decisions.append(ConditionValue(place, text, met))

    def owner(self) -> int:
        """Return the value by which a lock knows the actor."""
        return self.actor + 2

    def ask(self, query: MachineQuery) -> int:
        """Return what the hardware or the VM answers."""
        match query:
            case MachineQuery.ONLINE_VCPUS:
                return len(self.machine.vcpus)
            case MachineQuery.HAS_FWB:
                return int(self.machine.setup.hardware.fwb)
            case MachineQuery.IMPLEMENTOR:
                return self.machine.setup.hardware.implementor
            case MachineQuery.CURRENT_PCPU:
                return self.machine.pcpu(self.actor)
            case MachineQuery.CURRENT_VCPU:
                return vcpu_pointer(self.actor) if self.actor >= 0 else 0

    def load(self, where: int) -> int:
        """Return what an address holds.

        Raises:
            OopsError: no object is there.
        """
        offset = where - self.frame_address
        if 0 <= offset < len(self.slots):
            return self.slots[offset]
        region, owner, depth, slot = parts(where)
        match region:
            case Region.STATIC:
                return _at(self.machine.vm.statics, slot)
            case Region.FIELD:
                return _at(self._vcpu(owner).fields, slot)
            case Region.HCR:
                return self._vcpu(owner).hcr_el2
            case Region.SYSTEM_REGISTER:
                return self._register(owner, slot)
            case Region.VCPU_ID:
                self._vcpu(owner)
                return owner
            case Region.VCPU_KVM:
                self._vcpu(owner)
                return _KVM
            case Region.VCPU_CPU:
                return self._vcpu(owner).pcpu
            case Region.PC:
                return self._vcpu(owner).core.pc
            case Region.MMU_LOCK:
                return self.machine.vm.mmu_lock
            case Region.ONLINE_VCPUS:
                return len(self.machine.vcpus)
            case Region.EXIT_VALUE:
                return self._exit(owner).value
            case Region.EXIT_REGISTER:
                return _REGISTERS.index(self._exit(owner).register) + 1
            case Region.LOCAL:
                return _at(self._frame(owner - 1, depth).slots, slot)
            case _:
                raise OopsError

    def store(self, where: int, value: int) -> None:
        """Change what an address holds.

        Raises:
            OopsError: no object is there, or it is read-only.
        """
        offset = where - self.frame_address
        if 0 <= offset < len(self.slots):
            self.slots[offset] = value
            return
        region, owner, depth, slot = parts(where)
        match region:
            case Region.STATIC:
                vm = self.machine.vm
                statics = _put(vm.statics, slot, value)
                self.machine = self.machine.with_vm(vm.with_(statics=statics))
            case Region.FIELD:
                vcpu = self._vcpu(owner)
                self._replace(owner, vcpu.with_(fields=_put(vcpu.fields, slot, value)))
            case Region.HCR:
                self._write_hcr(owner, value)
            case Region.SYSTEM_REGISTER:
                self._write_register(owner, slot, value)
            case Region.MMU_LOCK:
                vm = self.machine.vm.with_(mmu_lock=value)
                self.machine = self.machine.with_vm(vm)
            case Region.LOCAL:
                frame = self._frame(owner - 1, depth)
                stack = self.machine.stack(owner - 1)
                changed = attrs.evolve(frame, slots=_put(frame.slots, slot, value))
                stack = (*stack[:depth], changed, *stack[depth + 1 :])
                self.machine = self.machine.with_stack(owner - 1, stack)
            case _:
                raise OopsError

    def _vcpu(self, index: int) -> VCpu:
        if index >= len(self.machine.vcpus):
            raise OopsError
        return self.machine.vcpus[index]

    def _replace(self, index: int, vcpu: VCpu) -> None:
        self.machine = self.machine.with_vcpu(index, vcpu)

    def _frame(self, actor: Actor, depth: int) -> CFrame:
        if actor >= len(self.machine.vcpus):
            raise OopsError
        stack = self.machine.stack(actor)
        frame = stack[depth] if depth < len(stack) else None
        if not isinstance(frame, CFrame):
            raise OopsError
        return frame

    def _exit(self, owner: int) -> RegisterWrite:
        stack = self._vcpu(owner).stack
        if not stack or not isinstance(stack[0], RegisterWrite):
            raise OopsError
        return stack[0]

    def _register(self, owner: int, number: int) -> int:
        vcpu = self._vcpu(owner)
        if not 1 <= number <= len(_REGISTERS):
            raise OopsError
        register = _REGISTERS[number - 1]
        if register is SystemRegister.MPIDR_EL1:
            return _RES1 | (owner >> 4) << 8 | owner & 0xF
        return vcpu.registers.read(register)

    def _write_register(self, owner: int, number: int, value: int) -> None:
        before = self._register(owner, number)
        register = _REGISTERS[number - 1]
        if not register.trapped_by_tvm:
            raise OopsError
        vcpu = self._vcpu(owner)
        self._replace(owner, vcpu.with_(registers=vcpu.registers.write(register, value)))
        self.effects.append(RegisterWritten(owner, register, before, value, trapped=True))

    def _write_hcr(self, owner: int, value: int) -> None:
        vcpu = self._vcpu(owner)
        before = vcpu.hcr_el2
        if value == before:
            return
        self._replace(owner, vcpu.with_(hcr_el2=value))
        self.effects.append(HcrWritten(owner, before, value))
        if Hcr.TVM.get(before) and not Hcr.TVM.get(value):
            self.effects.append(TvmCleared(owner))
        elif Hcr.TVM.get(value) and not Hcr.TVM.get(before):
            self.effects.append(TvmArmed(owner))


def vcpu_pointer(index: int) -> int:
    """Return the `struct kvm_vcpu *` of a vCPU."""
    return address(Region.VCPU, owner=index)


def exit_pointer(index: int) -> int:
    """Return the `struct sys_reg_params *`, and the descriptor, of a vCPU's exit."""
    return address(Region.EXIT, owner=index)


def local_address(actor: Actor, depth: int, slot: int) -> int:
    """Return the address of a slot of the frame at a depth of an actor's stack."""
    return address(Region.LOCAL, owner=actor + 1, depth=depth, slot=slot)


def _at(values: tuple[int, ...], slot: int) -> int:
    if slot >= len(values):
        raise OopsError
    return values[slot]


def _put(values: tuple[int, ...], slot: int, value: int) -> tuple[int, ...]:
    if slot >= len(values):
        raise OopsError
    return (*values[:slot], value, *values[slot + 1 :])
