"""The line on which the screen answers: what a command said, how far a task is, its answer."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any, Final, TypeVar

import attrs
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Static

from engine.explorer.limits import Counts, Limits, Progress
from engine.timeline import Timeline
from tui.presenters.cells import Said, Tone
from tui.presenters.key_names import KeyNames
from tui.presenters.status.searching import cancelled, failed, under_way
from tui.widgets.search_thread import CANCELLED, SearchThread
from tui.widgets.task import Task

if TYPE_CHECKING:
    from engine.explorer.explore import Exploration

EVERY: Final = 0.1
"""Seconds between two looks at how far it is."""
PATIENCE: Final = 1.0
"""Seconds that a task which was cancelled has to say what it found until then."""

STILL_BUSY: Final = "Still at work: {leave} cancels."

_R = TypeVar("_R")
_T = TypeVar("_T")


class Explored(Message):
    """Every interleaving from a step of a run on was explored, or as many as there was time for."""

    def __init__(self, timeline: Timeline, start: int, known: Exploration) -> None:
        super().__init__()
        self.timeline = timeline
        self.start = start
        self.known = known


class WholeWanted(Message):
    """The user wants to see the whole line."""


class AnswerLine(Static, can_focus=False):
    """Shows the last answer, and how far a task is; explores a run, and posts `Explored`."""

    def __init__(self, limits: Limits, keys: KeyNames) -> None:
        super().__init__(id="answer", markup=False)
        self._cancels = keys.fill("{leave} cancels")
        self._still_busy = keys.fill(STILL_BUSY)
        self._limits = limits
        self.said = Said("")
        """The line that is shown."""
        self._at_work: Task[Any, Any] | None = None
        self._thread: SearchThread[Any, Any] | None = None
        self._begun = 0.0
        self._until: float | None = None
        self._timer: Timer | None = None

    @property
    def busy(self) -> bool:
        """Whether a task is under way."""
        return self._at_work is not None

    def begin(self, task: Task[_R, _T]) -> None:
        """Begin a task, unless one is under way."""
        if self.busy:
            self.tell(Said(self._still_busy, Tone.SKIPPED))
            return
        thread = SearchThread(task.work)
        self._at_work, self._thread = task, thread
        self._begun, self._until = monotonic(), None
        self.run_worker(self._awaited(task, thread), exclusive=True)
        self._timer = self.set_interval(EVERY, self._look)
        self._look()

    def explore(self, timeline: Timeline, start: int) -> None:
        """Begin to explore every interleaving from a step of a run on."""
        there, limits = timeline.seek(start), self._limits

        def work(progress: Progress) -> Exploration:
            from engine.explorer.explore import explore

            return explore(there.machine, there.ghost, limits=limits, progress=progress)

        def done(known: Exploration) -> None:
            from tui.presenters.status.exploring import answer

            self.tell(answer(timeline, start, known))
            self.post_message(Explored(timeline, start, known))

        def how_far(counts: Counts | None, seconds: float) -> Said:
            return under_way(start, counts, seconds)

        def given_up(counts: Counts | None) -> Said:
            return cancelled(start, counts)

        def not_done(why: str) -> Said:
            return failed(start, why)

        self.begin(Task(work, how_far, given_up, not_done, done))

    def on_click(self) -> None:
        """Ask for the whole line to be shown."""
        self.post_message(WholeWanted())

    def try_leave(self) -> bool:
        """End the task, if one is under way; say whether one was.

        What it has found until then is still told, if it comes soon.
        """
        busy = self.busy
        if self._thread is not None and self._until is None:
            self._thread.stop()
            self._until = monotonic() + PATIENCE
        return busy

    def tell(self, said: Said) -> None:
        """Show a line."""
        self.said = said
        self.set_classes(f"said--{said.tone.value}")
        self.update(said.text, layout=False)

    async def _awaited(self, task: Task[_R, _T], thread: SearchThread[_R, _T]) -> None:
        answer = await thread.answer()
        self._end()
        if answer == CANCELLED:
            self.tell(task.cancelled(thread.told))
        elif isinstance(answer, str):
            self.tell(task.failed(answer))
        else:
            task.done(answer)

    def _look(self) -> None:
        now, task, thread = monotonic(), self._at_work, self._thread
        if task is None or thread is None:
            return
        if self._until is not None and now > self._until:
            self.workers.cancel_node(self)
            self._end()
            self.tell(task.cancelled(thread.told))
        elif self._until is None:
            said = task.under_way(thread.told, now - self._begun)
            self.tell(attrs.evolve(said, text=f"{said.text}. {self._cancels}"))

    def _end(self) -> None:
        self._at_work = self._thread = None
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
