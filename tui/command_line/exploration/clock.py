"""Time: how long it takes to explore a cell."""

from __future__ import annotations

from time import perf_counter

import attrs

from engine.explorer.limits import Progress as Watch
from scenarios.checking import CellOutcome, CheckedCell, explore_cell


def explore_timed(cell: CheckedCell, watch: Watch | None = None) -> CellOutcome:
    """Explore a cell and measure how long it takes."""
    begun = perf_counter()
    outcome = explore_cell(cell, watch)
    return attrs.evolve(outcome, seconds=perf_counter() - begun)
