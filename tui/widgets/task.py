"""Long work that is done beside all else, with what is said about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

import attrs

from tui.presenters.cells import Said, Tone
from tui.presenters.status.searching import driving, not_driven
from tui.widgets.search_thread import SearchWork

_R = TypeVar("_R")
_T = TypeVar("_T")


@attrs.frozen(eq=False)
class Task(Generic[_R, _T]):
    """What is to be done, and what to say meanwhile and afterwards."""

    work: SearchWork[_R, _T]
    under_way: Callable[[_R | None, float], Said]
    """Says how far it is, by what it told last, and after so many seconds."""
    cancelled: Callable[[_R | None], Said]
    failed: Callable[[str], Said]
    done: Callable[[_T], None]
    """Takes what came of it."""

    @classmethod
    def drive(cls, work: SearchWork[int, _T], done: Callable[[_T], None]) -> Task[int, _T]:
        """Return the task of driving another run by one."""
        return Task(work, driving, not_driven, lambda why: Said(why, Tone.SKIPPED), done)
