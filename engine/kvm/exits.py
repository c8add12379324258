"""What KVM does when a guest exits: trapped register writes, set/way operations, stage-2 faults."""

from __future__ import annotations

import attrs

from engine.arm.a64.maintenance import SetWayOperation
from engine.arm.registers import SystemRegister, caches_enabled
from engine.kvm.statement import (
    call,
    can_execute,
    execute_statement,
    exit_pointer,
    vcpu_pointer,
)
from engine.kvm.walk import advance, begin_map, lock_is_free
from engine.machine.effects import FaultTaken, Outcome, RegisterWritten, ReturnedToGuest, Trapped
from engine.machine.state import (
    Fault,
    Initialisation,
    Machine,
    RegisterWrite,
    SetWay,
    VCpu,
    Walk,
)
from engine.policy.frame import CFrame


def trap_register_write(
    machine: Machine, index: int, register: SystemRegister, value: int
) -> Outcome:
    """Exit to EL2 for a register write under TVM, noting whether the caches were enabled.

    The built-in handler follows `access_vm_reg()`: the register is written, then the policy's
    `kvm_toggle_cache()` runs, then the guest resumes. A policy that brings a handler of its own
    runs instead of the first two.
    """
    was_enabled = caches_enabled(machine.vcpus[index].registers.sctlr_el1)
    policy, sctlr = machine.setup.policy, register is SystemRegister.SCTLR_EL1
    handler = policy.trap_handler if sctlr else policy.other_trap_handler
    frame = RegisterWrite(register, value, was_enabled, written=handler is not None)
    exited = _push(machine, index, frame)
    if handler is not None:
        exit_ = exit_pointer(index)
        exited = call(exited, index, handler, (vcpu_pointer(index), exit_, exit_))
    return exited, (Trapped(index, register),)


def trap_set_way(machine: Machine, index: int, operation: SetWayOperation) -> Outcome:
    """Exit to EL2 for a set/way operation under TSW, which itself never executes.

    As `access_dcsw()`: `kvm_set_way_flush()` stands in for it, unless the hardware has FWB.
    """
    exited = _push(machine, index, SetWay(operation))
    set_way = machine.setup.policy.set_way
    if set_way is not None and not machine.setup.hardware.fwb:
        exited = call(exited, index, set_way, (vcpu_pointer(index),))
    return exited, (Trapped(index, operation),)


def take_fault(machine: Machine, index: int, page: int) -> Outcome:
    """Exit to EL2 for an access to a page that stage 2 does not map: `kvm_handle_guest_abort()`."""
    return _push(machine, index, Fault(page)), (FaultTaken(index, page),)


def can_continue(machine: Machine, index: int) -> bool:
    """Say whether KVM's next step for a vCPU that has exited can be taken now."""
    match machine.vcpus[index].stack[-1]:
        case RegisterWrite() | SetWay() | Walk() | Initialisation():
            return True
        case Fault(page):
            return machine.vm.mapped[page] or lock_is_free(machine)
        case CFrame():
            return can_execute(machine, index)


def continue_exit(machine: Machine, index: int) -> Outcome:
    """Take KVM's next step for a vCPU that has exited."""
    vcpu = machine.vcpus[index]
    frame = vcpu.stack[-1]
    match frame:
        case RegisterWrite(written=False):
            return _write_and_toggle(machine, index, frame)
        case RegisterWrite() | SetWay():
            # The trapped instruction has been emulated: `kvm_incr_pc()`.
            return _resume(machine, index, vcpu.core.pc + 1)
        case Fault(page):
            if machine.vm.mapped[page]:
                # Another vCPU's `user_mem_abort()` was first; the access is executed again.
                return _resume(machine, index, vcpu.core.pc)
            return begin_map(machine, index, page)
        case Walk():
            return advance(machine, index, frame)
        case Initialisation():
            raise AssertionError("only the VMM initialises vCPUs")
        case CFrame():
            return execute_statement(machine, index)


def write_register(vcpu: VCpu, register: SystemRegister, value: int) -> VCpu:
    """Return a vCPU with one of its EL1 registers written."""
    return vcpu.with_(registers=vcpu.registers.write(register, value))


def _write_and_toggle(machine: Machine, index: int, frame: RegisterWrite) -> Outcome:
    # `access_vm_reg()`: whether the caches were enabled is read before the write, and the toggle
    # comes after it.
    vcpu = machine.vcpus[index]
    written = write_register(vcpu, frame.register, frame.value).with_(
        stack=(*vcpu.stack[:-1], attrs.evolve(frame, written=True)),
    )
    effect = RegisterWritten(
        index, frame.register, vcpu.registers.read(frame.register), frame.value, trapped=True
    )
    after = machine.with_vcpu(index, written)
    toggle = machine.setup.policy.toggle
    if toggle is not None:
        after = call(after, index, toggle, (vcpu_pointer(index), int(frame.was_enabled)))
    return after, (effect,)


def _resume(machine: Machine, index: int, pc: int) -> Outcome:
    vcpu = machine.vcpus[index]
    resumed = vcpu.with_(core=vcpu.core.jump(pc), stack=vcpu.stack[:-1])
    return machine.with_vcpu(index, resumed), (ReturnedToGuest(index),)


def _push(machine: Machine, index: int, frame: RegisterWrite | SetWay | Fault) -> Machine:
    return machine.with_stack(index, (*machine.vcpus[index].stack, frame))
