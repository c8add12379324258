"""Where an actor is: at a place in its program, in a function of KVM, off, or stopped."""

from __future__ import annotations

from engine.machine.actors import VMM, Actor
from engine.machine.state import (
    Fault,
    Initialisation,
    KvmFrame,
    Machine,
    Power,
    RegisterWrite,
    SetWay,
    Walk,
)
from engine.policy.frame import CFrame
from engine.policy.source import user_line
from engine.transition import can_move
from tui.presenters.words import place_in, program_of, walk_name


def whereabouts(machine: Machine, actor: Actor) -> str:
    """Return where an actor is, and whether it waits there."""
    if actor != VMM and machine.vcpus[actor].power is Power.OFF:
        return "off"
    fault = machine.vmm.fault if actor == VMM else machine.vcpus[actor].fault
    if fault is not None:
        return f"stopped: no word at {fault:#x}"
    stack = machine.stack(actor)
    if stack:
        place = kvm_place(machine, stack[-1])
        return f"{'KVM' if can_move(machine, actor) else 'waits'} {place}"
    program = program_of(machine, actor)
    pc = machine.vmm.core.pc if actor == VMM else machine.vcpus[actor].core.pc
    place = "end" if program is None else place_in(program, pc)
    if place != "end" and not can_move(machine, actor):
        return f"waits {place}"
    return f"{'user' if actor == VMM else 'guest'} {place}"


def kvm_place(machine: Machine, frame: KvmFrame) -> str:
    """Return the function of KVM that a frame stands for, with the line or how far it is."""
    match frame:
        case CFrame(function):
            policy = machine.setup.policy
            line = user_line(policy.sources, policy.operation(frame).place)
            name = policy.functions[function].name
            return f"{name}:{line}" if line else name
        case Walk(purpose, remaining, walked):
            return f"{walk_name(purpose).removesuffix('()')} {walked}/{walked + len(remaining)}"
        case RegisterWrite(written=False):
            return "access_vm_reg"
        case RegisterWrite() | SetWay():
            return "returns to guest"
        case Fault():
            return "user_mem_abort"
        case Initialisation():
            return "KVM_ARM_VCPU_INIT"
