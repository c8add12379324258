"""Every C file here is read as the `.toml` beside it says."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from engine.c.policy import AsksFwb, Options, Policy, Question
from engine.c.reader import compile_policy
from engine.c.source import PolicyError, SourceFile
from engine.c.types import type_name

HERE = Path(__file__).parent
SET_WAY = HERE.parents[1] / "scenarios" / "policies" / "set-way.c"
FILES = sorted(HERE.glob("**/*.c"))


def _source(path: Path) -> SourceFile:
    return SourceFile(path.name, path.read_text(encoding="utf-8"))


def _compile(path: Path, expected: dict[str, object]) -> Policy:
    configs = expected.get("configs", {})
    assert isinstance(configs, dict)
    options = Options(configs=tuple(configs.items()))
    return compile_policy(_source(path), _source(SET_WAY), name=path.stem, options=options)


def _question(question: Question) -> str:
    return "fwb" if isinstance(question, AsksFwb) else question.name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_policy_is_read_or_refused_as_expected(path: Path) -> None:
    expected = tomllib.loads(path.with_suffix(".toml").read_text(encoding="utf-8"))
    if "refused" in expected:
        with pytest.raises(PolicyError) as refusal:
            _compile(path, expected)
        assert str(refusal.value) == expected["refused"]
        return
    policy = _compile(path, expected)
    assert {
        "functions": [function.name for function in policy.functions],
        "state": {v.name: type_name(v.type) for v in (*policy.statics, *policy.fields)},
        "questions": [_question(question) for question in policy.questions],
    } == {
        "functions": expected["functions"],
        "state": expected.get("state", {}),
        "questions": expected.get("questions", []),
    }
