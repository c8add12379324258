"""The line that tells how far an exploration has come, and then its answer."""

from __future__ import annotations

from time import monotonic
from typing import Final

from textual.message import Message
from textual.timer import Timer
from textual.widgets import Static

from engine.explorer.limits import Limits
from engine.explorer.verdict import Exploration
from tui.presenters.exploring import Said, answer, cancelled, failed, under_way
from tui.presenters.runs import Run
from tui.widgets.search_thread import SearchThread

EVERY: Final = 0.1
"""Seconds between two looks at how far it is."""
PATIENCE: Final = 1.0
"""Seconds that a search which was cancelled has to say what it found until then."""


class Explored(Message):
    """Every interleaving from a step of a run on was explored, or as many as there was time for."""

    def __init__(self, run: Run, start: int, known: Exploration) -> None:
        super().__init__()
        self.run = run
        self.start = start
        self.known = known


class ExploringLine(Static, can_focus=False):
    """Explores a run from a step on, shows how it goes, and posts `Explored`."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(id="exploring", markup=False)
        self._limits = limits
        self._search: SearchThread | None = None
        self._start = 0
        self._begun = 0.0
        self._until: float | None = None
        self._timer: Timer | None = None

    @property
    def exploring(self) -> bool:
        """Whether an exploration is under way."""
        return self._search is not None

    def explore(self, run: Run, start: int) -> None:
        """Explore every interleaving from a step of a run on, beside all else that goes on."""
        there = run.timeline.seek(start)
        search = SearchThread(there.machine, there.ghost, self._limits)
        self._search, self._start = search, start
        self._begun, self._until = monotonic(), None
        self.run_worker(self._explored(run, start, search), exclusive=True)
        self._timer = self.set_interval(EVERY, self._look)
        self._look()

    def cancel(self) -> None:
        """End the exploration; what it has found until then is still told, if it comes soon."""
        if self._search is not None and self._until is None:
            self._search.stop()
            self._until = monotonic() + PATIENCE

    def tell(self, said: Said | None) -> None:
        """Show a line, or none."""
        self.display = said is not None
        if said is not None:
            self.set_classes(f"said--{said.tone.value}")
            self.update(said.text)

    async def _explored(self, run: Run, start: int, search: SearchThread) -> None:
        known = await search.answer()
        self._end()
        match known:
            case Exploration():
                self.tell(answer(run, start, known))
                self.post_message(Explored(run, start, known))
            case str():
                self.tell(failed(start, known))

    def _look(self) -> None:
        now, search = monotonic(), self._search
        if search is None:
            return
        if self._until is not None and now > self._until:
            self.workers.cancel_node(self)
            self._end()
            self.tell(cancelled(self._start, search.counts))
        elif self._until is None:
            self.tell(under_way(self._start, search.counts, now - self._begun))

    def _end(self) -> None:
        self._search = None
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
