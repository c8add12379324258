"""Steps that established no fact: what an instruction computed, or that KVM went on."""

from __future__ import annotations

from engine.arm.a64.branches import BranchInstruction
from engine.arm.a64.named_operations import PsciCpuOn
from engine.guest import next_instruction
from engine.machine.actors import VMM, Actor
from engine.machine.events import event_actor
from engine.machine.state import Machine, RegisterWrite
from engine.transition import Step
from engine.vmm import next_vmm_instruction
from tui.presenters.words import (
    instruction_text,
    number,
    place_in,
    program_of,
    register,
    who,
)


def executed(machine: Machine, actor: Actor) -> str:
    """Return that an actor executes its next instruction, as its source spells it."""
    program = program_of(machine, actor)
    pc = machine.vmm.core.pc if actor == VMM else machine.vcpus[actor].core.pc
    assert program is not None
    return f"{who(actor)} executes `{instruction_text(program, pc)}`"


def without_effects(step: Step) -> str:
    """Return what a step did that established no fact."""
    actor = event_actor(step.event)
    if actor is None:
        return "nothing changes"
    if _in_kvm(step, actor):
        return _moved(step, actor)
    return _computed(step, actor)


def _in_kvm(step: Step, actor: Actor) -> bool:
    return bool(step.before.stack(actor)) or (
        actor != VMM and next_instruction(step.before, actor) is None
    )


def _moved(step: Step, actor: Actor) -> str:
    """Return a step of KVM that established no fact."""
    frame = step.before.stack(actor)[-1]
    if isinstance(frame, RegisterWrite):
        return f"KVM handles the write of {register(frame.register)} for {who(actor)}"
    return f"KVM goes on for {who(actor)}"


def _computed(step: Step, actor: Actor) -> str:
    """Return what an instruction without a fact of its own did: registers, flags, the pc."""
    text = executed(step.before, actor)
    before = step.before.vmm.core if actor == VMM else step.before.vcpus[actor].core
    after = step.after.vmm.core if actor == VMM else step.after.vcpus[actor].core
    if actor == VMM:
        instruction = next_vmm_instruction(step.before)
    else:
        instruction = next_instruction(step.before, actor)
    if isinstance(instruction, BranchInstruction):
        program = program_of(step.before, actor)
        assert program is not None
        if not instruction.taken(before):
            return f"{text}: it does not branch"
        return f"{text}: it branches to {place_in(program, after.pc)}"
    if isinstance(instruction, PsciCpuOn):
        return f"{text}: vcpu{instruction.vcpu} is on already, x0 is ALREADY_ON"
    changes = [
        f"x{index} is {number(new)}"
        for index, (old, new) in enumerate(zip(before.x, after.x, strict=True))
        if old != new
    ]
    if before.sp != after.sp:
        changes.append(f"sp is {number(after.sp)}")
    if before.nzcv != after.nzcv:
        set_flags = "".join(
            name if after.nzcv >> 3 - place & 1 else name.lower()
            for place, name in enumerate("NZCV")
        )
        changes.append(f"the flags are {set_flags}")
    return f"{text}: {', '.join(changes)}" if changes else text
