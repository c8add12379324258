"""The scenario and the policy that a saved session carries, and whether others have changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

import attrs

from engine.compiler.compiler import compile_policy
from engine.policy.policy import Options, Policy
from engine.policy.source import SourceFile
from engine.refusal import InFile, RefusedError, quote
from scenarios.case import Case
from scenarios.file.reader import read_scenario
from scenarios.file.structuring import Verbatim
from scenarios.hardware import HardwareChoice, fit
from scenarios.names import policy_names
from scenarios.scenario import Scenario
from tui.files.session_entry import PolicyEntry, ScenarioEntry, SessionEntry, SourceEntry

MOST_LINES: Final = 1 << 18


def scenario_entry(case: Case) -> ScenarioEntry:
    """Return a case's scenario as a session's file holds it."""
    scenario = case.scenario
    return ScenarioEntry(case.scenario_spec, scenario.name, Verbatim(scenario.text))


def policy_entry(case: Case) -> PolicyEntry:
    """Return a case's policy as a session's file holds it."""
    policy = case.policy
    stand_ins = 1 if case.policy_spec in policy_names() else 2
    own = len(policy.sources) - stand_ins
    sources = tuple(
        SourceEntry(source.name, Verbatim(source.text), tuple(_runs(source.lines)), number < own)
        for number, source in enumerate(policy.sources)
    )
    return PolicyEntry(case.policy_spec, policy.name, case.options, sources, policy.coverage)


def embedded_case(
    entry: SessionEntry, options: Options, hardware: HardwareChoice, path: str
) -> Case:
    """Return the case that a session carries, read as its options say.

    Raises:
        RefusedError: the scenario or the policy in the file is none.
    """
    written, policy = entry.scenario, entry.policy
    try:
        scenario = read_scenario(written.text.encode(), name=written.name, file=written.spec)
    except RefusedError as error:
        raise RefusedError(f"no scenario ({error})", "one", InFile(path, "scenario.text")) from None
    return Case(
        fit(scenario, hardware),
        _compiled(policy, options, path),
        written.spec,
        policy.spec,
        policy.options,
        session=path,
    )


def changes(case: Case, scenario: Scenario | None, policy: Policy | None) -> Iterator[str]:
    """Yield in what a session's scenario and policy differ from those that there are now."""
    if scenario is not None and scenario.digest != case.scenario.digest:
        yield f"{quote(case.scenario_spec)} has changed since the session was saved"
    if policy is not None and policy.sources != case.policy.sources:
        detail = _first_change(case.policy.sources, policy.sources)
        yield f"{quote(case.policy_spec)} has changed since the session was saved: {detail}"


def _compiled(entry: PolicyEntry, options: Options, path: str) -> Policy:
    sources = tuple(
        SourceFile(each.name, each.text, tuple(_numbers(each, f"policy.sources[{number}]", path)))
        for number, each in enumerate(entry.sources)
    )
    own = [source for source, each in zip(sources, entry.sources, strict=True) if each.own]
    others = [source for source, each in zip(sources, entry.sources, strict=True) if not each.own]
    if not own or len({source.name for source in sources}) < len(sources):
        names = ", ".join(source.name for source in sources) or "none"
        raise RefusedError(
            names, "sources of different names, one's own", InFile(path, "policy.sources")
        )
    for index, judged in enumerate(entry.coverage.judged):
        numbers = sum(1 for _ in judged.lines)
        if numbers != 2:
            key = f"policy.coverage.judged[{index}].lines"
            raise RefusedError(f"{numbers} numbers", "two", InFile(path, key))
    try:
        policy = compile_policy(own[0], *others, beside=own[1:], name=entry.name, options=options)
    except RefusedError as error:
        raise RefusedError(f"no policy ({error})", "one", InFile(path, "policy.sources")) from None
    return attrs.evolve(policy, coverage=entry.coverage)


def _runs(lines: Iterable[int]) -> Iterator[tuple[int, ...]]:
    """Yield numbers of lines as runs: the first, and how many follow each other."""
    numbered = enumerate(lines)
    for _, run in groupby(numbered, key=lambda each: each[1] - each[0] if each[1] else None):
        numbers = [number for _, number in run]
        yield numbers[0], len(numbers)


def _numbers(entry: SourceEntry, key: str, path: str) -> Iterator[int]:
    """Yield the numbers that runs stand for, one a line of the source."""
    left = entry.text.count("\n") + 1
    for run in entry.lines:
        first, length = run if len(run) == 2 else (-1, 0)
        if not (0 <= first <= MOST_LINES and 0 < length <= left):
            raise RefusedError(
                str(list(run)), "a first line and a length", InFile(path, f"{key}.lines")
            )
        left -= length
        yield from (first + number if first else 0 for number in range(length))


def _first_change(then: Sequence[SourceFile], now: Sequence[SourceFile]) -> str:
    for was, here in zip(then, now, strict=False):
        if was.name != here.name:
            return f"the source {quote(was.name)} was there instead of {quote(here.name)}"
        lines = zip([*was.text.split("\n"), ""], [*here.text.split("\n"), ""], strict=False)
        for number, (old, new) in enumerate(lines, 1):
            if old != new:
                return f"line {number} of {was.name} was {quote(old.strip())}"
    return "other sources were there"
