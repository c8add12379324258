"""Results as JSON; its names are fixed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Final

from engine.explorer.cost import Span
from scenarios.scenario import Expectation
from tui.presenters.reports.checked import Checked, uncosted, why
from tui.presenters.reports.findings_json import Json, findings
from tui.presenters.tool import tool

VERSION: Final = 2
_DIGITS: Final = 3


def results_as_json(
    checks: Iterable[Checked], errors: Iterable[Json] = (), candidates: Iterable[Json] = ()
) -> str:
    """Return the results as a JSON document, the same bytes but for `seconds`."""
    document: Json = {
        "version": VERSION,
        "tool": tool(),
        "candidates": list(candidates),
        "results": [_result(checked) for checked in checks],
        "errors": list(errors),
    }
    return json.dumps(document, indent=2) + "\n"


def _result(checked: Checked) -> Json:
    outcome = checked.result.outcome
    return {
        "scenario": checked.scenario_spec,
        "policy": checked.policy,
        "verdict": outcome.verdict.value,
        "reason": why(checked) or uncosted(checked) or None,
        "introduced_by_policy": checked.result.introduced_by_policy,
        "expected": _expected(checked.expectation),
        "met": checked.met,
        "findings": findings(checked),
        "states": outcome.states,
        "transitions": outcome.transitions,
        "seconds": round(outcome.seconds or 0.0, _DIGITS),
        "flushes": _span(outcome.flushes),
        "lines_flushed": _span(outcome.lines_flushed),
        "unreached": _unreached(outcome.unreached),
    }


def _expected(expectation: Expectation | None) -> Json:
    """Return the kinds of finding that are expected, none of them for safe; null: nothing is."""
    return None if expectation is None else [kind.value for kind in expectation.kinds]


def _unreached(labels: Sequence[tuple[str, str]] | None) -> Json:
    """Return the labels that no run comes to, null where that is not known."""
    if labels is None:
        return None
    return [{"actor": actor, "label": label} for actor, label in labels]


def _span(span: Span | None) -> Json:
    """Return a span; nulls where nothing is known, or there is no most."""
    if span is None:
        return {"min": None, "max": None}
    return {"min": span.fewest, "max": span.most}
