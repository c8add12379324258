"""The programs, as many as there is room for, the one of who moved last always among them."""

from __future__ import annotations

from typing import Final

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.reactive import reactive

from engine.timeline import Timeline
from tui.presenters.guest_program import shown_actors
from tui.widgets.program_panel import ProgramPanel

NARROWEST: Final = 28
"""The columns that a program needs."""

LOWEST: Final = 6
"""The lines that a program needs."""


class Programs(Container):
    """Shows one program panel for each actor that there is room for."""

    timeline: reactive[Timeline | None] = reactive(None, repaint=False)

    def __init__(self, actors: int, *, id: str) -> None:
        super().__init__(id=id)
        self._panels = tuple(ProgramPanel() for _ in range(actors))

    def compose(self) -> ComposeResult:
        """Yield a panel for each actor; those without room stay hidden."""
        yield from self._panels

    def on_resize(self, event: events.Resize) -> None:
        """Show as many programs as fit the new size."""
        self._place()

    def watch_timeline(self) -> None:
        """Show the programs at another step."""
        self._place()

    def _place(self) -> None:
        if self.timeline is None or self.size.width < 1:
            return
        beside, below = self.size.width // NARROWEST, self.size.height // LOWEST
        self.set_class(beside < min(below, len(self._panels)), "-stacked")
        room = max(1, min(len(self._panels), max(beside, below)))
        shown = shown_actors(self.timeline, room)
        for place, panel in enumerate(self._panels):
            panel.display = place < room
            if place < room:
                panel.set_reactive(ProgramPanel.actor, shown[place])
                panel.timeline = self.timeline
                panel.watch_timeline(self.timeline)
