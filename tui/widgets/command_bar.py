"""The footer: the keys of the commands at hand, page by page, each a button for the mouse."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final

from rich.segment import Segment
from textual import events
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from tui.keys.command import Command
from tui.keys.footer import FooterEntry, footer_entries, footer_pages

ALWAYS: Final = ("more", "help", "quit")
"""The words that stand on every page."""


class CommandBar(Widget, can_focus=False):
    """Shows the commands that have a word in the footer, or what could complete a line."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"command-bar--key"}
    ALLOW_SELECT = False

    page: reactive[int] = reactive(0)
    offered: reactive[str] = reactive("")
    """What could complete the line that is typed, instead of keys."""

    def __init__(self, commands: Iterable[Command]) -> None:
        super().__init__()
        entries = tuple(footer_entries(commands))
        self._entries = tuple(entry for entry in entries if entry.word not in ALWAYS)
        self._always = tuple(entry for entry in entries if entry.word in ALWAYS)

    def turn(self) -> None:
        """Show the next page, after the last the first."""
        self.page = (self.page + 1) % len(self._pages())

    def render_line(self, y: int) -> Strip:
        """Paint the entries of a page."""
        base = self.rich_style
        key = self.get_component_rich_style("command-bar--key")
        if self.offered:
            return Strip([Segment(f" {self.offered}", base)]).adjust_cell_length(
                self.size.width, base
            )
        segments: list[Segment] = []
        for entry in self._shown():
            segments += [Segment(f" {entry.keys}", key), Segment(f" {entry.word}", base)]
        return Strip(segments).adjust_cell_length(self.size.width, base)

    async def on_click(self, event: events.Click) -> None:
        """Do the command that was clicked."""
        start = 0
        for entry in self._shown():
            if start <= event.x < start + entry.width:
                action = (
                    entry.action if entry.action.startswith("app.") else f"screen.{entry.action}"
                )
                await self.run_action(action)
                return
            start += entry.width

    def _shown(self) -> tuple[FooterEntry, ...]:
        pages = self._pages()
        return pages[self.page % len(pages)]

    def _pages(self) -> tuple[tuple[FooterEntry, ...], ...]:
        every = (*self._entries, *self._always)
        if sum(entry.width for entry in every) <= self.size.width:
            return (every,)
        return footer_pages(self._entries, self._always, self.size.width)
