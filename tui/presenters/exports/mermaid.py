"""A run as a Mermaid sequence diagram: who sends what to whom, with notes where it goes wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Final

import attrs

from engine.findings import Finding, Kind
from engine.machine.events import event_actor
from engine.timeline import Timeline
from engine.transition import Step
from tui.presenters.exports.brief import lane_of, lane_order
from tui.presenters.exports.story import Story
from tui.presenters.reports.plain import printable
from tui.presenters.steps.account import (
    CACHES,
    KVM,
    RAM,
    VMM_NAME,
    Item,
    Message,
    Remark,
    participant,
)
from tui.presenters.steps.labels import label
from tui.presenters.steps.sentence import sentence
from tui.presenters.steps.told import accounts
from tui.presenters.words import counted, listed, who

_ESCAPED: Final = {
    character: f"#{name};"
    for character, name in (
        *(("#", "35"), (";", "59"), ('"', "quot"), ("<", "lt"), (">", "gt"), ("&", "amp")),
        *(("%", "37"), ("$", "36"), ("`", "96"), ("\\", "92")),
    )
}

ALIASES: Final[Mapping[str, str]] = {CACHES: "the caches"}

_BREAK: Final = "<br/>"
_WIDEST: Final = 48
"""Longer texts are broken, since Mermaid would make the diagram as wide as they are."""


@attrs.frozen
class _Drawn:
    """What is drawn, in order, and who takes part."""

    items: tuple[Item, ...]

    @property
    def participants(self) -> tuple[str, ...]:
        names = {name for item in self.items for name in item.names}
        vcpus = sorted(int(name[4:]) for name in names if name.startswith("vcpu"))
        others = (name for name in (VMM_NAME, KVM, CACHES, RAM) if name in names)
        return (*(f"vcpu{vcpu}" for vcpu in vcpus), *others)


def diagram(timeline: Timeline, story: Story) -> Iterator[str]:
    """Yield the lines of the diagram, without the fence around it."""
    drawn = _Drawn(tuple(_items(timeline, story)))
    participants = drawn.participants
    yield "sequenceDiagram"
    for name in participants:
        alias = ALIASES.get(name)
        yield f"    participant {name}" + (f" as {alias}" if alias else "")
    for item in drawn.items:
        yield f"    {_line(item, participants)}"


def escaped(text: str) -> str:
    """Return text with what Mermaid would read as its own as entity codes."""
    return "".join(_ESCAPED.get(character, character) for character in printable(text))


def _items(timeline: Timeline, story: Story) -> Iterator[Item]:
    for number, gap in zip((*story.told, None), story.gaps, strict=True):
        if gap:
            yield Remark((), _left_out(timeline, gap))
        if number is None:
            continue
        step = timeline.steps[number - 1]
        for place, item in enumerate(messages(step)):
            text = item.text if place else f"{number}. {item.text}"
            yield attrs.evolve(item, text=text)
        for finding in story.findings:
            yield from _notes(timeline, finding, number)


def _notes(timeline: Timeline, finding: Finding, number: int) -> Iterator[Remark]:
    """Yield notes where a finding has its cause, its exact step and itself."""
    step = timeline.steps[number - 1]
    mover = event_actor(step.event)
    names = () if mover is None else (participant(mover),)
    if finding.cause == number:
        yield Remark(names, f"CAUSE, step {number}: {sentence(step)}")
    own = () if finding.actor is None else (participant(finding.actor),)
    if finding.exact == number:
        assert finding.actor is not None
        what = f"{who(finding.actor)} sees a stale {_word(timeline, finding)}"
        yield Remark(own, f"EXACT STEP {number}: from here on {what}")
    if finding.step == number:
        match finding.kind:
            case Kind.STALE:
                text = f"STALE, step {number}: {sentence(step)}"
            case Kind.LOST:
                text = f"LOST, step {number}: the newest {_word(timeline, finding)} is nowhere"
            case Kind.STUCK:
                text = f"STUCK, step {number}: in KVM for ever"
            case Kind.FAULT:
                text = f"FAULT, step {number}: {sentence(step)}"
        yield Remark(own, text)


def _word(timeline: Timeline, finding: Finding) -> str:
    assert finding.word is not None
    return timeline.initial.setup.layout.words[finding.word].name


def _left_out(timeline: Timeline, gap: range) -> str:
    counts = Counter(lane_of(timeline.steps[number - 1]) for number in gap)
    lanes = lane_order(set(counts), len(timeline.initial.vcpus))
    return f"{counted(len(gap), 'step')} of {listed(lanes)} left out"


def _line(item: Item, participants: Sequence[str]) -> str:
    text = _BREAK.join(map(escaped, wrap(printable(item.text), _WIDEST)))
    match item:
        case Message(source, target, _, answers):
            return f"{source}{'-->>' if answers else '->>'}{target}: {text}"
        case Remark(names):
            over = names or (participants[0], participants[-1])
            return f"Note over {','.join(dict.fromkeys(over))}: {text}"


def messages(step: Step) -> tuple[Item, ...]:
    """Return what a step did between vCPUs, VMM and KVM, caches and RAM: one message at least."""
    text = label(step).strip()
    found = tuple(item for one in accounts(step) for item in one.messages(text))
    if found:
        return found
    actor = event_actor(step.event)
    return (
        Remark((), text)
        if actor is None
        else Message(participant(actor), participant(actor), text),
    )
