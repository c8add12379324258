"""Rows: what a panel shows, as words with the tone in which each is said."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, unique
from textwrap import wrap
from typing import Final, TypeAlias

import attrs


@unique
class Tone(Enum):
    """What a cell means; the stylesheet gives each a colour, its words say the same without."""

    PLAIN = "plain"
    FAINT = "faint"
    """What is not now: a step to come, a vCPU that is off."""
    STRONG = "strong"
    GUEST = "guest"
    KVM = "kvm"
    HARDWARE = "hardware"
    GOOD = "good"
    LATENT = "latent"
    """A copy older than the newest version, which nobody can read yet who may not."""
    STALE = "stale"
    SKIPPED = "skipped"


@attrs.frozen
class Cell:
    """A stretch of a row; one whose text begins with a blank keeps it for the sign of change."""

    text: str
    tone: Tone = Tone.PLAIN
    changed: bool = False
    """The last step changed it."""
    current: bool = False
    """It stands for the step at hand."""
    asks: str = ""
    """The value that it shows, as `why` is asked for it; empty where it is none."""


@attrs.frozen
class Row:
    """One row of a panel, from left to right."""

    cells: tuple[Cell, ...]
    step: int | None = None
    """The step that a click on it goes to."""
    current: bool = False
    """It stands for the step or the line at hand."""

    @property
    def text(self) -> str:
        """The row without its tones."""
        return "".join(cell.text for cell in self.cells)

    def with_current(self, at: int) -> Row:
        """Return the row with one of its cells marked as the one at hand."""
        cells = (
            *self.cells[:at],
            attrs.evolve(self.cells[at], current=True),
            *self.cells[at + 1 :],
        )
        return attrs.evolve(self, cells=cells)

    def asks_at(self, column: int) -> str:
        """Return what the cell at a column asks for, empty where none does."""
        for each in self.cells:
            column -= len(each.text)
            if column < 0:
                return each.asks
        return ""


Rows: TypeAlias = tuple[Row, ...]

NARROWEST: Final = 10
"""The columns below which text is not wrapped any more."""
SIGN: Final = "*"
"""Marks what the last step changed, where colours are not to be had."""


@attrs.frozen
class Table:
    """A header and the rows below it."""

    header: str
    rows: Rows


@attrs.frozen
class Said:
    """A line of words, and its tone."""

    text: str
    tone: Tone = Tone.PLAIN


def fitted(text: str, width: int) -> str:
    """Return text cut or padded to a width in columns; a cut shows as an ellipsis."""
    if len(text) <= width:
        return text.ljust(width)
    return text[: width - 1] + "…" if width > 0 else ""


def as_many_as_fit(words: Sequence[str], width: int) -> str:
    """Return words on one line of a width in columns, and how many more there are."""
    for count in range(len(words), 0, -1):
        left = len(words) - count
        text = "  ".join(words[:count]) + (f"  … {left} more" if left else "")
        if len(text) <= width:
            return text
    return f"… {len(words)}" if words else ""


def wrapped(text: str, width: int, most: int | None = None) -> tuple[str, ...]:
    """Return text on lines of a width in columns, `most` at most; a cut shows as an ellipsis."""
    return tuple(
        wrap(
            text,
            max(width, NARROWEST),
            max_lines=most,
            placeholder=" …",
            break_on_hyphens=False,
        )
    )


def cell(text: str, width: int, tone: Tone = Tone.PLAIN, asks: str = "") -> Cell:
    """Return a cell that is `width` wide, its first column kept for the sign of change."""
    return Cell(" " + fitted(text, width - 1), tone, asks=asks)
