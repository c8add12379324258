"""What the README says is what the tool does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scenarios.checking import explore_cell
from scenarios.every_guest import EveryGuest, GuestQuestion, SearchedGuest, general_guests
from scenarios.library import load_scenario
from scenarios.names import scenario_names
from scenarios.policy_library import load_policy
from tui.command_line.main import main
from tui.presenters.reports.every_guest import Answered, told_answer

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


def test_the_guest_that_breaks_the_mails_second_candidate_is_the_one_that_is_found() -> None:
    policy = load_policy("vcpu0-only")
    question = GuestQuestion(policy)
    (guest,) = (each for each in general_guests() if each.name == "general/own-words-2")
    cell = question.cell(guest)
    answer = EveryGuest((SearchedGuest(cell, explore_cell(cell)),))
    told = told_answer(Answered("vcpu0-only", policy, (), answer))
    assert told in " ".join(README.read_text(encoding="utf-8").split())
    found = answer.searched[0].outcome.findings[0]
    chosen = [label for label in found.trace if " chooses " in label]
    assert chosen == ["vcpu1 chooses store", "vcpu1 chooses enable", "vcpu1 chooses load_on"]
