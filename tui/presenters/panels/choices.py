"""What can happen at a step: each event with what it would do, and what could follow it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import attrs

from engine.diagnosis import findings_of
from engine.explorer.prospects.outlook import NoReturn, Outlook, Prospect
from engine.findings import Kind
from engine.judge import observe
from engine.machine.events import Event, event_name
from engine.timeline import Timeline
from engine.transition import Step, enabled, take
from tui.presenters.cells import Cell, Row, Tone, fitted
from tui.presenters.steps.sentence import sentence
from tui.presenters.words import printable

if TYPE_CHECKING:
    from engine.explorer.prospects.prospects import Prospects

FORESEEN: Final = 20_000
"""The states up to which it is worked out what can follow each of them."""
TOO_MANY: Final = f"what can follow is not known: more than {FORESEEN:,} states"

LABEL: Final = 11
FORETOLD: Final = 22
"""The columns of what is found at once, and of what can follow where that is known."""
GIST: Final = 40
"""The columns that a sentence needs before names are set below each other."""

_LABELS: Final = {
    Prospect.SAFE: ("safe", Tone.GOOD),
    Prospect.MAY_BREAK: ("may break", Tone.LATENT),
    Prospect.MUST_BREAK: ("must break", Tone.STALE),
}


@attrs.frozen(eq=False)
class Choices:
    """The events that can happen in a state, and which of them the run takes."""

    events: tuple[Event, ...]
    names: tuple[str, ...]
    taken: int | None
    """The index of the one that comes next in the run."""


def choices(timeline: Timeline) -> Choices:
    """Return what can happen at the cursor."""
    machine = timeline.machine
    events = enabled(machine)
    following = timeline.steps[timeline.cursor : timeline.cursor + 1]
    taken = next((events.index(step.event) for step in following if step.event in events), None)
    return Choices(events, tuple(event_name(machine, each) for each in events), taken)


@attrs.frozen
class Prediction:
    """What a choice leads to: its own step, what is found in it, and what can follow."""

    step: Step
    now: tuple[Kind, ...]
    then: Outlook | None
    """None where that is not known."""

    @property
    def label(self) -> tuple[str, Tone]:
        """What is said of it in a word or two."""
        if self.now:
            return f"{self.now[0].value} now", Tone.STALE
        return ("", Tone.PLAIN) if self.then is None else _LABELS[self.then.prospect]

    @property
    def remark(self) -> str:
        """What the hardware has to do with it, where that is the question."""
        if self.now or self.then is None or self.then.prospect is not Prospect.MAY_BREAK:
            return ""
        match self.then.quiet:
            case Prospect.SAFE:
                return "only if the hardware acts"
            case Prospect.MAY_BREAK:
                return ""
            case Prospect.MUST_BREAK:
                return "must break unless the hardware acts"

    @property
    def brief(self) -> str:
        """All of it in a few words, for a row."""
        match self.then.quiet if self.remark and self.then is not None else None:
            case Prospect.SAFE:
                return "may break with hw"
            case Prospect.MUST_BREAK:
                return "must break without hw"
            case Prospect.MAY_BREAK | None:
                return self.label[0]

    def __str__(self) -> str:
        """Return all of it as a line of text says it."""
        return f"{self.label[0]} ({self.remark})" if self.remark else self.label[0]


def predict(timeline: Timeline, event: Event, known: Prospects | None) -> Prediction:
    """Return what letting an event happen at the cursor leads to."""
    step = take(timeline.machine, event)
    ghost, stale = observe(timeline.ghost, step.effects)
    found = findings_of((step,), (timeline.ghost, ghost), stale)
    then = None if known is None else known.of(step.after, ghost)
    return Prediction(step, tuple(dict.fromkeys(finding.kind for finding in found)), then)


def foreseen_lines(timeline: Timeline, known: Prospects) -> Iterator[str]:
    """Yield what can follow each event that can happen at the cursor."""
    offered = choices(timeline)
    for index, event in enumerate(offered.events):
        taken = ", taken in this run" if index == offered.taken else ""
        prediction = predict(timeline, event, known)
        yield f"{index + 1}: {offered.names[index]}{taken}: {prediction}"


def no_return_lines(found: NoReturn) -> Iterator[str]:
    """Yield from which steps on a run cannot be saved any more."""
    if found.at is not None:
        yield f"no return at step {found.at}: every way on from there must break"
    if found.quiet is not None and found.quiet != found.at:
        yield f"no return at step {found.quiet} unless the hardware acts"
    if found.at is None and found.quiet is None:
        yield "no point of no return in this run"


def choice_row(offered: Choices, index: int, prediction: Prediction, width: int) -> Row:
    """Return one choice as a row: its number, what can follow, its name, what it does."""
    lead = f"{'>' if index == offered.taken else ' '}{index + 1:>{len(str(len(offered.events)))}} "
    label = min(LABEL if prediction.then is None else FORETOLD, max(width - len(lead), 0))
    left = width - len(lead) - label
    widest = max(map(len, offered.names)) + 1
    name = min(widest if left - widest >= GIST else len(offered.names[index]) + 1, left)
    does = sentence(prediction.step)
    if len(does) > left - name:
        does = sentence(prediction.step, brief=True)
    does = does.removeprefix(f"{offered.names[index]} ")
    cells = (
        Cell(lead),
        Cell(fitted(prediction.brief, label), prediction.label[1]),
        Cell(fitted(offered.names[index], name), Tone.STRONG),
        Cell(fitted(printable(does), left - name)),
    )
    return Row(cells, current=index == offered.taken)
