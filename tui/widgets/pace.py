"""The pace at which something plays: so many steps a second, several at once where that is many."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from textual.timer import Timer
from textual.widget import Widget

from tui.files.configuration import FASTEST, SLOWEST

FRAMES: Final = 25
"""How often a second the screen moves at most; faster than that, it takes several steps at once."""
USUAL: Final = 4.0
"""Steps a second."""


def steps_due(tick: int, speed: float) -> int:
    """Return how many steps to take at a tick, the first being 1, so that no part of one is lost.

    Up to `FRAMES` steps a second there is a tick for each.
    """
    if speed <= FRAMES:
        return 1
    return int(tick * speed // FRAMES - (tick - 1) * speed // FRAMES)


class Pace:
    """Has steps taken at a speed, from when it is started until it is stopped."""

    def __init__(self, widget: Widget, take: Callable[[int], None]) -> None:
        """Be about to have `take` called with a number of steps, as long as the widget is there."""
        self.speed: float = USUAL
        """Steps a second."""
        self._widget = widget
        self._take = take
        self._timer: Timer | None = None
        self._ticks = 0

    @property
    def playing(self) -> bool:
        """Whether it has been started."""
        return self._timer is not None

    def start(self) -> None:
        """Have steps taken from now on."""
        self.stop()
        self._ticks = 0
        self._timer = self._widget.set_interval(1 / min(self.speed, FRAMES), self._tick)

    def stop(self) -> None:
        """Have no more steps taken."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def change(self, factor: float) -> None:
        """Play so many times as fast, within reason."""
        self.speed = max(SLOWEST, min(self.speed * factor, FASTEST))
        if self.playing:
            self.start()

    def _tick(self) -> None:
        self._ticks += 1
        self._take(steps_due(self._ticks, self.speed))
