"""The tour: a presenter's way through a scenario, note by note."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult

from engine.explorer.limits import Limits
from tui.keys.command import Command
from tui.presenters.layout import Arrangement
from tui.presenters.tour import Page, next_page, page_at, pages, previous_page, whereabouts
from tui.screens.debugger import DebuggerScreen
from tui.session.session import Session
from tui.widgets.board import Board


class TourScreen(DebuggerScreen):
    """Shows each note large, with the debugger below it at the note's step."""

    tells_verdict: ClassVar[bool] = False

    def __init__(
        self,
        session: Session,
        commands: Iterable[Command],
        limits: Limits | None = None,
        arrangement: Arrangement | None = None,
    ) -> None:
        super().__init__(session, commands, limits, arrangement)
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

    def watch_session(self, before: Session | None, session: Session | None) -> None:
        """Show the page of another step, or of another run."""
        super().watch_session(before, session)
        if self.is_mounted and session is not None:
            if before is None or before.timeline.steps is not session.timeline.steps:
                self._pages = ()
            self._turn_over()

    def action_next_note(self) -> None:
        """Turn to the next page."""
        there = next_page(self._pages, self.now.timeline.cursor, self._page)
        self._turn_to(there, "That was the last page.")

    def action_previous_note(self) -> None:
        """Turn back to the page before."""
        there = previous_page(self._pages, self.now.timeline.cursor, self._page)
        self._turn_to(there, "This is the first page.")

    def _turn_to(self, page: int | None, otherwise: str) -> None:
        if page is None:
            self.tell(otherwise)
            return
        self._page = page
        self.session = self.now.seek(self._pages[page].step)
        self._turn_over()

    def _turn_over(self) -> None:
        if not self._pages:
            self._pages, self._page = pages(self.now.run, self.now.case.scenario.teaches), 0
        step = self.now.timeline.cursor
        self._page = page_at(self._pages, step, self._page)
        page = self._pages[self._page]
        self._board.say(whereabouts(page, step), page.text)
