"""Limits: how far a search may go, what it tells on the way, and why it ended early."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, unique
from typing import Final, TypeAlias

import attrs

DEFAULT_MAX_STATES: Final = 5_000_000
"""At some 200 bytes a state that is about 1 GiB."""

REPORT_EVERY: Final = 64
"""States between two calls of a progress callback."""

STEPS_EVERY: Final = 16
"""Steps between two calls of it where a single state takes many."""


@attrs.frozen
class Limits:
    """How much a search may use before it gives up."""

    max_states: int = DEFAULT_MAX_STATES


@unique
class LimitReason(Enum):
    """Why a search ended before it knew the answer."""

    STATES = "the limit on states was reached"
    LOOP = "a loop was followed for as long as the limit on states allows"
    CANCELLED = "cancelled"


@attrs.frozen
class Counts:
    """How far a search has come."""

    states: int
    transitions: int
    frontier: int
    """States found and not yet expanded."""


Progress: TypeAlias = Callable[[Counts], bool]
"""Called now and then; returning False cancels the search."""


class CancelledError(Exception):
    """A progress callback cancels the search in the midst of a state."""


class Reporter:
    """Calls a progress callback now and then, by the states found and by the steps looked at."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._next = 0
        self._before = (0, 0)
        self._last = Counts(0, 0, 0)
        self._steps = 0

    def report(self, states: int, transitions: int, frontier: int) -> bool:
        """Say whether the search may go on, having told the callback if it is time to."""
        if self._progress is None:
            return True
        states += self._before[0]
        transitions += self._before[1]
        if states < self._next:
            return True
        self._next = states + REPORT_EVERY
        self._last = Counts(states, transitions, frontier)
        self._steps = 0
        return self._progress(self._last)

    def look(self, steps: int = 1) -> None:
        """Count steps that are looked at, of however few states, and tell if it is time to.

        Raises:
            CancelledError: the search may not go on.
        """
        self._steps += steps
        if self._progress is None or self._steps < STEPS_EVERY:
            return
        self._steps = 0
        if not self._progress(self._last):
            raise CancelledError

    def finished(self, states: int, transitions: int) -> None:
        """Count what a part of the search explored in all that is reported from now on."""
        self._before = (self._before[0] + states, self._before[1] + transitions)
