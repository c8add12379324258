"""The error for a source of which nothing can be run, light enough for whoever catches it."""

from __future__ import annotations

from engine.policy.coverage import Coverage
from scenarios.kernel.decisions import POLICY_FUNCTIONS
from scenarios.sources.source_text import SourceError


class UnjudgedError(SourceError):
    """Nothing that a source brings, or changes, can be run: no verdict could be its own."""

    def __init__(self, source: str, coverage: Coverage) -> None:
        """Say what it changes instead, and what could be judged."""
        *others, last = (f"{name}()" for name in POLICY_FUNCTIONS)
        expected = f"a change of {', '.join(others)} or {last}, or of what they call"
        super().__init__(source, 0, 0, nothing_run(coverage), expected)
        self.coverage = coverage


def nothing_run(coverage: Coverage) -> str:
    """Return what a source has of which nothing can be run, for a message."""
    if coverage.not_judged:
        return f"nothing that can be run yet: {coverage.gap}"
    if coverage.judged:
        return "nothing that is run: what decides is as known kernels have it"
    changed = ", ".join(coverage.without_effect) or "no code"
    return f"nothing that decides: {changed}"
