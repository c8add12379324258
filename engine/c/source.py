"""Source text, places in it, and the one error that a policy can be refused with."""

from __future__ import annotations

import attrs


@attrs.frozen(cache_hash=True)
class SourceFile:
    """A text and the name by which messages and the screen know it."""

    name: str
    text: str

    def place(self, start: int, end: int) -> Place:
        """Return the place of the characters from offset `start` up to `end`."""
        line, column = self._position(start)
        end_line, end_column = self._position(end)
        return Place(self.name, line, column, end_line, end_column)

    def _position(self, offset: int) -> tuple[int, int]:
        line = self.text.count("\n", 0, offset) + 1
        return line, offset - (self.text.rfind("\n", 0, offset) + 1) + 1


@attrs.frozen
class Place:
    """A stretch of a source file; lines and columns count from 1, the end is exclusive."""

    source: str
    line: int
    column: int
    end_line: int
    end_column: int


@attrs.frozen
class PolicyError(Exception):
    """A policy was refused: where, which construct was found, and what is supported."""

    source: str
    line: int
    column: int
    found: str
    expected: str

    @classmethod
    def at(cls, place: Place, found: str, expected: str) -> PolicyError:
        """Return the error for the construct that begins at `place`."""
        return cls(place.source, place.line, place.column, found, expected)

    def __str__(self) -> str:
        """Return the message as users see it, on one line."""
        return (
            f"{self.source}:{self.line}:{self.column}: found {self.found}; expected {self.expected}"
        )
