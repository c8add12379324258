"""The error for a source of which nothing can be run, light enough for whoever catches it."""

from __future__ import annotations

import attrs

from engine.c.coverage import Coverage
from scenarios.sources.candidate import POLICY_FUNCTIONS


@attrs.frozen
class UnjudgedError(Exception):
    """Nothing that a source brings, or changes, can be run: no verdict could be its own."""

    source: str
    coverage: Coverage

    def __str__(self) -> str:
        """Return what it changes instead, and what could be judged, in one line."""
        *others, last = (f"{name}()" for name in POLICY_FUNCTIONS)
        expected = f"a change of {', '.join(others)} or {last}, or of what they call"
        return f"{self.source}: found {nothing_run(self.coverage)}; expected {expected}"


def nothing_run(coverage: Coverage) -> str:
    """Return what a source has of which nothing can be run, for a message."""
    if coverage.not_judged:
        return f"nothing that can be run yet: {coverage.gap}"
    if coverage.judged:
        return "nothing that is run: what decides is as known kernels have it"
    changed = ", ".join(coverage.without_effect) or "no code"
    return f"nothing that decides: {changed}"
