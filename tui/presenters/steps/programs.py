"""Clauses for what a guest or the VMM does: instructions, traps, register writes, power."""

from __future__ import annotations

from engine.arm.instructions import (
    Branch,
    BranchIf,
    CompareBranch,
    PsciCpuOn,
    SetWayOperation,
    TestBranch,
)
from engine.arm.registers import SystemRegister, caches_enabled
from engine.guest import next_instruction
from engine.machine.access import access_type
from engine.machine.actors import VMM, Actor
from engine.machine.effects import PoweredOn, RegisterWritten, Trapped
from engine.machine.events import VmmExecutes, event_actor
from engine.machine.state import Machine
from engine.transition import Step
from engine.vmm import next_vmm_instruction
from tui.presenters.words import (
    CACHE_BITS,
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


def trapped(step: Step, effect: Trapped) -> str:
    """Return that an instruction exited to KVM, and by which bit of HCR_EL2."""
    text = executed(step.before, effect.vcpu)
    match effect.what:
        case SystemRegister():
            on = caches_enabled(step.before.vcpus[effect.vcpu].registers.sctlr_el1)
            return (
                f"{text}: HCR_EL2.TVM is set, so the write of {register(effect.what)} traps to "
                f"KVM; its caches are {'on' if on else 'off'} so far"
            )
        case SetWayOperation():
            return f"{text}: HCR_EL2.TSW is set, so it traps to KVM and never executes itself"


def register_written(step: Step, effect: RegisterWritten, brief: bool) -> str:
    """Return who wrote which register with what, and what that means for the data accesses."""
    what = f"{number(effect.after)} to {register(effect.register)}"
    bits = _bits(effect, brief)
    if effect.trapped:
        text = f"KVM writes {what} of vcpu{effect.vcpu}{bits}"
    elif isinstance(step.event, VmmExecutes):
        how = "(no trap)" if brief else "(KVM_SET_ONE_REG, no trap)"
        text = f"the VMM writes {what} of vcpu{effect.vcpu}{bits} {how}"
    else:
        text = f"vcpu{effect.vcpu} writes {what}{bits} without a trap, since HCR_EL2.TVM is clear"
    return text + _meaning(step, effect, brief)


def powered_on(step: Step, effect: PoweredOn) -> str:
    """Return who started a vCPU, and in what state it begins."""
    after = step.after.vcpus[effect.vcpu]
    if effect.by == VMM:
        return f"the VMM makes vcpu{effect.vcpu} runnable (KVM_SET_MP_STATE)"
    entry = place_in(step.after.setup.programs[effect.vcpu], after.core.pc)
    tvm = "set" if after.tvm else "clear still: KVM does not arm it here"
    return (
        f"{who(effect.by)} calls PSCI CPU_ON: vcpu{effect.vcpu} starts at {entry} with its "
        f"caches off; its HCR_EL2.TVM is {tvm}"
    )


def fetch_failed(step: Step, actor: Actor) -> str:
    """Return that an actor was led to where its program has no instruction."""
    if any(isinstance(effect, PoweredOn) for effect in step.effects):
        return f"{who(actor)} has no instruction there, and stops"
    mover = event_actor(step.event)
    assert mover is not None
    text = executed(step.before, mover)
    if mover == actor:
        return f"{text}: its program has no instruction there, and it stops"
    return f"{text}: {who(actor)} has no instruction there, and stops"


def computed(step: Step, actor: Actor) -> str:
    """Return what an instruction without a fact of its own did: registers, flags, the pc."""
    text = executed(step.before, actor)
    before = step.before.vmm.core if actor == VMM else step.before.vcpus[actor].core
    after = step.after.vmm.core if actor == VMM else step.after.vcpus[actor].core
    if actor == VMM:
        instruction = next_vmm_instruction(step.before)
    else:
        instruction = next_instruction(step.before, actor)
    if isinstance(instruction, Branch | BranchIf | CompareBranch | TestBranch):
        program = program_of(step.before, actor)
        assert program is not None
        if after.pc != instruction.target:
            return f"{text}: it does not branch"
        return f"{text}: it branches to {place_in(program, after.pc)}"
    if isinstance(instruction, PsciCpuOn):
        return f"{text}: vcpu{instruction.vcpu} is on already, x0 is ALREADY_ON"
    changes = [
        f"x{index} is {number(new)}"
        for index, (old, new) in enumerate(zip(before.x, after.x, strict=True))
        if old != new
    ]
    if before.nzcv != after.nzcv:
        set_flags = "".join(
            name if after.nzcv >> 3 - place & 1 else name.lower()
            for place, name in enumerate("NZCV")
        )
        changes.append(f"the flags are {set_flags}")
    return f"{text}: {', '.join(changes)}" if changes else text


def _bits(effect: RegisterWritten, brief: bool) -> str:
    if effect.register is not SystemRegister.SCTLR_EL1:
        return ""
    fields = [field for field in CACHE_BITS if field.get(effect.before) != field.get(effect.after)]
    if brief:
        ways = {
            way: " ".join(field.name for field in fields if field.get(effect.after) is on)
            for way, on in (("0 -> 1", True), ("1 -> 0", False))
        }
        changed = [f"{names} {way}" for way, names in ways.items() if names]
    else:
        changed = [
            f"{field.name} {int(field.get(effect.before))} -> {int(field.get(effect.after))}"
            for field in fields
        ]
    return f" ({', '.join(changed)})" if changed else ""


def _meaning(step: Step, effect: RegisterWritten, brief: bool) -> str:
    was, now = access_type(step.before, effect.vcpu), access_type(step.after, effect.vcpu)
    if was is now:
        return ""
    own = brief and not effect.trapped and not isinstance(step.event, VmmExecutes)
    whose = "its data accesses" if own else f"the data accesses of vcpu{effect.vcpu}"
    return f": {whose} are {now.value} from now on"
