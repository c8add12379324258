"""One search in a thread of its own, which tells how far it is and dies with the program."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from typing import Final, Generic, TypeAlias, TypeVar

from engine.lockstep import DrivingCancelledError

SWITCH_INTERVAL: Final = 0.001
"""Seconds after which the search lets the screen have the interpreter; 5 ms are felt."""

_NORMALLY: Final = sys.getswitchinterval()

CANCELLED: Final = "cancelled"

_T = TypeVar("_T")
_R = TypeVar("_R")

SearchWork: TypeAlias = Callable[[Callable[[_R], bool]], _T]
"""Searches, and calls back now and then to tell how far it is; False asks it to stop."""


class SearchThread(Generic[_R, _T]):
    """A search, or other long work, that can be watched and stopped from the event loop.

    Its thread is no worker thread of Textual's: those are waited for when the app ends, however
    long the search takes to notice that nobody wants its answer any more.
    """

    def __init__(self, search: SearchWork[_R, _T]) -> None:
        self.told: _R | None = None
        """How far it was when it last told."""
        self._stopped = False
        self._search = search

    def stop(self) -> None:
        """Ask the search to end with what it has."""
        self._stopped = True

    async def answer(self) -> _T | str:
        """Search, and return the answer, or why there is none.

        Whoever is cancelled here stops the search.
        """
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[_T | str] = loop.create_future()

        def put(answer: _T | str) -> None:
            if not answered.done():
                answered.set_result(answer)

        def work() -> None:
            answer = self._answer()
            with suppress(RuntimeError):  # The event loop may be closed by now.
                loop.call_soon_threadsafe(put, answer)

        Thread(target=work, name="exploring", daemon=True).start()
        try:
            with _switching_often():
                return await answered
        finally:
            self.stop()

    def _answer(self) -> _T | str:
        try:
            return self._search(self._progress)
        except DrivingCancelledError:
            return CANCELLED
        except MemoryError:
            return "the memory is used up"
        except Exception as error:  # The screen goes on, whatever is wrong with the explorer.
            return f"an error in the explorer itself: {error}"

    def _progress(self, told: _R) -> bool:
        self.told = told
        return not self._stopped


_searching: list[None] = []
"""As many as there are searches under way."""


@contextmanager
def _switching_often() -> Iterator[None]:
    _searching.append(None)
    sys.setswitchinterval(SWITCH_INTERVAL)
    try:
        yield
    finally:
        _searching.pop()
        if not _searching:
            sys.setswitchinterval(_NORMALLY)
