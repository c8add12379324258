"""What is remembered from one time to the next: how the screen was left, what was typed.

What cannot be read or written is only forgotten.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import Final

import attrs

from engine.refusal import RefusedError
from scenarios.file.structuring import structure
from tui.commands.prompt import LONGEST
from tui.files.configuration import FASTEST, SLOWEST
from tui.files.writing import clear_leftovers, make_private, write_whole
from tui.files.xdg import POLICIES, UNSAVED, history_file, screen_file, state_directory
from tui.presenters.layout import Arrangement, Pane
from tui.session.session import Session

MOST_LINES: Final = 1_000
_MOST_BYTES: Final = 1 << 16
_MOST_BYTES_OF_HISTORY: Final = MOST_LINES * (4 * LONGEST + 1)
"""UTF-8 has at most four bytes a character."""


@attrs.frozen
class Remembered:
    """How the user left the screen; what it names need not exist any more."""

    theme: str | None = None
    speed: float | None = None
    """In steps a second, `SLOWEST` to `FASTEST`."""
    hidden: tuple[str, ...] = ()
    """The panels' names."""
    shown: Mapping[str, str] = attrs.field(factory=dict)
    """The panel that is in front, by deck and size, such as `low/only`."""


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
            RefusedError: it cannot be kept.
        """
        from tui.files.unsaved import keep_unsaved

        return keep_unsaved(self.directory and self.directory / UNSAVED, session)

    def _change(self, changed: Callable[[Remembered], Remembered]) -> None:
        before, self.remembered = self.remembered, changed(self.remembered)
        if self.remembered != before:
            remember(self.screen, changed(recall(self.screen)))


def recall(path: Path | None) -> Remembered:
    """Return what a file remembers, or nothing special where it is not such a file."""
    with suppress(RefusedError, ValueError, RecursionError):
        document = json.loads(_content(path, _MOST_BYTES).decode())
        if isinstance(document, dict):
            remembered = structure(document, Remembered, str(path))
            if remembered.speed is None or SLOWEST <= remembered.speed <= FASTEST:
                return remembered
    return Remembered()


def remember(path: Path | None, remembered: Remembered) -> None:
    """Write what is to be remembered, if that can be written."""
    _keep(path, f"{json.dumps(attrs.asdict(remembered), indent=1)}\n")


def recall_history(path: Path | None) -> tuple[str, ...]:
    """Return the lines that were typed at the prompt, the newest last."""
    text = _content(path, _MOST_BYTES_OF_HISTORY).decode(errors="surrogateescape")
    return _worth_keeping(text.split("\n"))


def remember_history(path: Path | None, lines: Iterable[str]) -> None:
    """Write the newest of the lines that were typed, if they can be written."""
    _keep(path, "".join(f"{line}\n" for line in _worth_keeping(lines)))


def _worth_keeping(lines: Iterable[str]) -> tuple[str, ...]:
    # What is not printable could steer the terminal, and no prompt takes what is longer.
    fine = (line for line in lines if line.strip() and line.isprintable() and len(line) <= LONGEST)
    return tuple(line for line, _ in groupby(fine))[-MOST_LINES:]


def _content(path: Path | None, most: int) -> bytes:
    """Return a file's bytes, none if it is no file or has more than `most`."""
    with suppress(OSError):
        # A pipe would keep the screen waiting.
        if path is not None and path.is_file():
            with path.open("rb") as file:
                content = file.read(most + 1)
            return content if len(content) <= most else b""
    return b""


def _keep(path: Path | None, text: str) -> None:
    with suppress(OSError):
        if path is not None and (path.is_file() or not path.exists()):
            make_private(path.parent)
            write_whole(str(path), text.encode())
