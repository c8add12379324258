"""A user's text: its lines, with where each of them stands, and the error that refuses it."""

from __future__ import annotations

import attrs


class SourceError(Exception):
    """What is wrong with a user's file, with its place (1-based; line 0: the file as a whole)."""

    def __init__(self, source: str, line: int, column: int, found: str, expected: str) -> None:
        """Keep the place and both halves of the sentence."""
        super().__init__(source, line, column, found, expected)
        self.source = source
        self.line = line
        self.column = column
        self.found = found
        self.expected = expected

    def __str__(self) -> str:
        """Return `source:line:column: found …; expected …`."""
        place = f"{self.source}:{self.line}:{self.column}" if self.line else self.source
        return f"{place}: found {self.found}; expected {self.expected}"


@attrs.frozen
class SourceLine:
    """One line of text and where it stands in the user's file (1-based; 0: in the base)."""

    text: str
    number: int
