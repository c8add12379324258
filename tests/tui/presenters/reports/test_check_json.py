from __future__ import annotations

import pytest

from tests.tui.command_line.checking import (
    FEW,
    FINDING,
    HEADLINE,
    check_json,
)

RESULT = [
    *(
        "scenario",
        "policy",
        "verdict",
        "reason",
        "introduced_by_policy",
        "expected",
        "met",
        "findings",
    ),
    *("states", "transitions", "seconds", "flushes", "lines_flushed", "unreached"),
]


def test_the_json_has_the_keys_that_programs_know(capsys: pytest.CaptureFixture[str]) -> None:
    code, results = check_json(capsys, *FEW)

    assert code == 1
    assert [list(result) for result in results] == [RESULT] * 9
    assert [(result["scenario"], result["policy"]) for result in results[:4]] == [
        ("boot-on-vcpu1", "upstream"),
        ("boot-on-vcpu1", "vcpu0-only"),
        ("boot-on-vcpu1", "never"),
        (HEADLINE, "upstream"),
    ]
    for result in results:
        assert all(list(finding) == FINDING for finding in result["findings"])
        assert list(result["flushes"]) == list(result["lines_flushed"]) == ["min", "max"]
        assert isinstance(result["seconds"], float)


def test_a_guests_own_mistake_is_not_introduced_by_the_policy(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, results = check_json(capsys, "message-before-enable", "--policy", "never")

    assert [(one["verdict"], one["introduced_by_policy"]) for one in results] == [("unsafe", False)]


def test_where_upstream_is_undetermined_the_json_says_null(
    capsys: pytest.CaptureFixture[str],
) -> None:
    few_states = ("--max-states", "20")
    code, results = check_json(capsys, HEADLINE, "--policy", "vcpu0-only", *few_states)

    assert (code, results[0]["verdict"], results[0]["introduced_by_policy"]) == (1, "unsafe", None)
