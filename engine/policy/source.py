"""Source text, places in it, and the refusal of what stands at one."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache

import attrs

from engine.refusal import InFile, RefusedError


@attrs.frozen(cache_hash=True)
class SourceFile:
    """A text and the name by which messages and the screen know it."""

    name: str
    text: str
    lines: tuple[int, ...] = ()
    """Per line, its number in the user's own file, 0 if it is not from there; none: as they are."""

    def user_line(self, line: int) -> int:
        """Return the line of the user's own file for a line from 1, 0 if it is not from there."""
        if not self.lines:
            return line
        return self.lines[line - 1] if 0 < line <= len(self.lines) else 0

    def place(self, start: int, end: int) -> Place:
        """Return the place of the characters from offset `start` up to `end`."""
        line, column = self._position(start)
        end_line, end_column = self._position(end)
        return Place(self.name, line, column, end_line, end_column)

    def _position(self, offset: int) -> tuple[int, int]:
        starts = _line_starts(self.text)
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1


@lru_cache(maxsize=16)
def _line_starts(text: str) -> tuple[int, ...]:
    return (0, *(match.end() for match in re.finditer("\n", text)))


@attrs.frozen
class Place:
    """A stretch of a source file; lines and columns count from 1, the end is exclusive."""

    source: str
    line: int
    column: int
    end_line: int
    end_column: int

    def refusal(self, found: str, expected: str, *, cause: str = "") -> RefusedError:
        """Return the error for the construct that begins here: found, and what is supported."""
        where = InFile(self.source, line=self.line, column=self.column)
        return RefusedError(found, expected, where, cause=cause)


def user_line(sources: Iterable[SourceFile], place: Place) -> int:
    """Return the line of the user's own file at which a place begins, 0 if it is not from there."""
    return next(source.user_line(place.line) for source in sources if source.name == place.source)
