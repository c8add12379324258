"""A run that can play by itself, at a speed that the user chooses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from textual.message import Message

from engine.explorer.limits import Limits
from tui.commands.run import next_stop, stop_reasons
from tui.keys.command import Command
from tui.presenters.layout import Arrangement
from tui.screens.arranged_screen import ArrangedScreen
from tui.session.session import Session
from tui.widgets.pace import Pace

ENDS: Final = "The run ends here; {start} goes to the start."
STEERING: Final = "{play} stops, {faster} and {slower} change it."
"""How one has it play otherwise."""
STOPPED: Final = "Playing stopped."


class SpeedChosen(Message):
    """The user has chosen how fast runs play, in steps a second."""

    def __init__(self, speed: float) -> None:
        super().__init__()
        self.speed = speed


class PlayedScreen(ArrangedScreen):
    """Adds to a run that it plays forward, up to a stop or the end."""

    def __init__(
        self,
        session: Session,
        commands: Iterable[Command],
        limits: Limits | None = None,
        arrangement: Arrangement | None = None,
    ) -> None:
        super().__init__(session, commands, limits, arrangement)
        self.pace: Final = Pace(self, self._play_on)
        self._until = 0
        """The step at which playing stops."""
        self._played_to = 0
        """The step that playing has come to."""

    def action_play(self) -> None:
        """Play the run from here, or stop playing."""
        if self.pace.playing:
            self._stop_playing(STOPPED)
            return
        if self.now.timeline.cursor == len(self.now.timeline.steps):
            self.tell(self.key_names.fill(ENDS))
            return
        self._look_ahead_for_stop()
        self.pace.start()
        self.tell(f"Playing, {self.pace.speed:g} steps a second; {self.key_names.fill(STEERING)}")

    def action_speed(self, factor: float) -> None:
        """Play faster or slower."""
        self.pace.change(factor)
        self.post_message(SpeedChosen(self.pace.speed))
        self.tell(f"{self.pace.speed:g} steps a second")

    async def action_leave(self) -> None:
        """Stop playing, else go back from what is open."""
        if self.pace.playing:
            self._stop_playing(STOPPED)
        else:
            await super().action_leave()

    def watch_session(self, before: Session | None, session: Session | None) -> None:
        """Play up to where another run stops, or this one with other breakpoints."""
        if not self.is_mounted or not self.pace.playing or before is None or session is None:
            return
        if (
            before.timeline.steps is not session.timeline.steps
            or before.stops is not session.stops
            or session.timeline.cursor != self._played_to
        ):
            self._look_ahead_for_stop()

    def on_screen_suspend(self) -> None:
        """Play nothing that is not seen."""
        if self.pace.playing:
            self._stop_playing(STOPPED)

    def _look_ahead_for_stop(self) -> None:
        stop = next_stop(self.now, forward=True)
        self._until = len(self.now.timeline.steps) if stop is None else stop
        self._played_to = self.now.timeline.cursor

    def _play_on(self, steps: int) -> None:
        at = self.now.timeline.cursor
        if at >= self._until:
            self._stop_playing(STOPPED)
            return
        there = self._played_to = min(at + steps, self._until)
        self.session = self.now.seek(there)
        if there == self._until:
            reasons = "; ".join(stop_reasons(self.now))
            self._stop_playing(reasons or "The run ends here.")

    def _stop_playing(self, text: str) -> None:
        self.pace.stop()
        self.tell(text)
