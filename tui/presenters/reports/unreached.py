"""What of a candidate's code no run of any scenario comes to: a verdict says nothing of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

import attrs

from engine.explorer.learning.moves import Statement
from engine.policy.operations import Return
from engine.policy.policy import Policy
from engine.policy.source import Place, user_line

_IMPLICIT: Final = ("}", "")
"""The texts of returns that nobody wrote."""


@attrs.frozen
class Unreached:
    """Statements of a function that no run comes to."""

    function: str
    lines: tuple[int, ...]
    """In the user's file, or in the base that it changes."""
    is_whole: bool
    """The function is never called."""
    is_known: bool
    """It equals that of a known kernel: what is not run of it is as upstream has it."""


def unreached(policy: Policy, reached: Collection[Statement]) -> tuple[Unreached, ...]:
    """Return what of the functions that a candidate brings was not reached, in their order."""
    return tuple(_unreached(policy, reached))


def _unreached(policy: Policy, reached: Collection[Statement]) -> Iterator[Unreached]:
    run = {judged.function: judged.is_known for judged in policy.coverage.judged if not judged.era}
    for number, function in enumerate(policy.functions):
        steps = [
            (pc, step.place)
            for pc, step in enumerate(function.steps)
            if not (isinstance(step, Return) and step.text in _IMPLICIT)
        ]
        missed = [(pc, place) for pc, place in steps if (number, pc) not in reached]
        if function.name not in run or not missed:
            continue
        met = {_line(policy, place) for pc, place in steps if (number, pc) in reached}
        lines = {_line(policy, place) for _, place in missed} - met
        is_whole = len(missed) == len(steps)
        if lines or is_whole:
            known = run[function.name]
            yield Unreached(function.name, tuple(sorted(lines)), is_whole, known)


def _line(policy: Policy, place: Place) -> int:
    return user_line(policy.sources, place) or place.line
