"""The ruler above the lanes: findings, the point of no return, bookmarks, stops, and the cursor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum, unique
from typing import Final

from engine.findings import Kind, Lead, Role, roles
from engine.timeline import Timeline
from tui.presenters.cells import Cell, Row, Tone
from tui.presenters.scrubber.lanes import LABEL
from tui.presenters.scrubber.scale import Scale

CURSOR: Final = "▼"


@unique
class RulerMark(IntEnum):
    """What the ruler says of a step, from what matters least to what matters most."""

    STOP = 1
    NO_RETURN_QUIET = 2
    BOOKMARK = 3
    NO_RETURN = 4
    CAUSE = 5
    EXACT = 6
    FINDING = 7


LETTERS: Final[Mapping[RulerMark, tuple[str, Tone]]] = {
    RulerMark.STOP: ("b", Tone.PLAIN),
    RulerMark.NO_RETURN_QUIET: ("n", Tone.LATENT),
    RulerMark.BOOKMARK: ("*", Tone.STRONG),
    RulerMark.NO_RETURN: ("N", Tone.STALE),
    RulerMark.CAUSE: ("C", Tone.SKIPPED),
    RulerMark.EXACT: ("E", Tone.STALE),
    RulerMark.FINDING: ("!", Tone.STALE),
}
MEANINGS: Final = (
    ("▼", "the step at hand"),
    ("C E !", "a finding's cause, its exact step, the finding"),
    ("n N", "no return: only the hardware can still save it; nothing can"),
    ("* b", "a bookmark; a breakpoint or watch stops here"),
)
"""The letters above the lanes, and what they mean."""

Marks = Mapping[int, RulerMark]
"""By step."""


def finding_marks(timeline: Timeline) -> dict[int, RulerMark]:
    """Return the steps that findings speak of."""
    return {step: max(map(_mark, parts)) for step, parts in roles(timeline.findings).items()}


def _mark(role: Role) -> RulerMark:
    match role:
        case Lead.CAUSE:
            return RulerMark.CAUSE
        case Lead.EXACT_STEP:
            return RulerMark.EXACT
        case Kind():
            return RulerMark.FINDING


def put(marks: dict[int, RulerMark], steps: Iterable[int], mark: RulerMark) -> None:
    """Mark steps, where nothing is that matters more."""
    for step in steps:
        marks[step] = max(mark, marks.get(step, mark))


def by_column(marks: Marks, scale: Scale) -> dict[int, RulerMark]:
    """Return what matters most in each column that has a mark."""
    columns: dict[int, RulerMark] = {}
    for step, mark in marks.items():
        put(columns, (scale.columns(step).start,), mark)
    return columns


def ruler_row(columns: Mapping[int, RulerMark], scale: Scale, cursor: int) -> Row:
    """Return the ruler with the cursor in it."""
    here = scale.columns(cursor).start
    cells = [Cell(" step".ljust(LABEL), Tone.FAINT)]
    end = 0
    for column in sorted({*columns, here}):
        letter, tone = (CURSOR, Tone.STRONG) if column == here else LETTERS[columns[column]]
        cells += [Cell(" " * (column - end)), Cell(letter, tone)]
        end = column + 1
    return Row(tuple(cells))
