"""What of a candidate's code no run of any scenario comes to: a verdict says nothing of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import attrs

from engine.explorer.learning.moves import Statement
from engine.machine.effects import ConditionValue
from engine.policy.coverage import JudgedDefinition
from engine.policy.decisions import conditions
from engine.policy.operations import Return
from engine.policy.policy import Function, Policy
from engine.policy.source import Place, user_line
from scenarios.checking import CellOutcome
from tui.presenters.words import listed

_IMPLICIT: Final = ("}", "")
"""The texts of returns that nobody wrote."""


@attrs.frozen
class PolicyReach:
    """What runs come to of a policy: the steps of its functions, and what conditions came to."""

    statements: frozenset[Statement] = frozenset()
    decisions: frozenset[ConditionValue] = frozenset()

    @classmethod
    def of(cls, outcomes: Iterable[CellOutcome]) -> PolicyReach:
        """Return what is known of any of them."""
        every = tuple(outcomes)
        statements = frozenset[Statement]().union(*(each.statements or () for each in every))
        decisions = frozenset[ConditionValue]().union(*(each.decisions or () for each in every))
        return cls(statements, decisions)

    def __or__(self, other: PolicyReach) -> PolicyReach:
        """Return what either comes to."""
        return PolicyReach(self.statements | other.statements, self.decisions | other.decisions)


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


@attrs.frozen
class OneWay:
    """A condition that never came to both, in a function that the source brings.

    One that equals a known kernel's is as upstream has it, whatever it is used for.
    """

    function: str
    line: int
    """In the user's file, or in the base that it changes."""
    text: str
    only: bool | None
    """What it came to wherever it was evaluated, None where it never was."""


@attrs.frozen
class Missed:
    """What of the code that a source brings is not shown by any run."""

    unreached: tuple[Unreached, ...] = ()
    one_way: tuple[OneWay, ...] = ()

    @property
    def may_decide(self) -> bool:
        """Whether anything of it is the source's own, so that nothing can be called safe."""
        return bool(self.one_way) or any(not each.is_known for each in self.unreached)

    @property
    def remarks(self) -> tuple[str, ...]:
        """Each in words."""
        return (*map(_told_unreached, self.unreached), *map(_told_one_way, self.one_way))


NOTHING: Final = Missed()


def missed(
    policy: Policy, outcomes: Sequence[CellOutcome], elsewhere: PolicyReach | None = None
) -> Missed:
    """Return what no run shows, in the order of the text; nothing where it is not known what does.

    `elsewhere` is what other runs come to: what they show is not missed.
    """
    if not outcomes or any(each.statements is None for each in outcomes):
        return NOTHING
    reach = PolicyReach.of(outcomes)
    if elsewhere is not None:
        reach |= elsewhere
    return Missed(tuple(_unreached(policy, reach)), tuple(_one_way(policy, reach)))


def _told_unreached(each: Unreached) -> str:
    if each.is_whole:
        return f"never called on these scenarios: {each.function}()"
    lines = f"line{'s' if len(each.lines) > 1 else ''} {listed(map(str, each.lines))}"
    return f"never run on these scenarios: {lines} ({each.function}())"


def _told_one_way(each: OneWay) -> str:
    where = f"`{each.text}`, line {each.line} ({each.function}())"
    if each.only is None:
        return f"never evaluated on these scenarios: {where}"
    return f"only ever {'true' if each.only else 'false'} on these scenarios: {where}"


def _unreached(policy: Policy, reach: PolicyReach) -> Iterator[Unreached]:
    reached = reach.statements
    for number, function, judged in _run(policy):
        operations = [
            (pc, operation.place)
            for pc, operation in enumerate(function.operations)
            if not (isinstance(operation, Return) and operation.text in _IMPLICIT)
        ]
        missed = [(pc, place) for pc, place in operations if (number, pc) not in reached]
        if not missed:
            continue
        met = {_line(policy, place) for pc, place in operations if (number, pc) in reached}
        lines = {_line(policy, place) for _, place in missed} - met
        is_whole = len(missed) == len(operations)
        if lines or is_whole:
            yield Unreached(function.name, tuple(sorted(lines)), is_whole, judged.is_known)


def _one_way(policy: Policy, reach: PolicyReach) -> Iterator[OneWay]:
    for number, function, judged in _run(policy):
        if judged.is_known:
            continue
        asked = dict.fromkeys(
            condition
            for pc, operation in enumerate(function.operations)
            if (number, pc) in reach.statements
            for condition in conditions(operation)
        )
        for place, text in asked:
            ways = [
                met for met in (True, False) if ConditionValue(place, text, met) in reach.decisions
            ]
            if ways != [True, False]:
                only = ways[0] if ways else None
                yield OneWay(function.name, _line(policy, place), text, only)


def _run(policy: Policy) -> Iterator[tuple[int, Function, JudgedDefinition]]:
    """Yield the functions of a candidate that are run, numbered as the policy has them."""
    run = {judged.function: judged for judged in policy.coverage.judged if not judged.era}
    for number, function in enumerate(policy.functions):
        if function.name in run:
            yield number, function, run[function.name]


def _line(policy: Policy, place: Place) -> int:
    return user_line(policy.sources, place) or place.line
