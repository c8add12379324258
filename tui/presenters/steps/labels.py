"""The list of events: a short label for each step, and what a finding has to do with it."""

from __future__ import annotations

from collections.abc import Mapping

from engine.findings import Lead, Role, roles
from engine.machine.actors import VMM, Actor, actor_name
from engine.machine.events import (
    ActorChooses,
    GuestExecutes,
    KvmExecutes,
    VmmExecutes,
    event_name,
)
from engine.machine.hardware import HardwareEvent
from engine.timeline import Timeline
from engine.transition import Step
from tui.presenters.cells import Cell, Row, Tone, fitted
from tui.presenters.steps.account import Sign
from tui.presenters.steps.signs import kvm_sign
from tui.presenters.steps.told import accounts
from tui.presenters.words import instruction_text, program_of


def label(step: Step) -> str:
    """Return what a step did in a few words; KVM's steps are indented under the guest's."""
    facts = ", ".join(fact for one in accounts(step) if (fact := one.label()))
    match step.event:
        case GuestExecutes(actor):
            return _executed(step, actor, facts)
        case VmmExecutes():
            return _executed(step, VMM, facts)
        case ActorChooses():
            return facts
        case KvmExecutes():
            return f"  {facts or 'KVM'}"
        case HardwareEvent():
            return event_name(step.before, step.event) + (f": {facts}" if facts else "")


def mover(step: Step) -> str:
    """Return who moved: an actor's name, or `hw` for the hardware."""
    match step.event:
        case GuestExecutes(actor) | KvmExecutes(actor) | ActorChooses(actor):
            return actor_name(actor)
        case VmmExecutes():
            return actor_name(VMM)
        case HardwareEvent():
            return "hw"


def tone_of(step: Step) -> Tone:
    """Return whose the step is: the guest's or the VMM's, KVM's, or the hardware's."""
    if kvm_sign(step) is Sign.SKIP:
        return Tone.SKIPPED
    match step.event:
        case GuestExecutes() | VmmExecutes() | ActorChooses():
            return Tone.GUEST
        case KvmExecutes():
            return Tone.KVM
        case HardwareEvent():
            return Tone.HARDWARE


def signs(timeline: Timeline) -> dict[int, str]:
    """Return the steps that findings speak of, each with what it is to them."""
    return {step: _sign(parts) for step, parts in roles(timeline.findings).items()}


def event_row(timeline: Timeline, number_: int, width: int, marks: Mapping[int, str]) -> Row:
    """Return the row of one step; row 0 is the start."""
    size = len(str(len(timeline.steps)))
    current = number_ == timeline.cursor
    lead = f"{'>' if current else ' '}{number_:>{size}} "
    if number_ == 0:
        return Row((Cell(lead), Cell(fitted("start", width - len(lead)))), 0, current)
    step = timeline.steps[number_ - 1]
    sign = marks.get(number_, "")
    tone = tone_of(step)
    who = fitted(mover(step), 6)
    room = width - len(lead) - len(who)
    tag = f"{sign} " if sign else ""
    return Row(
        (
            Cell(lead),
            Cell(who, tone),
            Cell(tag, Tone.SKIPPED if sign == "CAUSE" else Tone.STALE),
            Cell(fitted(label(step), room - len(tag)), tone),
        ),
        step=number_,
        current=current,
    )


def _sign(parts: tuple[Role, ...]) -> str:
    """Return the last thing that a step is to findings; that it is a cause says least."""
    *_, last = sorted(parts, key=lambda role: role is not Lead.CAUSE)
    return "EXACT" if last is Lead.EXACT_STEP else last.value.upper()


def _executed(step: Step, actor: Actor, facts: str) -> str:
    program = program_of(step.before, actor)
    pc = step.before.vmm.core.pc if actor == VMM else step.before.vcpus[actor].core.pc
    assert program is not None
    text = instruction_text(program, pc)
    return f"{text}: {facts}" if facts else text
