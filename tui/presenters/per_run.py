"""What is worked out once per run, not once per step: a run is known by its steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from engine.timeline import Timeline
from engine.transition import Step

_T = TypeVar("_T")


class OncePerRun(Generic[_T]):
    """Keeps what a function makes of a run until another run is asked about."""

    def __init__(self, make: Callable[[Timeline], _T]) -> None:
        """Keep what `make` returns."""
        self._make = make
        self._steps: tuple[Step, ...] | None = None
        self._made: _T | None = None

    def __call__(self, timeline: Timeline) -> _T:
        """Return what is made of a run, wherever its cursor is."""
        if self._made is None or timeline.steps is not self._steps:
            self._steps, self._made = timeline.steps, self._make(timeline)
        return self._made
