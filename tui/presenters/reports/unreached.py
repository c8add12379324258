"""What of a candidate's code no run of any scenario comes to: a verdict says nothing of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import attrs

from engine.policy.coverage import JudgedDefinition
from engine.policy.decisions import conditions
from engine.policy.operations import Return
from engine.policy.policy import Function, Policy
from engine.policy.propagation import Possible, possible
from engine.policy.source import Place, user_line
from scenarios.checking import CellOutcome
from scenarios.hardware import OWN_HARDWARE, HardwareChoice
from tui.presenters.words import listed

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
    is_shut_off: bool = False
    """The hardware that was chosen lets no run of any guest come to it."""


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
    is_settled: bool = False
    """The hardware that was chosen lets it come to nothing else, whatever the guest."""


@attrs.frozen
class Missed:
    """What of the code that a source brings is not shown by any run."""

    unreached: tuple[Unreached, ...] = ()
    one_way: tuple[OneWay, ...] = ()
    runs_nothing: bool = False
    """No step of any function that the source brings, or a patch changes, is taken."""
    is_unknown: bool = False
    """It is not known what runs show, although all of them were gone through."""
    on_chosen: bool = False
    """The user said on which hardware."""

    @property
    def may_decide(self) -> bool:
        """Whether anything of it is the source's own, so that nothing can be called safe.

        What the chosen hardware alone shuts off or settles decides nothing there. Where nothing
        is run, there is nothing to call safe, whoever's own it is.
        """
        return (
            self.runs_nothing
            or self.is_unknown
            or self.leaves_out
            or any(not each.is_settled for each in self.one_way)
        )

    @property
    def leaves_out(self) -> bool:
        """Whether some statement of the source's own is not run, though it might be."""
        return any(not (each.is_known or each.is_shut_off) for each in self.unreached)

    @property
    def left_open(self) -> str:
        """What that leaves open, in words."""
        why = "none of it is run" if self.runs_nothing else "no scenario shows what that would do"
        return f"undetermined over all: {why}"

    @property
    def remarks(self) -> tuple[str, ...]:
        """Each in words."""
        here = ", on this hardware" if self.on_chosen else ""
        return (
            *(_told_unreached(each, here) for each in self.unreached),
            *(_told_one_way(each, here) for each in self.one_way),
        )


NOTHING: Final = Missed()


def missed(
    policy: Policy, outcomes: Sequence[CellOutcome], given: HardwareChoice = OWN_HARDWARE
) -> Missed:
    """Return what no run shows, in the order of the text; nothing where a search ended early.

    `given` is the hardware that the user chose: what no run can show there is marked.
    """
    if not outcomes or any(each.reason is not None for each in outcomes):
        return NOTHING
    if any(each.statements is None or each.decisions is None for each in outcomes):
        return Missed(is_unknown=bool(policy.coverage.run))
    shown = _shown(outcomes)
    able = possible(policy, given.answers)
    run = _brought(policy)
    return Missed(
        tuple(_unreached(policy, shown, able)),
        tuple(_one_way(policy, shown, able)),
        runs_nothing=bool(run) and not any(number in run for number, _ in shown.steps),
        on_chosen=given != OWN_HARDWARE,
    )


def runs_any(policy: Policy, outcomes: Iterable[CellOutcome]) -> bool:
    """Say whether a step of a function that a source brings is taken, as far as that is known."""
    run = _brought(policy)
    every = tuple(outcomes)
    if not run or any(each.statements is None for each in every):
        return True
    return any(number in run for number, _ in _shown(every).steps)


def _shown(outcomes: Iterable[CellOutcome]) -> Possible:
    """Return what runs come to of a policy: the steps of its functions, and of its conditions."""
    every = tuple(outcomes)
    return Possible(
        frozenset(step for each in every for step in each.statements or ()),
        frozenset(
            (came.place, came.text, came.met) for each in every for came in each.decisions or ()
        ),
    )


def _told_unreached(each: Unreached, here: str) -> str:
    whole = f"{each.function}()"
    lines = f"line{'s' if len(each.lines) > 1 else ''} {listed(map(str, each.lines))} ({whole})"
    if each.is_shut_off:
        return f"no run can come to it{here}: {whole if each.is_whole else lines}"
    what = "called" if each.is_whole else "run"
    return f"never {what} on these scenarios{here}: {whole if each.is_whole else lines}"


def _told_one_way(each: OneWay, here: str) -> str:
    condition = f"`{each.text}`, line {each.line} ({each.function}())"
    if each.is_settled:
        how = "it cannot be evaluated" if each.only is None else f"it can only be {_truth(each)}"
        return f"{how}{here}: {condition}"
    how = "never evaluated" if each.only is None else f"only ever {_truth(each)}"
    return f"{how} on these scenarios{here}: {condition}"


def _truth(each: OneWay) -> str:
    return "true" if each.only else "false"


def _unreached(policy: Policy, shown: Possible, able: Possible) -> Iterator[Unreached]:
    for number, function, judged in _run(policy):
        steps = [
            ((number, pc), _line(policy, operation.place))
            for pc, operation in enumerate(function.operations)
            if not (isinstance(operation, Return) and operation.text in _IMPLICIT)
        ]
        missed = [(step, line) for step, line in steps if step not in shown.steps]
        if not missed:
            continue
        is_whole = len(missed) == len(steps)
        met = {line for step, line in steps if step in shown.steps}
        left_out = {line for step, line in missed if step in able.steps} - met
        shut_off = {line for step, line in missed if step not in able.steps} - met - left_out
        if is_whole:
            left_out, shut_off = (
                (left_out | shut_off, set[int]()) if left_out else (left_out, shut_off)
            )
        for lines, is_shut_off in ((left_out, False), (shut_off, True)):
            if lines:
                yield Unreached(
                    function.name, tuple(sorted(lines)), is_whole, judged.is_known, is_shut_off
                )


def _one_way(policy: Policy, shown: Possible, able: Possible) -> Iterator[OneWay]:
    for number, function, judged in _run(policy):
        if judged.is_known:
            continue
        asked = dict.fromkeys(
            condition
            for pc, operation in enumerate(function.operations)
            if (number, pc) in shown.steps
            for condition in conditions(operation)
        )
        for place, text in asked:
            ways = [met for met in (True, False) if (place, text, met) in shown.decisions]
            if len(ways) < 2:
                may = {met for met in (True, False) if (place, text, met) in able.decisions}
                only = ways[0] if ways else None
                is_settled = may <= set(ways)
                yield OneWay(function.name, _line(policy, place), text, only, is_settled)


def _run(policy: Policy) -> Iterator[tuple[int, Function, JudgedDefinition]]:
    """Yield the functions of a candidate that are run, numbered as the policy has them."""
    run = {judged.function: judged for judged in policy.coverage.judged if not judged.era}
    for number, function in enumerate(policy.functions):
        if function.name in run:
            yield number, function, run[function.name]


def _brought(policy: Policy) -> frozenset[int]:
    """Return the numbers of those that the source brings; what a patch leaves alone is not."""
    return frozenset(number for number, _, judged in _run(policy) if judged.changed)


def _line(policy: Policy, place: Place) -> int:
    return user_line(policy.sources, place) or place.line
