"""Steps drawn as kernel commit messages draw races: a column for each who moves, time downwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Final

import attrs

from engine.timeline import Timeline
from tui.presenters.ascii_text import wrapped
from tui.presenters.exports.brief import brief, lane_of, lane_order
from tui.presenters.exports.story import Story
from tui.presenters.words import counted

NARROWEST: Final = 20
"""Lanes that would be narrower are not drawn: the steps are listed instead."""
_GAP: Final = "  "


@attrs.frozen
class _Entry:
    """What is drawn at one place: a step, or, without a number, how many are left out."""

    number: int | None
    texts: tuple[tuple[str, str], ...]
    """Lanes, with what stands there."""
    marks: tuple[str, ...] = ()


def drawn(timeline: Timeline, story: Story, width: int) -> Iterator[str]:
    """Yield the told steps as lanes, or as a list where the lanes would be too narrow."""
    entries = tuple(_entries(timeline, story))
    lanes = lane_order(
        {lane for entry in entries if entry.number is not None for lane, _ in entry.texts},
        len(timeline.initial.vcpus),
    )
    size = max(3, len(str(len(timeline.steps))))
    room = width - size - len(_GAP)
    lane = (room + len(_GAP)) // max(len(lanes), 1) - len(_GAP)
    if lane >= NARROWEST:
        yield from _as_lanes(entries, lanes, size, lane)
    else:
        yield from _as_list(entries, max(map(len, lanes)), size, width)


def _entries(timeline: Timeline, story: Story) -> Iterator[_Entry]:
    for number, gap in zip((*story.told, None), story.gaps, strict=True):
        if gap:
            counts = Counter(lane_of(timeline.steps[each - 1]) for each in gap)
            texts = ((lane, f"[{counted(count, 'step')}]") for lane, count in counts.items())
            yield _Entry(None, tuple(texts))
        if number is not None:
            text = brief(timeline, number, story.findings)
            lane = lane_of(timeline.steps[number - 1])
            marks = tuple(f"<== {role}" for role in story.roles.get(number, ()))
            yield _Entry(number, ((lane, text),), marks)


def _as_lanes(
    entries: Sequence[_Entry], lanes: Sequence[str], size: int, width: int
) -> Iterator[str]:
    blank = " " * size
    yield _row(blank, lanes, width)
    yield _row(blank, ["-" * len(lane) for lane in lanes], width)
    for entry in entries:
        texts = dict(entry.texts)
        cells = [_cell(texts.get(lane), entry.marks, width) for lane in lanes]
        if not any(cells):
            continue
        number = blank if entry.number is None else f"{entry.number:>{size}}"
        for row in zip_longest(*cells, fillvalue=""):
            yield _row(number, row, width)
            number = blank


def _cell(text: str | None, marks: tuple[str, ...], width: int) -> tuple[str, ...]:
    if text is None:
        return ()
    indent = "  " if text.startswith("  ") else ""
    lines = wrapped(text, width, indent, f"{indent}  ")
    return (*lines, *(f"{indent}{mark}" for mark in marks))


def _row(number: str, cells: Sequence[str], width: int) -> str:
    return _GAP.join((number, *(f"{cell:<{width}}" for cell in cells))).rstrip()


def _as_list(entries: Sequence[_Entry], name: int, size: int, width: int) -> Iterator[str]:
    for entry in entries:
        if entry.number is None:
            who = ", ".join(f"{text[1:-1]} of {lane}" for lane, text in entry.texts)
            yield from wrapped(f"[{who}]", width, " " * (size + 2), " " * (size + 3))
            continue
        ((lane, text),) = entry.texts
        lead = f"{entry.number:>{size}}  {lane:<{name}}  "
        indent = "  " if text.startswith("  ") else ""
        hang = " " * len(lead) + indent + "  "
        *most, last = wrapped(text, width, lead + indent, hang)
        yield from most
        for mark in entry.marks:
            if len(last) + 1 + len(mark) > width:
                yield last
                last = hang + mark
            else:
                last = f"{last} {mark}"
        yield last
