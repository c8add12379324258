"""What the README says is what the tool does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scenarios.library import load_scenario, scenario_names
from tui.command_line.main import main

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
BEGIN, END = "<!-- matrix: kvmcache-tui check --markdown -->\n", "<!-- end of matrix -->"


def test_the_matrix_is_what_the_explorer_finds(
    pytestconfig: pytest.Config, capsys: pytest.CaptureFixture[str]
) -> None:
    text = README.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    shown, after = rest.split(END)
    main(["check", "--markdown"])
    found = capsys.readouterr().out
    if pytestconfig.getoption("--update-goldens"):
        README.write_text(f"{before}{BEGIN}{found}{END}{after}", encoding="utf-8")
    else:
        assert shown == found


def test_the_picture_is_of_the_screen_as_it_is(pytestconfig: pytest.Config, tmp_path: Path) -> None:
    shown, made = ROOT / ".readme" / "debugger.svg", tmp_path / "debugger.svg"
    headline = ("secondary-stale-line", "--policy", "vcpu0-only", "--format", "svg")
    assert main(["export", *headline, "-o", str(made)]) == 0
    if pytestconfig.getoption("--update-goldens"):
        shown.write_bytes(made.read_bytes())
    else:
        assert shown.read_bytes() == made.read_bytes()


def test_every_scenario_is_listed_for_its_authors() -> None:
    listed = (ROOT / "scenarios" / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z0-9-]+)` \| (.+) \|$", listed, re.MULTILINE)
    expected = [(name, load_scenario(name).title) for name in scenario_names()]
    assert [row for row in rows if row[0] in scenario_names()] == expected
