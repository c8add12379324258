from __future__ import annotations

import json

import pytest

from tests.tui.command_line.checking import (
    HEADLINE,
)
from tests.tui.command_line.terminal import run_on_terminal


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupt_prints_what_is_established(jobs: str, endless: str) -> None:
    policies = ("--policy", "upstream", "--policy", "never")
    done = run_on_terminal(
        *("check", HEADLINE, endless, *policies, "--exhaustive", "--jobs", jobs),
        interrupt_at="2 of 4 done",
    )

    assert done.code == 130
    assert "  never     unsafe: stale 11     306          839     0..0   0..0\n" in done.out
    assert "  upstream: undetermined: cancelled\n" in done.out
    assert "Interrupted: what was not decided by then is undetermined.\n" in done.out
    assert "\n4 results: 1 safe, 1 unsafe, 2 undetermined\n" in done.out
    assert "Traceback" not in done.err


def test_an_interrupt_leaves_the_json_whole(endless: str) -> None:
    done = run_on_terminal(
        *("check", endless, HEADLINE, "--policy", "upstream", "--exhaustive", "--json"),
        interrupt_at="0 of 2 done",
    )

    assert done.code == 130
    assert [one["verdict"] for one in json.loads(done.out)["results"]] == ["undetermined"] * 2
