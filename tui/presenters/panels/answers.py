"""An answer to why: lines that each go to a step, as rows."""

from __future__ import annotations

from textwrap import wrap
from typing import Final

import attrs

from tui.presenters.cells import Cell, Row, Rows, Tone
from tui.presenters.key_names import KeyNames


@attrs.frozen
class WhyLine:
    """One line of the answer."""

    step: int | None
    """The step that the line goes to, None for the start."""
    text: str

    def __str__(self) -> str:
        """Return the line with its step in front."""
        return f"{'start' if self.step is None else f'step {self.step}'}: {self.text}"


@attrs.frozen
class Answer:
    """What was asked, and the lines that answer it."""

    question: str
    lines: tuple[WhyLine, ...]


NOTHING_ASKED: Final = (
    "Nothing has been asked yet. Click a value, or choose one ({focus}, arrows) and press {why}: "
    "where it comes from is said here, and each line goes to its step."
)


def how_to_ask(keys: KeyNames, width: int) -> Rows:
    """Return what stands there before anything is asked."""
    lines = wrap(keys.fill(NOTHING_ASKED), width - 2)
    return tuple(Row((Cell(f" {line}", Tone.FAINT),)) for line in lines)


def answer_rows(answer: Answer, cursor: int, width: int) -> Rows:
    """Return an answer as rows that go to their steps, long lines wrapped."""
    size = max(len(_at(line)) for line in answer.lines)
    rows: list[Row] = []
    for line in answer.lines:
        first, *more = wrap(line.text, max(width - size - 3, 10)) or [""]
        step = line.step or 0
        now = step == cursor
        lead = Cell(f"{'>' if now else ' '}{_at(line):>{size}}  ", Tone.FAINT)
        rows.append(Row((lead, Cell(first)), step=step, current=now))
        rows += [Row((Cell(" " * (size + 3)), Cell(text)), step=step, current=now) for text in more]
    return tuple(rows)


def _at(line: WhyLine) -> str:
    return "start" if line.step is None else str(line.step)
