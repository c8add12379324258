"""The keeper: what the screen remembers from one time to the next, and the lines typed before."""

from __future__ import annotations

from pathlib import Path

import attrs

from tui.files.places import history_file, screen_file, state_directory
from tui.files.remembered import (
    Remembered,
    recall,
    recall_history,
    remember,
    remember_history,
)
from tui.presenters.places import Arrangement, Pane
from tui.sessions.session import Session


@attrs.define
class Keeper:
    """Keeps things in files of the user's; one without files forgets them at the end."""

    screen: Path | None = None
    typed: Path | None = None
    directory: Path | None = None
    """Where copies of policies go that are edited, and sessions that were not saved."""
    remembered: Remembered = attrs.field(factory=Remembered)
    history: tuple[str, ...] = ()

    @classmethod
    def of_user(cls) -> Keeper:
        """Return the keeper of what this user did before."""
        screen, typed = screen_file(), history_file()
        return cls(screen, typed, state_directory(), recall(screen), recall_history(typed))

    @property
    def arrangement(self) -> Arrangement:
        """How the panes were arranged."""
        names = {pane.value: pane for pane in Pane}
        return Arrangement(
            hidden=frozenset(names[name] for name in self.remembered.hidden if name in names),
            front={
                deck: names[name] for deck, name in self.remembered.shown.items() if name in names
            },
        )

    def arrange(self, arrangement: Arrangement) -> None:
        """Keep how the panes are arranged."""
        hidden = tuple(sorted(pane.value for pane in arrangement.hidden))
        shown = {deck: pane.value for deck, pane in sorted(arrangement.front.items())}
        self._change(attrs.evolve(self.remembered, hidden=hidden, shown=shown))

    def choose_theme(self, theme: str) -> None:
        """Keep which theme is chosen."""
        self._change(attrs.evolve(self.remembered, theme=theme))

    def choose_speed(self, speed: float) -> None:
        """Keep how fast runs play, in steps a second."""
        self._change(attrs.evolve(self.remembered, speed=speed))

    def add_line(self, line: str) -> None:
        """Keep a line that was typed."""
        self.history = (*self.history, line)
        remember_history(self.typed, self.history)

    def keep_unsaved(self, session: Session) -> str | None:
        """Keep a session that was not saved in a file; return which, None if that cannot be."""
        from tui.files.unsaved import keep_unsaved

        return keep_unsaved(self.directory and self.directory / "unsaved", session)

    def _change(self, remembered: Remembered) -> None:
        if remembered != self.remembered:
            self.remembered = remembered
            remember(self.screen, remembered)
