"""The keeper: what the screen remembers from one time to the next, and the lines typed before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import attrs

from tui.files.remembered import (
    Remembered,
    recall,
    recall_history,
    remember,
    remember_history,
)
from tui.files.writing import clear_leftovers
from tui.files.xdg import POLICIES, UNSAVED, history_file, screen_file, state_directory
from tui.presenters.layout import Arrangement, Pane
from tui.session.session import Session


@attrs.define
class Keeper:
    """Keeps things in files of the user's; one without files forgets them at the end.

    Others may keep theirs meanwhile: only what is new here is added to what is there.
    """

    screen: Path | None = None
    typed: Path | None = None
    directory: Path | None = None
    """Where copies of policies go that are edited, and sessions that were not saved."""
    remembered: Remembered = attrs.field(factory=Remembered)
    history: tuple[str, ...] = ()

    @classmethod
    def of_user(cls) -> Keeper:
        """Return the keeper of what this user did before, without what killed writes left."""
        screen, typed, directory = screen_file(), history_file(), state_directory()
        if directory is not None:
            clear_leftovers((directory, directory / UNSAVED, directory / POLICIES))
        return cls(screen, typed, directory, recall(screen), recall_history(typed))

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
        self._change(lambda known: attrs.evolve(known, hidden=hidden, shown=shown))

    def choose_theme(self, theme: str) -> None:
        """Keep which theme is chosen."""
        self._change(lambda known: attrs.evolve(known, theme=theme))

    def choose_speed(self, speed: float) -> None:
        """Keep how fast runs play, in steps a second."""
        self._change(lambda known: attrs.evolve(known, speed=speed))

    def add_line(self, line: str) -> None:
        """Keep a line that was typed."""
        self.history = (*self.history, line)
        remember_history(self.typed, (*recall_history(self.typed), line))

    def keep_unsaved(self, session: Session) -> str:
        """Keep a session that was not saved in a file; return which.

        Raises:
            CommandError: it cannot be kept.
        """
        from tui.files.unsaved import keep_unsaved

        return keep_unsaved(self.directory and self.directory / UNSAVED, session)

    def _change(self, changed: Callable[[Remembered], Remembered]) -> None:
        before, self.remembered = self.remembered, changed(self.remembered)
        if self.remembered != before:
            remember(self.screen, changed(recall(self.screen)))
