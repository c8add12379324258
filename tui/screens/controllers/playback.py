"""Playback: what is shown goes on by itself, at a speed that the user chooses, up to a stop."""

from __future__ import annotations

from typing import Final, Protocol

from textual.message import Message

from tui.screens.keyed import KeyedScreen
from tui.widgets.pace import Pace

STEERING: Final = "{play} stops, {faster} and {slower} change it."
"""How one has it play otherwise."""
STOPPED: Final = "Playing stopped."


class SpeedChosen(Message):
    """The user has chosen how fast runs play, in steps a second."""

    def __init__(self, speed: float) -> None:
        super().__init__()
        self.speed = speed


class Course(Protocol):
    """What can be played: a place that moves on, up to where it stops."""

    unit: str
    """What the places are called, several of them."""
    ends: str
    """Says, with the keys by name, that it cannot go on."""

    @property
    def at(self) -> int:
        """The place at hand."""

    @property
    def last(self) -> int:
        """The last place."""

    def next_stop(self) -> int:
        """Return the place at which playing on from here stops."""

    def go(self, place: int) -> None:
        """Show another place."""

    def why_stopped(self) -> str:
        """Say why it stops at the place at hand."""


class Playback:
    """Plays a course on a screen."""

    def __init__(self, screen: KeyedScreen, course: Course) -> None:
        self.pace: Final = Pace(screen, self._play_on)
        self._screen = screen
        self._course = course
        self._until = 0
        """The place at which playing stops."""
        self._played_to = 0
        """The place that playing has come to."""

    def action_play(self) -> None:
        """Play on from here, or stop playing."""
        if self.try_leave():
            return
        if self._course.at == self._course.last:
            self._screen.tell(self._screen.key_names.fill(self._course.ends))
            return
        self.look_ahead()
        self.pace.start()
        steering = self._screen.key_names.fill(STEERING)
        self._screen.tell(f"Playing, {self._speed}; {steering}")

    def action_speed(self, factor: float) -> None:
        """Play faster or slower."""
        self.pace.change(factor)
        self._screen.post_message(SpeedChosen(self.pace.speed))
        self._screen.tell(self._speed)

    def try_leave(self) -> bool:
        """Stop playing; say whether it played."""
        playing = self.pace.playing
        if playing:
            self._stop(STOPPED)
        return playing

    @property
    def overtaken(self) -> bool:
        """Whether it plays, and somebody else has moved on or back meanwhile."""
        return self.pace.playing and self._course.at != self._played_to

    def look_ahead(self) -> None:
        """Find out where playing on from here stops."""
        self._until = self._course.next_stop()
        self._played_to = self._course.at

    @property
    def _speed(self) -> str:
        return f"{self.pace.speed:g} {self._course.unit} a second"

    def _play_on(self, places: int) -> None:
        course = self._course
        if course.at < self._until:
            self._played_to = min(course.at + places, self._until)
            course.go(self._played_to)
        if course.at >= self._until:
            self._stop(course.why_stopped())

    def _stop(self, text: str) -> None:
        self.pace.stop()
        self._screen.tell(text)
