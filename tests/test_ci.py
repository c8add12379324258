"""What CI runs is there: a test that moved away would end it with no test run."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_every_path_that_ci_names_is_there() -> None:
    text = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    named = re.findall(r"(?<![\w/])(?:tests|\.ci)/[\w./]+", text)
    assert len(named) > 4
    assert [path for path in named if not (ROOT / path).exists()] == []
