"""One exploration in a thread of its own, which tells how far it is and dies with the program."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from threading import Thread
from typing import Final, TypeAlias

from engine.explorer.limits import Counts, Limits
from engine.explorer.verdict import Exploration, explore
from engine.judge import Ghost
from engine.machine.state import Machine

SWITCH_INTERVAL: Final = 0.001
"""Seconds after which the search lets the screen have the interpreter; 5 ms are felt."""

Answer: TypeAlias = Exploration | str
"""What was found out, or why nothing was."""


class SearchThread:
    """A search that can be watched and stopped from the event loop.

    Its thread is no worker thread of Textual's: those are waited for when the app ends, however
    long the search takes to notice that nobody wants its answer any more.
    """

    def __init__(self, machine: Machine, ghost: Ghost, limits: Limits) -> None:
        self.counts: Counts | None = None
        """How far it was when it last told."""
        self._stopped = False
        self._machine = machine
        self._ghost = ghost
        self._limits = limits

    def stop(self) -> None:
        """Ask the search to end with what it has."""
        self._stopped = True

    async def answer(self) -> Answer:
        """Search, and return the answer; whoever is cancelled here stops the search."""
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[Answer] = loop.create_future()

        def put(answer: Answer) -> None:
            if not answered.done():
                answered.set_result(answer)

        def work() -> None:
            answer = self._search()
            with suppress(RuntimeError):  # The event loop may be closed by now.
                loop.call_soon_threadsafe(put, answer)

        before = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_INTERVAL)
        Thread(target=work, name="exploring", daemon=True).start()
        try:
            return await answered
        finally:
            self.stop()
            sys.setswitchinterval(before)

    def _search(self) -> Answer:
        try:
            return explore(self._machine, self._ghost, limits=self._limits, progress=self._progress)
        except MemoryError:
            return "the memory is used up"
        except Exception as error:  # The screen goes on, whatever is wrong with the explorer.
            return f"an error in the explorer itself: {error}"

    def _progress(self, counts: Counts) -> bool:
        self.counts = counts
        return not self._stopped
