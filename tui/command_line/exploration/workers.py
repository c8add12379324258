"""Other processes that explore: how many states they have found, and how they are told to stop."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import AbstractContextManager
from multiprocessing.connection import wait
from multiprocessing.synchronize import Event
from threading import Thread
from typing import Final, ParamSpec, Protocol, TypeVar

import attrs

from engine.explorer.limits import Counts
from engine.explorer.limits import Progress as Watch
from scenarios.checking import CellOutcome, CheckedCell
from tui.collector import collect_seldom
from tui.command_line.exploration.clock import explore_timed

ORPHANED: Final = 1
"""The exit code of a process that outlived the one that started it."""
_STATES: Final = 0
_FRONTIER: Final = 1
_P = ParamSpec("_P")
_T = TypeVar("_T")


class _Numbers(Protocol):
    """An array that processes share."""

    def get_lock(self) -> AbstractContextManager[bool]:
        """Return the lock that guards it."""

    def __getitem__(self, index: int) -> int:
        """Return a number."""

    def __setitem__(self, index: int, value: int) -> None:
        """Change a number."""


@attrs.frozen(eq=False)
class Shared:
    """What the processes share: whether to stop, and what all of them count together."""

    stop: Event
    counts: _Numbers

    def add(self, states: int, frontier: int) -> None:
        """Add to the counts."""
        with self.counts.get_lock():
            self.counts[_STATES] += states
            self.counts[_FRONTIER] += frontier

    @property
    def states(self) -> int:
        """States found so far, by all."""
        return self.counts[_STATES]

    @property
    def frontier(self) -> int:
        """States found and not yet expanded, by all."""
        return self.counts[_FRONTIER]


class Workers(ProcessPoolExecutor):
    """Processes that leave Ctrl-C to the one that started them, and end when it does."""

    def __init__(self, jobs: int) -> None:
        """Prepare so many processes; they start when there is something to do."""
        # Where threads run already, a fork may copy locks that nobody will release.
        context = multiprocessing.get_context("spawn")
        self.shared = Shared(context.Event(), context.Array("q", 2))
        super().__init__(jobs, mp_context=context, initializer=_share, initargs=(self.shared,))

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Submit work; a process that is started for it inherits that SIGINT is blocked."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            return super().submit(fn, *args, **kwargs)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def abandon(self) -> None:
        """End the processes whatever they do."""
        self.shutdown(wait=False, cancel_futures=True)
        for process in multiprocessing.active_children():
            process.terminate()


_shared: list[Shared] = []
"""What this process shares with the one that started it."""


def _share(shared: Shared) -> None:
    _end_with_parent()
    _shared[:] = [shared]
    collect_seldom()


def _end_with_parent() -> None:
    """Let this process end as soon as the one that started it has, in whatever way."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        Thread(target=_outlive, args=(parent.sentinel,), daemon=True).start()


def _outlive(sentinel: int) -> None:
    wait([sentinel])
    # There is nobody left to tell, and what is being explored is for nobody.
    os._exit(ORPHANED)


def explore_in_worker(cell: CheckedCell, watch: Watch | None = None) -> CellOutcome:
    """Explore a cell in a process that shares counts with the one that started it."""
    if not _shared:
        return explore_timed(cell, watch)
    watcher = _Watcher(_shared[0])
    try:
        return explore_timed(cell, watcher)
    finally:
        watcher.end()


@attrs.define
class _Watcher:
    """Tells the others of this process's counts, and asks whether to go on."""

    shared: Shared
    last: Counts = attrs.field(default=Counts(0, 0, 0))

    def __call__(self, counts: Counts) -> bool:
        # One cell can take several searches, each of which counts from the start.
        before = self.last.states if self.last.states <= counts.states else 0
        self.shared.add(counts.states - before, counts.frontier - self.last.frontier)
        self.last = counts
        return not self.shared.stop.is_set()

    def end(self) -> None:
        self.shared.add(0, -self.last.frontier)
