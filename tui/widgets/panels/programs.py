"""The programs, as many as there is room for, the one of who moved last always among them."""

from __future__ import annotations

from typing import Final

from textual.app import ComposeResult
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.widget import Widget

from tui.presenters.layout import Pane
from tui.presenters.panels.guest_program import shown_actors
from tui.session.session import Session
from tui.widgets.panels.listings import ProgramPanel
from tui.widgets.panels.placing import PlacingContainer

NARROWEST: Final = 28
"""The columns that a program needs."""

LOWEST: Final = 6
"""The lines that a program needs."""


class Programs(PlacingContainer):
    """Shows one program panel for each actor that there is room for."""

    session: reactive[Session | None] = reactive(None, repaint=False)

    def __init__(self, actors: int) -> None:
        super().__init__(id=Pane.PROGRAMS.value)
        self._placed = True
        self.panels: Final = tuple(ProgramPanel(place) for place in range(actors))
        self._room = 1

    def compose(self) -> ComposeResult:
        """Yield a panel for each actor; those without room have no place."""
        yield from self.panels

    @property
    def placed(self) -> bool:
        """It has a place on the screen; else none of its panels has one."""
        return self._placed

    @placed.setter
    def placed(self, placed: bool) -> None:
        self._placed = placed
        self._show()

    def regions(self, size: Size) -> list[tuple[Widget, Region]]:
        """Return where the panels lie: beside each other, or below where more fit there."""
        width, height = size
        beside, below = width // NARROWEST, height // LOWEST
        stacked = beside < min(below, len(self.panels))
        self._room = max(1, min(len(self.panels), max(beside, below)))
        self._show()
        edges = [(height if stacked else width) * place // self._room for place in self._places]
        return [
            (
                panel,
                Region(0, start, width, stop - start)
                if stacked
                else Region(start, 0, stop - start, height),
            )
            for panel, start, stop in zip(self.panels, edges, edges[1:], strict=False)
        ]

    def watch_session(self) -> None:
        """Show the programs at another step."""
        self._show()

    @property
    def _places(self) -> range:
        return range(self._room + 1)

    def _show(self) -> None:
        """Give each place its actor: who moved last has one."""
        if self.session is None:
            return
        room = self._room
        shown = shown_actors(self.session.timeline, room)
        for place, panel in enumerate(self.panels):
            if self._room != room:
                # What a panel asks of its size can have had all of them placed, and shown, anew.
                return
            panel.placed = self._placed and place < room
            if panel.placed:
                panel.follow(shown[place], self.session)
