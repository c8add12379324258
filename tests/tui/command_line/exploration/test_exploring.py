from __future__ import annotations

import pytest

from tests.tui.command_line.checking import (
    HEADLINE,
    check_json,
)
from tui.command_line.main import main


def test_an_expectation_that_is_open_is_undetermined(capsys: pytest.CaptureFixture[str]) -> None:
    asked = (HEADLINE, "--expect", "--policy", "upstream", "--max-states", "9")
    code, results = check_json(capsys, *asked)

    assert (code, [(one["expected"], one["met"]) for one in results]) == (3, [([], None)])
    assert main(["check", *asked]) == 3
    assert "  [expect] undetermined for upstream\n" in capsys.readouterr().out


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_what_is_not_decided_in_the_time_given_is_undetermined(
    capsys: pytest.CaptureFixture[str], endless: str, jobs: str
) -> None:
    code, results = check_json(
        capsys, "--file", endless, "--policy", "upstream", "--timeout", "1", "--jobs", jobs
    )
    told = [(each["verdict"], each["reason"]) for each in results]
    assert (code, told) == (3, [("undetermined", "the time was over (--timeout 1)")])
