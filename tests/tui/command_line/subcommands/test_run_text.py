from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

from tests.tui.command_line.running import HEADLINE, run_json
from tui.command_line.main import main


def test_entries_that_were_passed_over_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = files("scenarios").joinpath("single-vcpu-boot.toml").read_text("utf-8")
    path = tmp_path / "made.toml"
    path.write_text(text.replace('"fill x on pcpu0"', '"evict x"'), "utf-8")

    code, document = run_json(capsys, str(path), "upstream")

    why = "no cache has the line of x"
    assert (code, document["skipped"]) == (0, [{"entry": 1, "text": "evict x", "why": why}])

    main(["run", str(path)])

    assert f"\npassed over: entry 1, 'evict x': {why}\n" in capsys.readouterr().out


def test_a_run_that_is_not_finished_is_undetermined(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "short.toml"
    text = files("scenarios").joinpath(f"{HEADLINE}.toml").read_text("utf-8")
    begin, end = text.index("schedule = ["), text.index("\n]\n") + 3
    text = text.replace(text[begin:end], 'schedule = ["vcpu0 finish"]\n')
    path.write_text(re.sub(r"\nentry = \d+\n", "\nentry = 1\n", text), "utf-8")

    code, document = run_json(capsys, str(path), "never")

    assert (code, document["verdict"], document["findings"]) == (3, "undetermined", [])


@pytest.mark.parametrize(
    ("policy", "expect", "code", "met"),
    [
        ("upstream", '"safe"', 0, None),
        ("never", '["stale"]', 1, None),
        ("never", '["lost"]', 1, False),
        ("vcpu0-only", None, 1, None),
    ],
)
def test_a_run_says_what_is_expected_and_can_show_no_more_than_that_it_is_not_so(
    policy: str,
    expect: str | None,
    code: int,
    met: bool | None,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    begin = files("scenarios").joinpath(f"{HEADLINE}.toml").read_text("utf-8")
    path = tmp_path / "mine.toml"
    line = "" if expect is None else f"{policy} = {expect}\n"
    path.write_text(f"{begin.partition('[expect]')[0]}[expect]\n{line}", "utf-8")
    kinds = {'"safe"': [], '["stale"]': ["stale"], '["lost"]': ["lost"], None: None}[expect]

    exit_code, document = run_json(capsys, str(path), policy)
    assert (exit_code, document["expected"], document["met"]) == (code, kinds, met)

    main(["run", str(path), "--policy", policy])
    told = "expected  lost, by the scenario: not met\n"
    assert (told in capsys.readouterr().out) is (met is False)
