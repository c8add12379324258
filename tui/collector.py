"""The garbage collector, told how this program uses memory."""

from __future__ import annotations

import gc
from typing import Final

_THRESHOLDS: Final = (200_000, 20, 50)


def collect_seldom() -> None:
    """Let the collector look for cycles more seldom: states are frozen, and have none to find."""
    gc.set_threshold(*_THRESHOLDS)


def leave_alone() -> None:
    """Let the collector never look again at what there is now: a long run stays to the end."""
    gc.freeze()
