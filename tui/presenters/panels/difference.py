"""What the last step changed: the difference between what two immutable states show."""

from __future__ import annotations

from collections.abc import Callable

import attrs

from engine.judge import Ghost
from engine.machine.state import Machine
from engine.timeline import Timeline
from tui.presenters.cells import SIGN, Cell, Row, Rows


@attrs.frozen
class Moment:
    """The machine and what the judge knows, before the first step or after any."""

    machine: Machine
    ghost: Ghost


def moment(timeline: Timeline) -> Moment:
    """Return the moment at the cursor."""
    return Moment(timeline.machine, timeline.ghost)


def moment_before(timeline: Timeline) -> Moment:
    """Return the moment before the step at the cursor; at the start, the start itself."""
    step = timeline.step
    if step is None:
        return moment(timeline)
    return Moment(step.before, timeline.ghosts[timeline.cursor - 1])


def with_changes(timeline: Timeline, show: Callable[[Moment], Rows]) -> Rows:
    """Return what `show` makes of the moment at the cursor, with what the step changed marked.

    `show` must give rows of the same shape for every moment of a timeline.
    """
    before, after = show(moment_before(timeline)), show(moment(timeline))
    return tuple(_marked(old, new) for old, new in zip(before, after, strict=True))


def _marked(before: Row, after: Row) -> Row:
    if before.cells == after.cells:
        return after
    return attrs.evolve(after, cells=tuple(map(_mark, before.cells, after.cells)))


def _mark(before: Cell, after: Cell) -> Cell:
    if before.text == after.text:
        return after
    signed = SIGN + after.text[1:] if after.text.startswith(" ") else after.text
    return attrs.evolve(after, text=signed, changed=True)
