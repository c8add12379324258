"""A listing: lines of a source, with who is where in it and what was decided there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import attrs

from tui.presenters.cells import SIGN, Cell, Row, Tone, fitted

GUTTER: Final = 4
"""The columns before a line: sign of change, whose next statement it is, arrow, breakpoint."""


@attrs.frozen
class Mark:
    """What is to be said about one line of a listing."""

    who: str = ""
    """Who is here next: digits of vCPUs or a letter; empty where nobody is."""
    executed: bool = False
    """The last step executed it."""
    notes: tuple[str, ...] = ()
    """A remark, in versions from the longest to the shortest; the first that fits is shown."""
    note_tone: Tone = Tone.PLAIN


@attrs.frozen
class Listing:
    """Lines with the marks on some of them, and those to keep in sight."""

    title: str
    lines: tuple[str, ...]
    marks: Mapping[int, Mark] = attrs.field(factory=dict)
    """By index of the line."""
    focus: tuple[int, int] = (0, 0)
    """The first and the last of the lines to keep in sight, the first above all."""
    comments: frozenset[int] = frozenset()
    """The lines that are comments."""
    numbers: tuple[str, ...] = ()
    """What each line is called where it comes from, all of one width; none: not shown."""
    stops: tuple[str, ...] = ()
    """Per line, the place to stop at there, as `break` is told of it; empty where there is none."""

    def in_sight(self, rows: int) -> tuple[int, int]:
        """Return the lines to keep in sight among `rows`: with the one just run if all fit."""
        ran = [index for index, mark in self.marks.items() if mark.executed]
        first, last = min(*ran, *self.focus), max(*ran, *self.focus)
        return (first, last) if last - first < rows else self.focus

    def stop(self, index: int) -> str:
        """Return the place to stop at on a line, empty where there is none."""
        return self.stops[index] if index < len(self.stops) else ""

    def row(self, index: int, width: int, stop: str = " ") -> Row:
        """Return one line as a row, its note at the right end if it has one.

        `stop` is the sign of a breakpoint on the line.
        """
        text = self.lines[index]
        mark = self.marks.get(index)
        number = f"{self.numbers[index]} " if self.numbers else ""
        width -= len(number)
        if mark is None:
            tone = Tone.FAINT if index in self.comments else Tone.PLAIN
            shown = Cell(fitted(text, width - GUTTER), tone)
            return Row((Cell(f"{'':{GUTTER - 1}}{stop}", Tone.STRONG), *_faint(number), shown))
        gutter = f"{_lead(mark)}{stop}"
        room = width - GUTTER
        tone = Tone.STRONG if mark.who else Tone.PLAIN
        note = _note(mark.notes, room - len(text.rstrip()))
        cells = (
            Cell(gutter, Tone.STRONG, mark.executed),
            *_faint(number),
            Cell(fitted(text, room - len(note)), tone, mark.executed),
            Cell(note, mark.note_tone),
        )
        return Row(cells, current=bool(mark.who))


def comment_lines(lines: Iterable[str]) -> frozenset[int]:
    """Return the lines that hold nothing but a comment, in C or in assembly."""
    found: list[int] = []
    inside = False
    for index, line in enumerate(lines):
        text = line.strip()
        inside = inside or text.startswith("/*")
        if inside or text.startswith("//"):
            found.append(index)
        inside = inside and "*/" not in text
    return frozenset(found)


def _lead(mark: Mark) -> str:
    """Return the gutter but for breakpoints; where two are here, the arrow gives way to a sign."""
    arrow = f"{mark.who}>" if mark.who else ""
    lead = f"{SIGN if mark.executed else ' '}{arrow:>{GUTTER - 2}}"
    return lead[: GUTTER - 1] if mark.executed else lead[1 - GUTTER :]


def _faint(number: str) -> tuple[Cell, ...]:
    return (Cell(number, Tone.FAINT),) if number else ()


def _note(notes: tuple[str, ...], room: int) -> str:
    if not notes:
        return ""
    fitting = (note for note in notes if len(note) < room)
    return f" {next(fitting, notes[-1])}"
