"""The tour: a presenter's way through a scenario, note by note."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult

from engine.explorer.limits import Limits
from engine.timeline import Timeline
from tui.keys import TOUR, Command
from tui.presenters.runs import Notes, Run
from tui.presenters.tour import Page, next_page, page_at, pages, previous_page, whereabouts
from tui.screens.commands import bindings
from tui.screens.debugger import DebuggerScreen
from tui.widgets.board import Board


class TourScreen(DebuggerScreen):
    """Shows each note large, with the debugger below it at the note's step."""

    BINDINGS = bindings(TOUR)
    commands: ClassVar[tuple[Command, ...]] = TOUR
    tells_verdict: ClassVar[bool] = False

    def __init__(self, run: Run, teaches: str, limits: Limits | None = None) -> None:
        super().__init__(run, limits)
        self._teaches = teaches
        self._board = Board()
        self._pages: tuple[Page, ...] = ()
        self._page = 0

    def compose_story(self) -> ComposeResult:
        """Yield the board, and what happened in a sentence."""
        yield self._board
        yield from super().compose_story()

    def on_mount(self) -> None:
        """Open the tour where the run is."""
        self._turn_over()

    def watch_timeline(self, before: Timeline | None, timeline: Timeline | None) -> None:
        """Show the page of another step, or of another run."""
        if self.is_mounted and timeline is not None:
            if before is None or before.steps is not timeline.steps:
                self._pages = ()
            self._turn_over()

    def watch_notes(self, notes: Notes) -> None:
        """Take up the notes of another run."""
        self._pages = ()

    def action_next_note(self) -> None:
        """Turn to the next page."""
        there = next_page(self._pages, self.here.cursor, self._page)
        self._turn_to(there, "That was the last page.")

    def action_previous_note(self) -> None:
        """Turn back to the page before."""
        there = previous_page(self._pages, self.here.cursor, self._page)
        self._turn_to(there, "This is the first page.")

    def _turn_to(self, page: int | None, otherwise: str) -> None:
        if page is None:
            self.notify(otherwise, timeout=2)
            return
        self._page = page
        self._seek(self._pages[page].step)
        self._turn_over()

    def _turn_over(self) -> None:
        if not self._pages:
            self._pages, self._page = pages(self.runs.shown, self._teaches), 0
        step = self.here.cursor
        self._page = page_at(self._pages, step, self._page)
        page = self._pages[self._page]
        self._board.say(whereabouts(page, step), page.text)
