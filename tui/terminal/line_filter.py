"""The last look at every line of the screen: nothing in it may steer the terminal."""

from __future__ import annotations

from typing import Final

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from tui.presenters.reports.plain import is_shown

_INSTEAD: Final = "\N{REPLACEMENT CHARACTER}"


class Printable(LineFilter):
    """Replaces what a terminal would obey instead of showing it; columns stay columns."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return a line's segments without such characters."""
        if all(segment.text.isprintable() for segment in segments):
            return segments
        return [
            Segment("".join(map(_shown, segment.text)), segment.style, segment.control)
            for segment in segments
        ]


def _shown(character: str) -> str:
    if is_shown(character):
        return character
    return _INSTEAD * cell_len(character)
