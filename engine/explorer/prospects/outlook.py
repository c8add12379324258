"""Outlooks: what can come of a state, and from which step of a run on it must.

They are apart from the search for them, which a screen that may show them loads only to ask it.
"""

from __future__ import annotations

from enum import Enum, unique

import attrs


@unique
class Prospect(Enum):
    """What can come of a run."""

    SAFE = "safe"
    """No run has a finding from here on."""
    MAY_BREAK = "may break"
    MUST_BREAK = "must break"
    """Every fair run has one."""


@attrs.frozen
class Outlook:
    """The prospect of a state, and the one it has if hardware does nothing of its own."""

    prospect: Prospect
    quiet: Prospect


@attrs.frozen
class NoReturn:
    """From which step on a run must break, up to its first finding or else to its end.

    Steps count from 1, step 0 is the initial state. The first finding's own step is the latest
    that it can be; None where there is no such step.
    """

    at: int | None
    quiet: int | None
    """From which on it must unless hardware acts: after it, hardware did not save the run."""
