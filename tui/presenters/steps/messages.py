"""Steps as messages: between vCPUs, VMM and KVM, to the caches and to RAM, and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

import attrs

from engine.machine.actors import VMM, Actor, actor_name
from engine.machine.effects import (
    AccessFailed,
    ConditionDecided,
    Copy,
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
from tui.presenters.steps.accesses import departure
from tui.presenters.steps.labels import label
from tui.presenters.words import (
    code,
    counted,
    line_values,
    number,
    register,
    truth,
    walk_name,
)

VMM_NAME: Final = "VMM"
KVM: Final = "KVM"
CACHES: Final = "caches"
RAM: Final = "RAM"

ALIASES: Final[Mapping[str, str]] = {CACHES: "the caches"}


@attrs.frozen
class Message:
    """One participant does something to another, or to itself."""

    source: str
    target: str
    text: str
    answers: bool = False
    """It gives back what the other asked for."""

    @property
    def names(self) -> tuple[str, ...]:
        """The participants."""
        return self.source, self.target


@attrs.frozen
class Remark:
    """A remark beside one participant, or across all of them."""

    names: tuple[str, ...]
    text: str


Item: TypeAlias = Message | Remark


def messages(step: Step) -> tuple[Item, ...]:
    """Return what a step did as messages, one at least."""
    found = tuple(item for effect in step.effects for item in _items(step, effect))
    if found:
        return found
    actor = event_actor(step.event)
    text = label(step).strip()
    return (
        Remark((), text)
        if actor is None
        else Message(participant(actor), participant(actor), text),
    )


def participant(actor: Actor) -> str:
    """Return an actor as the diagram names it."""
    return VMM_NAME if actor == VMM else actor_name(actor)


def _items(step: Step, effect: Effect) -> Iterator[Item]:
    layout = step.after.setup.layout
    match effect:
        case Loaded(actor, word, version, _, copy):
            text = f"load: {layout.words[word].name} = {number(version.value)}"
            yield Message(_copy(copy), participant(actor), text, answers=True)
        case Stored(actor, word, version, _, copy):
            text = f"store: {layout.words[word].name} = {number(version.value)}"
            yield Message(participant(actor), _copy(copy), text)
        case Filled(line, pcpu, speculative):
            how = "speculative fill" if speculative else "fill"
            before = step.before.lines[line]
            values = line_values(layout, line, before.cached or before.ram)
            origin = RAM if before.cached is None else CACHES
            yield Message(origin, CACHES, f"{how} on pcpu{pcpu}: {values}", answers=True)
        case Evicted(line):
            yield Message(CACHES, CACHES, f"eviction: {_departure(step, line)}")
        case WrittenBack(line):
            values = line_values(layout, line, step.after.lines[line].ram)
            yield Message(CACHES, RAM, f"write-back: {values}")
        case Maintained(actor, line, operation):
            text = f"dc {operation.value} {layout.line_name(line)}: {_departure(step, line)}"
            yield Message(participant(actor), CACHES, text)
        case LineFlushed(_, _, line):
            text = f"clean+invalidate {layout.line_name(line)}: {_departure(step, line)}"
            yield Message(KVM, CACHES, text)
        case Trapped(vcpu):
            yield Message(participant(vcpu), KVM, label(step).strip())
        case RegisterWritten(vcpu, name, _, after, trapped):
            text = f"{register(name)} = {number(after)}"
            writer = KVM if trapped else participant(_mover(step))
            yield Message(writer, participant(vcpu), text if trapped else f"{text}, no trap")
        case ConditionDecided(text=text, outcome=outcome):
            yield Message(KVM, KVM, f"{code(text)}: {truth(outcome)}")
        case FlushSkipped(vcpu):
            yield Message(KVM, KVM, f"flush SKIPPED for {participant(vcpu)}")
        case FlushBegun(actor, purpose, lines):
            text = f"{walk_name(purpose)} for {participant(actor)}, {counted(lines, 'line')}"
            yield Message(KVM, KVM, text)
        case FlushEnded(_, purpose):
            yield Message(KVM, KVM, f"{walk_name(purpose)} ends")
        case ReturnedToGuest(vcpu):
            yield Message(KVM, participant(vcpu), "return to guest", answers=True)
        case FaultTaken(vcpu):
            yield Message(participant(vcpu), KVM, label(step).strip())
        case PoweredOn(vcpu, by):
            yield Message(participant(by), participant(vcpu), f"{participant(vcpu)} on")
        case PoweredOff(vcpu, by):
            yield Message(participant(by), participant(vcpu), f"{participant(vcpu)} off")
        case VcpuInitialised(vcpu):
            yield Message(KVM, participant(vcpu), "KVM_ARM_VCPU_INIT: reset")
        case Kicked(vcpu):
            yield Message(participant(vcpu), VMM_NAME, "kick")
        case KickNoticed(vcpu):
            yield Message(VMM_NAME, VMM_NAME, f"notices the kick of {participant(vcpu)}")
        case InterruptInjected(vcpu):
            yield Message(VMM_NAME, participant(vcpu), "interrupt")
        case InterruptTaken(vcpu):
            yield Message(participant(vcpu), participant(vcpu), "takes the interrupt")
        case PageMapped(page):
            yield Message(KVM, KVM, f"page {layout.page_name(page)} mapped")
        case Stage2Unmapped():
            yield Message(KVM, KVM, "stage 2 unmapped")
        case AccessFailed(actor, address):
            yield Message(participant(actor), participant(actor), f"no word at {address:#x}")
        case FetchFailed(actor):
            yield Message(participant(actor), participant(actor), "no instruction there")
        case Invalidated() | HcrWritten() | TvmCleared() | TvmArmed() | StatementExecuted():
            pass


def _mover(step: Step) -> Actor:
    actor = event_actor(step.event)
    assert actor is not None
    return actor


def _copy(copy: Copy) -> str:
    match copy:
        case Copy.RAM:
            return RAM
        case Copy.CACHE:
            return CACHES


def _departure(step: Step, line: int) -> str:
    before, after = step.before.lines[line], step.after.lines[line]
    return departure(step.after.setup.layout, line, before, after)
