"""`run` as the tests of it and of its reports ask it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tui.command_line.main import main

HEADLINE = "secondary-stale-line"


def run_json(
    capsys: pytest.CaptureFixture[str], scenario: str, policy: str
) -> tuple[int, dict[str, Any]]:
    code = main(["run", scenario, "--policy", policy, "--format", "json"])
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return code, document
