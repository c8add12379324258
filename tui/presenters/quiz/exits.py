"""Questions on register writes: does the write trap, and does KVM flush?"""

from __future__ import annotations

from collections.abc import Iterator

from engine.arm.a64.maintenance import SetWayOperation
from engine.arm.registers import SystemRegister, caches_enabled
from engine.machine.effects import (
    FlushBegun,
    FlushSkipped,
    RegisterWritten,
    ReturnedToGuest,
    Trapped,
)
from engine.machine.events import GuestExecutes
from engine.machine.state import RegisterWrite
from engine.timeline import Timeline
from engine.transition import Step
from tui.presenters.quiz.question import PossibleQuestion, asked
from tui.presenters.steps.programs import executed
from tui.presenters.steps.sentence import sentence
from tui.presenters.words import register


def trap_questions(timeline: Timeline, number: int) -> Iterator[PossibleQuestion]:
    """Yield whether a guest's register write, which is step `number`, traps."""
    step = timeline.steps[number - 1]
    if not isinstance(step.event, GuestExecutes):
        return
    for effect in step.effects:
        if isinstance(effect, Trapped) and isinstance(effect.what, SystemRegister):
            vcpu, name, trapped = effect.vcpu, effect.what, True
        elif isinstance(effect, RegisterWritten):
            vcpu, name, trapped = effect.vcpu, effect.register, effect.trapped
        else:
            continue
        text = f"{executed(step.before, vcpu)} next. What happens?"
        traps = "It traps to KVM, which writes the register and runs its policy."
        written = f"{register(name)} is written at once, and KVM hears nothing of it."
        refused = f"It is undefined at EL1: only KVM may write {register(name)}."
        right = traps if trapped else written
        why = sentence(step)
        question = asked(number - 1, number, text, (traps, written, refused), right, why)
        yield PossibleQuestion(question, ("trap", name.value, str(trapped)))


def flush_questions(timeline: Timeline, number: int) -> Iterator[PossibleQuestion]:
    """Yield whether KVM flushes in the exit that begins with step `number`."""
    step = timeline.steps[number - 1]
    for effect in step.effects:
        if isinstance(effect, Trapped):
            decided = _decided(timeline, number, effect.vcpu)
            if decided is not None:
                yield _flush_question(timeline, number, effect, *decided)


def _decided(timeline: Timeline, trap: int, vcpu: int) -> tuple[int, bool] | None:
    """Return the step of an exit that settles whether it flushes, and whether it does."""
    skipped = None
    for number in range(trap + 1, len(timeline.steps) + 1):
        for effect in timeline.steps[number - 1].effects:
            if isinstance(effect, FlushBegun) and effect.actor == vcpu:
                if effect.flushes_vm:
                    return (number, True) if effect.lines else None
            elif isinstance(effect, FlushSkipped) and effect.vcpu == vcpu:
                skipped = number
            elif isinstance(effect, ReturnedToGuest) and effect.vcpu == vcpu:
                return (number if skipped is None else skipped), False
    return None


def _flush_question(
    timeline: Timeline, trap: int, effect: Trapped, shown: int, flushes: bool
) -> PossibleQuestion:
    step, vcpu = timeline.steps[trap - 1], effect.vcpu
    what = _what(step, effect)
    whole = "Yes: every line that stage 2 maps is cleaned and invalidated."
    written = f"Yes, but only the lines that vcpu{vcpu} has written itself."
    own = f"Yes, but only what is in the cache of pcpu{step.before.pcpu(vcpu)}."
    nothing = "No: this exit flushes nothing."
    text = f"vcpu{vcpu} has trapped to KVM: {what}. Does KVM flush before vcpu{vcpu} goes on?"
    why = f"Step {shown}: {sentence(timeline.steps[shown - 1])}"
    right = whole if flushes else nothing
    question = asked(trap, shown, text, (whole, written, own, nothing), right, why)
    return PossibleQuestion(question, ("flush", what, str(flushes)))


def _what(step: Step, effect: Trapped) -> str:
    match effect.what:
        case SetWayOperation():
            return f"it executed DC {effect.what.value.upper()}"
        case SystemRegister():
            frame = step.after.vcpus[effect.vcpu].stack[0]
            assert isinstance(frame, RegisterWrite)
            if frame.register is not SystemRegister.SCTLR_EL1:
                return f"it writes {register(frame.register)}"
            now = caches_enabled(frame.value)
            if now == frame.was_enabled:
                return "it writes SCTLR_EL1 and leaves its caches " + ("on" if now else "off")
            return "it turns its caches " + ("on" if now else "off")
