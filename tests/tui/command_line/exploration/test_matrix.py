from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from tests.tui.command_line.checking import (
    HEADLINE,
    NOTHING_HAPPENS,
    ROOT,
    check_json,
    shipped,
)
from tui.command_line.main import main

POLICIES = ROOT / "tests" / "policies"


def test_a_policy_that_asks_for_hardware_is_checked_on_each(
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = str(POLICIES / "gate-on-implementor.c")
    _, results = check_json(capsys, HEADLINE, "--policy", path)

    assert [(one["policy"], one["verdict"]) for one in results] == [
        (f"{path} --implementor hisilicon", "unsafe"),
        (f"{path} --implementor arm", "safe"),
    ]

    code, results = check_json(capsys, HEADLINE, "--policy", path, "--implementor", "0x70")

    assert (code, [(one["policy"], one["verdict"]) for one in results]) == (0, [(path, "safe")])


def test_fwb_can_be_chosen(capsys: pytest.CaptureFixture[str]) -> None:
    code, results = check_json(capsys, HEADLINE, "--policy", "never", "--fwb", "on")

    assert (code, results[0]["policy"], results[0]["verdict"]) == (0, "never", "safe")


def test_a_file_of_which_a_scenario_expects_something_is_beside_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "there").mkdir()
    never = files("scenarios").joinpath("policies/never.c").read_text("utf-8")
    (tmp_path / "there" / "mine.c").write_text(never, "utf-8")
    expect = 'upstream = "safe"\n"mine.c" = ["stale"]\n'
    begin = shipped("boot-on-vcpu1").partition("[expect]")[0]
    (tmp_path / "there" / "boot.toml").write_text(f"{begin}[expect]\n{expect}", "utf-8")
    monkeypatch.chdir(tmp_path)

    code, results = check_json(capsys, "there/boot.toml", "--expect")

    assert (code, [(one["policy"], one["met"]) for one in results]) == (
        0,
        [("upstream", True), ("there/mine.c", True)],
    )
    monkeypatch.chdir(tmp_path / "there")
    code, results = check_json(capsys, "../there/boot.toml", "--policy", "./mine.c")
    assert (code, [(one["expected"], one["met"]) for one in results]) == (1, [(["stale"], True)])


def test_a_file_that_is_expected_and_not_there_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "nothing.toml"
    path.write_text(f'{NOTHING_HAPPENS}"mien.c" = "safe"\n', "utf-8")

    assert main(["check", str(path), "--expect"]) == 2

    assert capsys.readouterr().err.startswith(f"kvmcache-tui: {tmp_path / 'mien.c'}: found no ")


def test_what_is_expected_is_of_the_scenarios_own_hardware(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gated = ("vcpu0-only-one-vendor", "arm", [])
    asked = ("reboot-all-vcpus", "--policy", gated[0])
    _, results = check_json(capsys, *asked)
    assert [(one["policy"].split()[-1], one["expected"]) for one in results] == [
        ("phytium", None),
        ("arm", []),
    ]

    code, results = check_json(capsys, *asked, "--expect")
    assert (code, [(one["policy"], one["met"]) for one in results]) == (0, [(gated[0], True)])

    _, results = check_json(capsys, HEADLINE, "--policy", "never", "--fwb", "on")
    assert [(one["expected"], one["met"]) for one in results] == [(None, None)]


def test_a_file_is_a_scenario_whatever_it_is_called(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / HEADLINE).write_text(shipped("single-vcpu-boot"), "utf-8")
    monkeypatch.chdir(tmp_path)

    _, results = check_json(capsys, "--file", HEADLINE, HEADLINE, "--policy", "upstream")

    assert [one["scenario"] for one in results] == [HEADLINE, f"./{HEADLINE}"]


def test_what_is_asked_twice_is_checked_once(capsys: pytest.CaptureFixture[str]) -> None:
    policies = ("--policy", "never", "--policy", "never")
    _, results = check_json(capsys, HEADLINE, HEADLINE, *policies)

    assert len(results) == 1
