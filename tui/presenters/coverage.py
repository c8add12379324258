"""What a verdict speaks of, in lines: what was run, what is as known, what was not judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from engine.policy.coverage import Coverage, JudgedDefinition
from scenarios.kernel.decisions import POLICY_FUNCTIONS
from tui.presenters.words import counted, listed

_MOST: Final = 8
"""How many of a kind are named before the rest is counted."""

_SINCE: Final = {"kvm_toggle_cache": "v3.19", "kvm_set_way_flush": "v3.19"}
"""Since when upstream has what the built-in functions say."""


def coverage_lines(coverage: Coverage) -> Iterator[str]:
    """Yield what a verdict speaks of, a line a kind; none for a built-in policy."""
    run = [_placed(each) for each in coverage.judged if not each.era and each.changed]
    if run:
        yield f"run: {_some(run)}"
    base = [each.name for each in coverage.judged if not each.era and not each.changed]
    if base:
        yield f"run, as the base has it: {_some(base)}"
    known = [each for each in coverage.judged if each.era]
    for era in dict.fromkeys(each.era for each in known):
        names = (each.name for each in known if each.era == era)
        yield f"as known ({era}): {_some(names)}"
    if coverage.built_in:
        yield f"built-in: {_some(map(_dated, coverage.built_in))}"
    for each in coverage.not_judged[:_MOST]:
        yield f"not judged: {each.sentence.removesuffix(': not judged')}"
    more = len(coverage.not_judged) - _MOST
    if more > 0:
        yield f"not judged: {counted(more, 'more definition')}; --format json lists all of them"
    if coverage.without_effect:
        yield f"decides nothing: {_some(coverage.without_effect)}"


def named(coverage: Coverage) -> str:
    """Return what was run of a source, as the subject of a sentence."""
    run = sorted(coverage.run, key=lambda judged: judged.function not in POLICY_FUNCTIONS)
    more = len(run) - 1
    rest = f" (and {counted(more, 'more function')})" if more else ""
    return f"`{run[0].function}` at {_lines(run[0])}{rest}"


def _placed(judged: JudgedDefinition) -> str:
    return f"{judged.name} at {_lines(judged)} of {judged.file}"


def _lines(judged: JudgedDefinition) -> str:
    first, last = judged.lines
    return f"line {first}" if first == last else f"lines {first}-{last}"


def _dated(name: str) -> str:
    since = _SINCE.get(name)
    return f"{name}() as upstream has it since {since}" if since else f"{name}()"


def _some(names: Iterable[str]) -> str:
    every = list(names)
    if len(every) <= _MOST:
        return listed(every)
    return f"{', '.join(every[:_MOST])} and {len(every) - _MOST} more"
