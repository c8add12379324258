"""`review` of a mail with two candidates, as the tests of it and of its reports ask it."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from engine.policy.policy import Options
from scenarios.hardware import HardwareChoice
from scenarios.policy_library import load_candidates
from tests.tui.command_line.goldens import ANY
from tui.command_line.arguments import Reading
from tui.command_line.exploration.matrix import CellSearch
from tui.command_line.main import main
from tui.command_line.subcommands.review_command import review
from tui.presenters.reports.review_text import review_as_text
from tui.presenters.tool import tool

ROOT = Path(__file__).parents[2]


POLICIES = ROOT / "tests" / "policies"


FEW = ("boot-on-vcpu1", "message-before-enable", "secondary-stale-line", "trap-without-toggle")


MAIL = """\
From: A Reader <reader@example.org>
Subject: flushing less
Date: Thu, 1 May 2025 10:00:00 +0000

Hello, this is what happens now:

{0}
and this is what I have in mind:

{1}
Would that do?
"""


def code(policy: str) -> str:
    """Return a built-in policy's function without the comment above it."""
    text = files("scenarios").joinpath(f"policies/{policy}.c").read_text("utf-8")
    return text[text.index("void ") :]


def report(
    file: str,
    options: Options | None = None,
    max_states: int | None = None,
    form: Callable[..., str] = review_as_text,
) -> str:
    """Return the report on a few scenarios, and on no general guest."""
    how = Reading(options or Options(), None, HardwareChoice(), ())
    search = CellSearch(max_states, jobs=1, exhaustive=max_states is not None, compare_all=True)
    made = review(file, load_candidates(file), FEW, how, search)
    text = form(file, made.candidates, len(FEW), interrupted=False).replace(tool(), ANY)
    assert max(len(line) for line in text.splitlines() if "/*" not in line) <= 72
    assert not any(line != line.rstrip() for line in text.splitlines())
    return text


def review_json(
    capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[int, list[dict[str, Any]], str]:
    exit_code = main(["review", "--json", "--no-every-guest", *arguments])
    out, err = capsys.readouterr()
    return exit_code, json.loads(out)["results"], err
