"""The one error that a command can be refused with."""

from __future__ import annotations

import attrs


@attrs.frozen
class CommandError(Exception):
    """A command that cannot be done: what was found in it, and what was expected."""

    found: str
    expected: str

    def __str__(self) -> str:
        """Return the error as one line."""
        return f"found {self.found}; expected {self.expected}"
