"""One sentence of plain English for what a step did, and a brief form where room is short."""

from __future__ import annotations

from engine.guest import next_instruction
from engine.machine.actors import VMM, Actor
from engine.machine.effects import (
    AccessFailed,
    ConditionDecided,
    Effect,
    Evicted,
    FaultTaken,
    FetchFailed,
    Filled,
    FlushBegun,
    FlushEnded,
    FlushSkipped,
    HcrWritten,
    InterruptInjected,
    InterruptTaken,
    Invalidated,
    Kicked,
    KickNoticed,
    LineFlushed,
    Loaded,
    Maintained,
    PageMapped,
    PoweredOff,
    PoweredOn,
    RegisterWritten,
    ReturnedToGuest,
    Stage2Unmapped,
    StatementExecuted,
    Stored,
    Trapped,
    TvmArmed,
    TvmCleared,
    VcpuInitialised,
    WrittenBack,
)
from engine.machine.events import event_actor
from engine.transition import Step
from tui.presenters.cells import wrapped
from tui.presenters.steps import accesses, kvm, programs
from tui.presenters.words import who


def sentence(step: Step, *, brief: bool = False) -> str:
    """Return what a step did, in Arm's and KVM's words and with the values that matter.

    The brief form leaves out what else is on the screen, never what the step is about.
    """
    # What was skipped is told after what was done.
    effects = sorted(step.effects, key=lambda effect: isinstance(effect, FlushSkipped))
    clauses = [clause for effect in effects if (clause := _clause(step, effect, brief))]
    text = _joined(clauses) or _without_effects(step)
    return f"{_capitalised(text)}."


def sentence_lines(step: Step, width: int, most: int) -> tuple[str, ...]:
    """Return the sentence on `most` lines at most: brief where else it would not fit."""
    lines = wrapped(sentence(step), width)
    return lines if len(lines) <= most else wrapped(sentence(step, brief=True), width, most)


def _joined(clauses: list[str]) -> str:
    """Join clauses; what follows bare code explains it."""
    if len(clauses) > 1 and clauses[0].endswith("`"):
        return f"{clauses[0]}: {'; '.join(clauses[1:])}"
    return "; ".join(clauses)


def _clause(step: Step, effect: Effect, brief: bool) -> str | None:
    """Return what a sentence says of an effect, None for what another effect's clause tells."""
    match effect:
        case Loaded():
            return accesses.loaded(step, effect)
        case Stored():
            return accesses.stored(step, effect)
        case Filled():
            return accesses.filled(step, effect) if effect.speculative else None
        case Evicted():
            return accesses.evicted(step, effect, brief)
        case WrittenBack() | Invalidated():
            return None
        case Maintained():
            return accesses.maintained(step, effect, brief)
        case Trapped():
            return programs.trapped(step, effect)
        case FaultTaken(vcpu, page):
            name = step.before.setup.layout.page_name(page)
            executed = programs.executed(step.before, vcpu)
            return f"{executed}: stage 2 does not map page {name}, so it faults to KVM"
        case AccessFailed(actor, address):
            executed = programs.executed(step.before, actor)
            return f"{executed}: {address:#x} is no word of guest RAM, and it stops here"
        case FetchFailed(actor):
            return programs.fetch_failed(step, actor)
        case RegisterWritten():
            return programs.register_written(step, effect, brief)
        case HcrWritten():
            return kvm.hcr_written(effect)
        case TvmCleared(vcpu):
            return f"HCR_EL2.TVM is clear, the register writes of vcpu{vcpu} trap no more"
        case TvmArmed(vcpu):
            return f"HCR_EL2.TVM is set, the register writes of vcpu{vcpu} trap from now on"
        case ConditionDecided():
            return kvm.decided(effect, brief)
        case StatementExecuted():
            return kvm.executed(step, effect, brief)
        case FlushBegun():
            return kvm.flush_begun(step, effect)
        case LineFlushed():
            return kvm.line_flushed(step, effect, brief)
        case FlushEnded():
            return kvm.flush_ended(effect, brief)
        case FlushSkipped():
            return kvm.flush_skipped(step, effect, brief)
        case ReturnedToGuest(vcpu):
            return kvm.returned(step, vcpu, brief)
        case PageMapped(page):
            return f"page {step.after.setup.layout.page_name(page)} is mapped in stage 2"
        case Stage2Unmapped():
            return "stage 2 maps no page any more"
        case PoweredOn():
            return programs.powered_on(step, effect)
        case PoweredOff(vcpu, by):
            return (
                f"vcpu{vcpu} calls PSCI CPU_OFF: it is off"
                if by == vcpu
                else f"{who(by)} stops vcpu{vcpu} (KVM_SET_MP_STATE)"
            )
        case VcpuInitialised(vcpu):
            return kvm.initialised(step, vcpu, brief)
        case Kicked(vcpu):
            return f"vcpu{vcpu} kicks the VMM: it exits to user space, as a virtio notify does"
        case KickNoticed(vcpu):
            return f"the VMM notices the kick of vcpu{vcpu}"
        case InterruptInjected(vcpu):
            return f"the VMM injects an interrupt into vcpu{vcpu}"
        case InterruptTaken(vcpu):
            return f"vcpu{vcpu} takes the interrupt that the VMM had injected"


def _without_effects(step: Step) -> str:
    actor = event_actor(step.event)
    if actor is None:
        return "nothing changes"
    if _in_kvm(step, actor):
        return kvm.moved(step, actor)
    return programs.computed(step, actor)


def _in_kvm(step: Step, actor: Actor) -> bool:
    return bool(step.before.stack(actor)) or (
        actor != VMM and next_instruction(step.before, actor) is None
    )


def _capitalised(text: str) -> str:
    # Names such as vcpu0 and code keep their case at the start of a sentence.
    return "T" + text[1:] if text.startswith("the ") else text
