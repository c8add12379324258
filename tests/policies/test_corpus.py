"""Every C file here is read, and breaks what it breaks, as the `.toml` beside it says."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from engine.compiler.compiler import compile_policy
from engine.explorer.explore import explore
from engine.explorer.limits import Limits
from engine.findings import Verdict
from engine.policy.c_types import type_name
from engine.policy.policy import AsksFwb, HardwareQuestion, Options, Policy
from engine.policy.source import SourceFile
from engine.refusal import RefusedError
from scenarios.library import load_scenario

HERE = Path(__file__).parent
SET_WAY = HERE.parents[1] / "scenarios" / "policies" / "set-way.c"
FILES = sorted(HERE.glob("**/*.c"))
LIMITS = Limits(max_states=100_000)


def _source(path: Path) -> SourceFile:
    return SourceFile(path.name, path.read_text(encoding="utf-8"))


def _compile(path: Path, expected: dict[str, object]) -> Policy:
    configs = expected.get("configs", {})
    assert isinstance(configs, dict)
    options = Options(configs=tuple(configs.items()))
    return compile_policy(_source(path), _source(SET_WAY), name=path.stem, options=options)


def _question(question: HardwareQuestion) -> str:
    return "fwb" if isinstance(question, AsksFwb) else question.name


def _expected(path: Path) -> dict[str, object]:
    return tomllib.loads(path.with_suffix(".toml").read_text(encoding="utf-8"))


def _verdict(policy: Policy, scenario: str) -> str | list[str]:
    """Return "safe", or the kinds of findings over every run."""
    found = explore(load_scenario(scenario).machine(policy), limits=LIMITS)
    if found.verdict is Verdict.UNSAFE:
        return [each.finding.kind.value for each in found.counterexamples]
    return str(found.verdict.value)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_policy_is_read_or_refused_as_expected(path: Path) -> None:
    expected = _expected(path)
    if "refused" in expected:
        with pytest.raises(RefusedError) as refusal:
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


@pytest.mark.parametrize("path", sorted(HERE.glob("*.c")), ids=lambda path: path.stem)
def test_a_policy_is_as_safe_as_expected(path: Path) -> None:
    expected = _expected(path)
    verdicts = expected["verdict"]
    assert isinstance(verdicts, dict)
    policy = _compile(path, expected)
    assert {scenario: _verdict(policy, scenario) for scenario in verdicts} == verdicts
