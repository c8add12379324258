from __future__ import annotations

import os
import signal
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from tests.tui.command_line.checking import (
    FEW,
    HEADLINE,
    ROOT,
    check_json,
    without_seconds,
)
from tests.tui.command_line.terminal import run_on_terminal
from tui.command_line.main import main


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("seed", ["0", "4711"])
def test_the_same_bytes_but_for_the_seconds_whoever_explores(
    jobs: str, seed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["check", "--json", *FEW])
    here = capsys.readouterr().out

    done = subprocess.run(
        [sys.executable, "-m", "tui", "check", "--json", *FEW, "--jobs", jobs],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stderr) == (1, "")
    assert without_seconds(done.stdout) == without_seconds(here)


def test_a_deeply_nested_policy_is_explored_in_other_processes_as_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    never = files("scenarios").joinpath("policies/never.c").read_text("utf-8")
    condition = "now_enabled" + " + 0" * 90
    path = tmp_path / "nested.c"
    path.write_text(never.replace("if (now_enabled)", f"if ({condition})"), "utf-8")

    code, results = check_json(capsys, HEADLINE, "--policy", str(path), "--jobs", "2")

    assert (code, results[0]["verdict"]) == (1, "unsafe")


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_the_processes_that_explore_end_with_the_one_that_started_them(
    by: signal.Signals, endless: str
) -> None:
    policies = ("--policy", "upstream", "--policy", "never")
    words = ("check", HEADLINE, endless, *policies, "--exhaustive", "--jobs", "2")
    done = run_on_terminal(*words, interrupt_at="2 of 4 done", by=by)

    assert (done.code, done.out) == (-by, "")
