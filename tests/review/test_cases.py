"""Every source here is judged as far as the `.toml` beside it says, and no further.

`base` in it names a tree under `trees`; the candidate is given as the JSON of a review gives it,
without where its lines are.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from engine.policy.policy import Options
from scenarios.hardware import HardwareChoice
from scenarios.policy_library import load_candidates
from scenarios.sources.base import Tree, read_tree
from tui.command_line.arguments import Reading
from tui.command_line.exploration.matrix import CellSearch
from tui.command_line.subcommands.review_command import exit_code, review
from tui.presenters.reports.candidates_json import candidate
from tui.presenters.reports.check_json import results_as_json

HERE = Path(__file__).parent
CASES = sorted(path for path in HERE.glob("cases/*") if path.suffix != ".toml")
FEW = ("off-after-set-way", "off-and-on-again", "secondary-stale-line", "trap-without-toggle")
"""Scenarios that tell the cases apart; what is not judged does not depend on them."""


def _base(names: list[str]) -> Tree | None:
    return read_tree([str(HERE / "trees" / name) for name in names]) if names else None


def _judged(path: Path, expected: dict[str, Any]) -> tuple[int, list[dict[str, Any]]]:
    base = _base(expected.get("base", []))
    how = Reading(Options(tuple(expected.get("configs", {}).items())), base, HardwareChoice(), ())
    found = load_candidates(str(path), base=base)
    made = review(str(path), found, FEW, how, CellSearch(None, jobs=1, compare_all=True))
    document = json.loads(results_as_json((), (), map(candidate, made.candidates)))
    return exit_code(made.candidates), document["candidates"]


def _told(found: dict[str, Any]) -> dict[str, Any]:
    return {
        "verdict": found["verdict"],
        "judged": [f"{each['function']}: {each['how']}" for each in found["judged"]],
        "built_in": found["built_in"],
        "not_judged": [f"{each['what']} {each['why']}" for each in found["not_judged"]],
        "decides_nothing": found["decides_nothing"],
        "never_run": [
            f"{each['function']}{'' if each['called'] else '()'}: {each['lines']}"
            for each in found["never_run"]
        ],
        "one_way": [
            f"{each['function']}: {each['line']}: {each['text']} is only ever {each['only']}"
            for each in found["one_way"]
        ],
    }


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_a_source_is_judged_as_far_as_expected(path: Path) -> None:
    expected = tomllib.loads(path.with_suffix(".toml").read_text(encoding="utf-8"))
    code, candidates = _judged(path, expected)
    assert (code, [_told(each) for each in candidates]) == (
        expected["exit"],
        [{"one_way": [], **each} for each in expected["candidate"]],
    )
