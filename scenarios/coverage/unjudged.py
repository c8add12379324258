"""The error for a source of which nothing can be run, light enough for whoever catches it."""

from __future__ import annotations

import attrs

from engine.policy.coverage import Coverage
from engine.refusal import InFile, RefusedError
from scenarios.kernel.decisions import POLICY_FUNCTIONS


@attrs.frozen
class UnjudgedError(RefusedError):
    """Nothing that a source brings, or changes, can be run: no verdict could be its own."""

    coverage: Coverage = attrs.field(kw_only=True)

    @classmethod
    def of(cls, source: str, coverage: Coverage) -> UnjudgedError:
        """Return the error that says what a source changes instead, and what could be judged."""
        *others, last = (f"{name}()" for name in POLICY_FUNCTIONS)
        expected = f"a change of {', '.join(others)} or {last}, or of what they call"
        return cls(nothing_run(coverage), expected, InFile(source), coverage=coverage)


def nothing_run(coverage: Coverage) -> str:
    """Return what a source has of which nothing can be run, for a message."""
    if coverage.not_judged:
        return f"nothing that can be run yet: {coverage.gap}"
    if coverage.judged:
        return "nothing that is run: what decides is as known kernels have it"
    changed = ", ".join(coverage.without_effect) or "no code"
    return f"nothing that decides: {changed}"
