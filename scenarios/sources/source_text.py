"""A user's text: its lines, with where each of them stands."""

from __future__ import annotations

import attrs


@attrs.frozen
class SourceLine:
    """One line of text and where it stands in the user's file (1-based; 0: in the base)."""

    text: str
    number: int
