"""The one error that a query can be refused with."""

from __future__ import annotations

import attrs


@attrs.frozen
class QueryError(Exception):
    """Text that is no query: where, what was found, and what was expected there."""

    column: int
    """1 for the first character."""
    found: str
    expected: str

    def __str__(self) -> str:
        """Return the error as one line."""
        return f"column {self.column}: found {self.found}; expected {self.expected}"
