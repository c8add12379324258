"""Foresight: what can follow every state of a machine, found out beside all else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

from engine.explorer.limits import Limits, Progress
from engine.explorer.prospects.outlook import NoReturn
from engine.machine.setup import Setup
from tui.presenters.panels.choices import FORESEEN, TOO_MANY, no_return_lines
from tui.screens.run_screen import RunScreen
from tui.widgets.search_thread import SearchThread

if TYPE_CHECKING:
    from engine.explorer.prospects.prospects import Prospects

LOOKING: Final = "looking ahead"


class Foresight:
    """Labels the choices of a run, and marks its point of no return."""

    def __init__(self, screen: RunScreen) -> None:
        self._screen = screen
        self._panes = screen.panes
        self._known: tuple[Setup, Prospects] | None = None
        """What can follow every state of a machine."""
        self._looked_for: Setup | None = None
        """The machine whose future is known or looked for."""

    @property
    def remark(self) -> str:
        """Says why it is not known what can follow, as long as it is not looked for any more."""
        remark = self._panes.choices.remark
        return "" if remark == LOOKING else remark

    @property
    def sentence(self) -> str:
        """Says where there is no return, or why that is not known."""
        found = self._panes.scrubber.no_return
        if found is None:
            return self._panes.choices.remark
        text = "; ".join(no_return_lines(found))
        return f"{text[0].upper()}{text[1:]}."

    def look_ahead(self) -> None:
        """Find out what can follow every state of this machine, unless that is known already."""
        setup = self._screen.now.setup
        looked_for, self._looked_for = self._looked_for, setup
        if self._known is not None and self._known[0] is setup:
            self._beside(self._mark)
        elif looked_for is not setup:
            self._panes.choices.known = None
            self._panes.choices.remark = LOOKING
            self._panes.scrubber.no_return = None
            self._beside(self._search)

    def _beside(self, work: Callable[[], Awaitable[None]]) -> None:
        """Look ahead beside all else, in place of what was looked for before."""
        self._screen.run_worker(work, group="foreseeing", exclusive=True)

    async def _search(self) -> None:
        setup = self._screen.now.setup
        machine = self._screen.now.timeline.initial

        def search(progress: Progress) -> Prospects | None:
            from engine.explorer.prospects.prospects import prospects

            return prospects(machine, limits=Limits(FORESEEN), progress=progress)

        known = await SearchThread(search).answer()
        if self._screen.now.setup is not setup:
            return
        if known is None or isinstance(known, str):
            self._panes.choices.remark = known or TOO_MANY
        else:
            self._known = (setup, known)
            await self._mark()

    async def _mark(self) -> None:
        """Label the choices, and mark the point of no return of the run that is shown."""
        timeline = self._screen.now.timeline
        if self._known is None or self._known[0] is not self._screen.now.setup:
            return
        known = self._known[1]
        self._panes.choices.known = self._known
        self._panes.choices.remark = ""
        self._panes.scrubber.no_return = None

        def search(_: Progress) -> NoReturn:
            from engine.explorer.prospects.prospects import no_return

            return no_return(timeline, known)

        found = await SearchThread(search).answer()
        if isinstance(found, NoReturn) and self._screen.now.timeline.steps is timeline.steps:
            self._panes.scrubber.no_return = found
