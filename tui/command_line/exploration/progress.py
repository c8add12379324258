"""How far a long command has come: one line on a terminal's stderr, erased in the end."""

from __future__ import annotations

import os
import sys
import time
from typing import Final

import attrs

from tui.presenters.reports.plain import printable
from tui.presenters.words import counted

_EVERY: Final = 0.1
_QUIET: Final = 0.3
"""Seconds between two lines, and before the first."""
_NARROWEST: Final = 20


@attrs.define
class ProgressLine:
    """The line, if stderr is a terminal."""

    begun: float = attrs.field(factory=time.monotonic)
    _written: int = attrs.field(default=0, init=False)
    _next: float = attrs.field(default=0.0, init=False)

    def __attrs_post_init__(self) -> None:
        self._next = self.begun + _QUIET

    @property
    def elapsed(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self.begun

    def is_due(self) -> bool:
        """Say whether there is a terminal, and its line is old."""
        now = time.monotonic()
        if now < self._next or sys.stderr is None or not sys.stderr.isatty():
            return False
        self._next = now + _EVERY
        return True

    def show(self, text: str) -> None:
        """Write the line over the one before."""
        room = max(_width(), _NARROWEST) - 1
        shown = printable(text)[:room]
        self._write(shown + " " * (self._written - len(shown)))
        self._written = len(shown)

    def erase(self) -> None:
        """Leave the terminal as it was."""
        if self._written:
            self._write(" " * self._written)
            self._write("")
            self._written = 0

    def _write(self, text: str) -> None:
        sys.stderr.write(f"\r{text}")
        sys.stderr.flush()


def told_counts(states: int, frontier: int, seconds: float) -> str:
    """Return how far a search has come, and how fast."""
    rate = states / max(seconds, 0.001)
    return f"{counted(states, 'state')}, {rate:.0f}/s, frontier {frontier}"


def _width() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns
    except (OSError, ValueError):
        return 80
