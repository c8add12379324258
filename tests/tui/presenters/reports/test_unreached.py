from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.tui.command_line.checking import (
    ENDLESS,
    GATED,
    check_json,
)
from tui.command_line.main import main

WAITING = """\
title = "A vCPU that waits for what nobody sends"
teaches = "What no run reaches is not judged."
schedule = []
hardware = { pcpus = 1 }
memory = { words = { x = { address = 0x4000_0000 } } }
[[vcpu]]
registers = { x1 = 0x4000_0000 }
program = "poll: ldr x2, [x1]; cbz x2, poll; load: ldr x3, [x1]; again: b load"
[[vcpu]]
power = "off"
program = "start: nop"
"""


@pytest.mark.parametrize("how", [(), ("--exhaustive",)])
def test_what_no_run_of_a_safe_scenario_reaches_is_said(
    how: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "waiting.toml"
    file.write_text(WAITING, "utf-8")
    asked = ("--file", str(file), "--policy", "upstream", "--policy", "never", *how)

    assert main(["check", *asked]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "  upstream and never: no run reaches load and again of vcpu0; start of vcpu1" in lines

    _, results = check_json(capsys, *asked)
    assert [result["unreached"] for result in results] == 2 * [
        [
            {"actor": "vcpu0", "label": "load"},
            {"actor": "vcpu0", "label": "again"},
            {"actor": "vcpu1", "label": "start"},
        ]
    ]


def test_where_not_all_was_explored_nobody_says_what_no_run_reaches(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "waiting.toml"
    file.write_text(WAITING, "utf-8")
    asked = ("--file", str(file), "--policy", "upstream", "--exhaustive", "--max-states", "1")

    assert main(["check", *asked]) == 3
    assert "no run reaches" not in capsys.readouterr().out
    assert check_json(capsys, *asked)[1][0]["unreached"] is None


def test_a_cell_of_which_no_run_completes_says_so(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "round.toml"
    path.write_text(ENDLESS.replace("sub x0, x0, #1", "nop").replace("cbnz x0, 1b", "b 1b"))
    code = main(["check", "--file", str(path), "--policy", "upstream"])
    text = " ".join(capsys.readouterr().out.split())
    assert code == 0
    assert "upstream: no run completes, somebody always goes on: there is no cost" in text


def test_what_no_run_shows_of_a_policy_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "gated.c"
    path.write_text(GATED, "utf-8")
    where = ["off-and-on-again", "trap-without-toggle", "--policy", str(path)]

    assert main(["check", *where]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert (
        f"{path}: only ever true on these scenarios: `vcpu->vcpu_id < 8`, line 5 "
        "(kvm_toggle_cache())" in told
    )
    assert "undetermined over all" not in told

    assert main(["check", *where, "--json"]) == 0
    (candidate,) = json.loads(capsys.readouterr().out)["candidates"]
    assert (candidate["verdict"], candidate["never_run"]) == ("safe", [])
    assert candidate["one_way"] == [
        {"function": "kvm_toggle_cache", "line": 5, "text": "vcpu->vcpu_id < 8", "only": True}
    ]
