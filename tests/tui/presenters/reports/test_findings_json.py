from __future__ import annotations

import pytest

from tests.tui.command_line.checking import (
    HEADLINE,
    check_json,
)


def test_the_json_tells_the_shortest_counterexample(capsys: pytest.CaptureFixture[str]) -> None:
    _, (result,) = check_json(capsys, HEADLINE, "--policy", "vcpu0-only", "--exhaustive")

    trace = result["findings"][0].pop("trace")
    assert result.pop("seconds") >= 0
    assert result == {
        "scenario": HEADLINE,
        "policy": "vcpu0-only",
        "verdict": "unsafe",
        "reason": None,
        "introduced_by_policy": True,
        "expected": ["stale"],
        "met": True,
        "findings": [
            {
                "kind": "stale",
                "actor": "vcpu1",
                "word": "x",
                "step": 13,
                "exact": 11,
                "cause": 7,
                "sentence": "STALE: vcpu1 loads x = 0 at step 13 but wrote 1; exact step 11, "
                "cause step 7 (flush skipped)",
                "place": {
                    "file": "vcpu0-only.c",
                    "line": 12,
                    "column": 7,
                    "text": "vcpu->vcpu_id == 0",
                },
                "if": [],
            }
        ],
        "states": 560,
        "transitions": 1570,
        "flushes": {"min": 1, "max": 1},
        "lines_flushed": {"min": 1, "max": 1},
        "unreached": [],
    }
    assert len(trace) == 13
    assert trace.count("fill x on pcpu0") == 1


def test_a_cause_that_is_no_statement_of_the_policy_has_no_place(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, (result,) = check_json(capsys, "psci-off-and-on", "--policy", "upstream")

    assert [(one["cause"] is None, one["place"]) for one in result["findings"]] == [(False, None)]
