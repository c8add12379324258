"""One set of words for verdicts, wherever somebody can read them: safe, unsafe, undetermined."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT = Path(__file__).parents[1]

RETIRED: Final = {
    "refuted": r"\brefut(e|ed|es|ation)\b",
    "holds, of a run": r"\bholds on (this|all|every|the)\b|\bit holds\b|\bverdict +holds\b",
    "holds, as a verdict": r"""^holds$|["'`]holds["'`]|\b[0-9] holds\b""",
    "breaks nothing, shouted": r"\bbreaks? NOTHING\b",
    "breaks, shouted": r"\bBREAKS\b",
    "a verdict, shouted": r"\b(SAFE|UNSAFE|UNDETERMINED)\b",
    "cannot be judged, shouted": r"\bCANNOT BE JUDGED\b",
    "breaks unless": r"\bbreaks unless\b",
    "may break if": r"\bmay break if\b",
    "not all is known": r"\bnot all is known\b",
}
"""What verdicts were called before they had one name each, and how to find it."""

WRITTEN = (
    "README.md",
    "benchmarks/README.md",
    ".readme/debugger.svg",
    "scenarios/README.md",
    "scenarios/schema.json",
    *(str(path.relative_to(ROOT)) for path in sorted((ROOT / "scenarios").glob("*.toml"))),
    *(
        str(path.relative_to(ROOT))
        for folder in ("tests/tui/goldens", "tests/tui/command_line/golden")
        for path in sorted((ROOT / folder).iterdir())
    ),
)
SOURCES = tuple(
    str(path.relative_to(ROOT))
    for folder in ("engine", "scenarios", "tui", ".ci", "benchmarks")
    for path in sorted((ROOT / folder).rglob("*.py"))
)


def retired(text: str) -> list[str]:
    """Return which words of old a text has."""
    return [name for name, pattern in RETIRED.items() if re.search(pattern, text)]


def literals(source: str) -> Iterator[str]:
    """Yield the strings of a module that can come to be seen: all but the docstrings."""
    tree = ast.parse(source)
    unseen = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in unseen
        ):
            yield node.value


@pytest.mark.parametrize("file", WRITTEN)
def test_what_is_written_has_no_word_of_old(file: str) -> None:
    assert retired((ROOT / file).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("file", SOURCES)
def test_no_source_says_a_word_of_old(file: str) -> None:
    said = literals((ROOT / file).read_text(encoding="utf-8"))
    assert {text: found for text in said if (found := retired(text))} == {}


@pytest.mark.parametrize(
    "text",
    [
        "verdict   holds on this schedule: no finding in 27 steps",
        '{"verdict": "holds"}',
        '{"verdict": "refuted"}',
        "exit with 0 if it holds, 1 if it is refuted",
        "Exit codes: 0 holds, 1 refuted",
        "1. the whole C file: BREAKS 2 of 4 scenarios",
        "code at lines 7-20: breaks NOTHING that upstream keeps",
        "From the start: UNSAFE, stale in 13 steps",
        "SAFE speaks of these scenarios",
        ">1 breaks unless hw acts",
        " 2 may break if hw acts",
    ],
)
def test_the_list_knows_what_was_said_of_old(text: str) -> None:
    assert retired(text)


@pytest.mark.parametrize(
    "text",
    [
        "no cache holds the line",
        "this run: safe, no finding in 27 steps",
        "unsafe: breaks what upstream keeps, on 11 of 28 scenarios",
        "must break without hw",
    ],
)
def test_other_words_stay_allowed(text: str) -> None:
    assert retired(text) == []
