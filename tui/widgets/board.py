"""A board above the panels: a few words that matter more than all else."""

from __future__ import annotations

from typing import Final

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from tui.presenters.large_letters import large_lines

LOWEST: Final = 32
"""The lines of a terminal from which on its own letters are too small for an audience."""
SHARE: Final = 0.5
"""How much of the screen's height large letters may take."""


class Board(VerticalScroll, can_focus=False):
    """Shows where one is, and what is to be said there.

    On a small terminal its own letters are the large ones; on a large one they are drawn, as
    long as that leaves half of the screen to the panels.
    """

    def __init__(self) -> None:
        super().__init__(id="board")
        self._words = ""
        self._where = Static(id="board-where", markup=False)
        self._text = Static(id="board-text", markup=False)

    def compose(self) -> ComposeResult:
        """Yield the place and the text."""
        yield self._where
        yield self._text

    def say(self, where: str, text: str) -> None:
        """Show other words, from their beginning."""
        self._words = text
        self._where.update(where)
        self._write()
        self.scroll_home(animate=False)

    def on_resize(self, event: events.Resize) -> None:
        """Choose the letters that fit another size."""
        self._write()

    def _write(self) -> None:
        height, width = self.screen.size.height, self.scrollable_content_region.width
        drawn = large_lines(self._words, width) if height >= LOWEST and width else ()
        fits = 0 < len(drawn) <= height * SHARE
        self._text.update("\n".join(drawn) if fits else self._words)
