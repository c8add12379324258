"""The footer: the keys of the commands at hand, as many as fit, each a button for the mouse."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from tui.keys import Command, FooterEntry, footer_entries


class CommandBar(Widget, can_focus=False):
    """Shows the commands that have a word in the footer."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"command-bar--key"}

    def __init__(self, commands: Iterable[Command]) -> None:
        super().__init__()
        self._entries = tuple(footer_entries(commands))

    def render_line(self, y: int) -> Strip:
        """Paint the entries that fit."""
        base = self.rich_style
        key = self.get_component_rich_style("command-bar--key")
        segments: list[Segment] = []
        for entry, _ in self._placed():
            segments += [Segment(f" {entry.keys}", key), Segment(f" {entry.word}", base)]
        return Strip(segments).adjust_cell_length(self.size.width, base)

    async def on_click(self, event: events.Click) -> None:
        """Do the command that was clicked."""
        for entry, (start, end) in self._placed():
            if start <= event.x < end:
                await self.run_action(f"screen.{entry.action}")

    def _placed(self) -> list[tuple[FooterEntry, tuple[int, int]]]:
        """Return the entries with the columns they take; those that must go, go from the middle.

        The last two, help and quit, stay to the end.
        """
        entries = list(self._entries)
        while len(entries) > 2 and sum(map(_width, entries)) > self.size.width:
            del entries[-3]
        placed = []
        start = 0
        for entry in entries:
            placed.append((entry, (start, start + _width(entry))))
            start += _width(entry)
        return placed


def _width(entry: FooterEntry) -> int:
    return len(entry.keys) + len(entry.word) + 2
