from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from importlib.resources import files
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from scenarios.names import policy_names, scenario_names
from tests.tui.command_line.checking import (
    FEW,
    FINDING,
    GATED,
    HEADLINE,
    NOTHING_HAPPENS,
    ROOT,
    check_json,
    shipped,
)
from tui.command_line.main import main


def test_the_report_has_safety_and_cost_side_by_side(
    capsys: pytest.CaptureFixture[str], golden: Callable[[str, str], None]
) -> None:
    code = main(["check", *FEW, "--exhaustive"])

    out, err = capsys.readouterr()
    assert (code, err) == (1, "")
    assert max(map(len, out.splitlines())) <= 80
    golden("check-few", out)


def test_one_scenario_needs_no_matrix(
    capsys: pytest.CaptureFixture[str], golden: Callable[[str, str], None]
) -> None:
    code = main(["check", HEADLINE, "--policy", "upstream", "--exhaustive"])

    assert code == 0
    golden("check-safe", capsys.readouterr().out)


def test_what_is_undetermined_is_never_shown_as_safe(
    capsys: pytest.CaptureFixture[str], golden: Callable[[str, str], None]
) -> None:
    policies = ("--policy", "upstream", "--policy", "vcpu0-only")
    code = main(["check", HEADLINE, *policies, "--exhaustive", "--max-states", "9"])

    out = capsys.readouterr().out
    assert code == 3
    assert not any("  safe  " in line for line in out.splitlines())
    golden("check-undetermined", out)


def test_long_names_have_lines_of_their_own(
    capsys: pytest.CaptureFixture[str],
    golden: Callable[[str, str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    gated = ("--policy", "tests/policies/gate-on-implementor.c")
    code = main(["check", "boot-on-vcpu1", HEADLINE, *gated, "--exhaustive"])

    out = capsys.readouterr().out
    assert code == 1
    assert max(map(len, out.splitlines())) <= 80
    golden("check-gated", out)


def test_an_expectation_that_is_not_met_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "made.toml"
    text = shipped(HEADLINE)
    text = text.replace('upstream = "safe"', 'upstream = ["lost"]')
    path.write_text(text.replace('never = ["stale"]', 'never = "safe"'), "utf-8")
    policies = ("--policy", "upstream", "--policy", "never", "--policy", "vcpu0-only")

    assert main(["check", str(path), *policies]) == 1

    out = capsys.readouterr().out
    assert [line for line in out.splitlines() if re.search(r"\[expect\]|expectations", line)] == [
        "  upstream: [expect] not met: expected lost, found safe",
        "  never: [expect] not met: expected safe, found stale",
        "  [expect] met for vcpu0-only",
        "3 expectations: 1 met, 2 not met, 0 undetermined",
    ]


@pytest.mark.parametrize(
    ("expect", "arguments", "code", "met"),
    [
        ('never = "safe"', (), 0, [None, True]),
        ('never = ["stale"]', (), 1, [None, False]),
        ('upstream = "safe"\nnever = ["stale", "lost"]', (), 1, [True, False]),
        ('never = "safe"', ("--expect",), 0, [True]),
        ('upstream = "safe"\nnever = "safe"', ("--expect",), 0, [True, True]),
        ('upstream = "safe"\nnever = ["stuck"]', ("--expect",), 1, [True, False]),
    ],
)
def test_an_expectation_that_is_not_met_fails_where_all_is_safe(
    expect: str,
    arguments: tuple[str, ...],
    code: int,
    met: list[bool | None],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "nothing.toml"
    path.write_text(f"{NOTHING_HAPPENS}{expect}\n", "utf-8")
    policies = () if arguments else ("--policy", "upstream", "--policy", "never")

    exit_code, results = check_json(capsys, "--file", str(path), *policies, *arguments)

    assert (exit_code, [one["met"] for one in results]) == (code, met)
    assert {one["verdict"] for one in results} == {"safe"}


@pytest.mark.parametrize(
    ("expect", "policies", "judged"),
    [
        ('never = "safe"\nupstream = "safe"', (), ["never", "upstream"]),
        ("", (), list(policy_names())),
        ('never = "safe"', ("all",), list(policy_names())),
        ('never = "safe"', ("all", "upstream"), list(policy_names())),
        ('never = "safe"', ("upstream",), ["upstream"]),
    ],
)
def test_a_scenario_of_ones_own_is_judged_under_what_it_expects_or_all_that_are_named(
    expect: str,
    policies: tuple[str, ...],
    judged: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "nothing.toml"
    path.write_text(f"{NOTHING_HAPPENS}{expect}\n", "utf-8")
    asked = [word for policy in policies for word in ("--policy", policy)]
    _, results = check_json(capsys, "--file", str(path), *asked)
    assert list(dict.fromkeys(one["policy"].split(" --")[0] for one in results)) == judged


def test_one_that_ships_beside_it_is_judged_under_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "nothing.toml"
    path.write_text(f'{NOTHING_HAPPENS}never = "safe"\n', "utf-8")
    _, results = check_json(capsys, "single-vcpu-boot", "--file", str(path))
    judged: dict[str, list[str]] = {}
    for one in results:
        judged.setdefault(one["scenario"], []).append(one["policy"].split(" --")[0])
    assert list(dict.fromkeys(judged["single-vcpu-boot"])) == list(policy_names())
    assert judged[str(path)] == ["never"]


def test_a_scenario_comes_by_stdin(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    text = f'{NOTHING_HAPPENS}never = "safe"\n'.encode()
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(text)))
    code, results = check_json(capsys, "-")
    assert (code, [one["policy"] for one in results]) == (0, ["never"])


def test_what_is_unsafe_as_expected_fails_unless_that_is_the_question(
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = ("boot-on-vcpu1", "--policy", "never", "--policy", "upstream")

    code, results = check_json(capsys, *asked)
    expected, same = check_json(capsys, *asked, "--expect")

    assert (code, expected) == (1, 0)
    for found in (results, same):
        assert [(one["verdict"], one["expected"], one["met"]) for one in found] == [
            ("unsafe", ["stale"], True),
            ("safe", [], True),
        ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            (HEADLINE, "--expect", "--fwb", "on"),
            "found --expect with --fwb or --implementor; expected --expect alone: an [expect] "
            "speaks of the scenario's own hardware",
        ),
        (
            ("nothing.toml", "--expect"),
            "found no [expect] of any policy in 'nothing.toml'; expected a scenario that expects "
            "something of it",
        ),
        (
            ("nothing.toml", HEADLINE, "--expect", "--policy", "mine.c"),
            f"found no [expect] of 'mine.c' in 'nothing.toml' and '{HEADLINE}'; expected a "
            "scenario that expects something of it",
        ),
    ],
)
def test_an_expectation_is_never_met_for_want_of_one(
    arguments: tuple[str, ...],
    message: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "nothing.toml").write_text(NOTHING_HAPPENS, "utf-8")
    never = files("scenarios").joinpath("policies/never.c").read_text("utf-8")
    (tmp_path / "mine.c").write_text(never, "utf-8")
    monkeypatch.chdir(tmp_path)

    assert main(["check", *arguments]) == 2
    assert capsys.readouterr() == ("", f"kvmcache-tui: {message}\n")


def test_a_policy_of_which_nothing_is_run_is_not_safe_as_expected(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "nothing.toml").write_text(f'{NOTHING_HAPPENS}"mine.c" = "safe"\n', "utf-8")
    (tmp_path / "mine.c").write_text(GATED, "utf-8")
    monkeypatch.chdir(tmp_path)

    code, results = check_json(capsys, "--file", "nothing.toml", "--expect")

    assert (code, [one["met"] for one in results]) == (3, [None])


STRAYING = """\
title = "A pointer with one wrong digit"
teaches = "A guest that stops proves nothing."
schedule = []
hardware = { pcpus = 1 }
memory = { words = { x = { address = 0x4000_0000 } } }
[[vcpu]]
registers = { x1 = 0x4000_0008 }
program = "nop; str x2, [x1]; ldr x3, [x1]"
"""


@pytest.mark.parametrize("how", [(), ("--exhaustive",)])
def test_a_guest_that_faults_is_unsafe_and_commends_no_policy(
    how: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "straying.toml"
    file.write_text(STRAYING, "utf-8")

    code = main(["check", "--file", str(file), "--policy", "never", *how])
    out = capsys.readouterr().out
    assert code == 1
    assert "never   unsafe: fault 2" in out
    assert "never: vcpu0 accesses 0x40000008, no guest RAM, at step 2, with upstream too" in out
    assert "Cheapest safe policy: none is known to be safe on all that was checked" in out

    _, (result,) = check_json(capsys, "--file", str(file), "--policy", "never", *how)
    (finding,) = result["findings"]
    assert (result["verdict"], result["introduced_by_policy"]) == ("unsafe", False)
    assert [finding[key] for key in FINDING] == [
        *("fault", "vcpu0", None, 2, None, None),
        "FAULT: vcpu0 accesses 0x40000008 at step 2, which is no guest RAM, and stops",
        *(None, [], ["vcpu0", "vcpu0"]),
    ]


LEFT_OPEN = "undetermined over all: no scenario shows what that would do"


@pytest.mark.parametrize(
    ("condition", "is_open"),
    [("on != was_enabled", False), ("on != was_enabled && on != 5", True)],
)
def test_what_all_that_ships_leaves_open_is_not_called_safe(
    condition: str, is_open: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "own.c"
    path.write_text(GATED.replace("on != was_enabled && vcpu->vcpu_id < 8", condition), "utf-8")

    assert main(["check", "--policy", str(path)]) == 1
    told = " ".join(capsys.readouterr().out.split())
    assert (LEFT_OPEN in told) == is_open


def test_scenarios_are_all_that_ship_whatever_they_are_called(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "gated.c"
    path.write_text(GATED, "utf-8")
    copies = [tmp_path / f"{name}-of-mine.toml" for name in scenario_names()]
    for name, copy in zip(scenario_names(), copies, strict=True):
        copy.write_bytes(files("scenarios").joinpath(f"{name}.toml").read_bytes())

    for named, is_open in ((copies, True), (copies[1:], False)):
        assert main(["check", *map(str, named), "--policy", str(path)]) == 1
        told = " ".join(capsys.readouterr().out.split())
        assert (LEFT_OPEN in told) == is_open


@pytest.mark.parametrize("options", [["fwb"], [HEADLINE, "--fwb", "on"]])
def test_a_policy_of_which_nothing_is_run_is_not_called_safe(
    options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "own.c"
    path.write_text(GATED, "utf-8")

    assert main(["check", *options, "--policy", str(path)]) == 3
    told = " ".join(capsys.readouterr().out.split())
    assert f"{path}: undetermined over all: none of it is run" in told
    assert "Cheapest safe policy: none" in told

    assert main(["check", *options, "--policy", str(path), "--markdown"]) == 3
    *_, why, remark = capsys.readouterr().out.splitlines()
    assert why == f"`{path}`: undetermined over all: none of it is run"
    assert remark.startswith("- `never called on these scenarios")

    assert main(["check", *options, "--policy", str(path), "--json"]) == 3
    (candidate,) = json.loads(capsys.readouterr().out)["candidates"]
    assert candidate["verdict"] == "undetermined"
