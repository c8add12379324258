"""Every guest: what the general guests say of a policy, those of the fewest vCPUs first.

A general guest chooses what it does next, again and again, so that it stands for all programs that
keep its part of the contract. Upstream is safe on each of them: what is found is the policy's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import groupby
from typing import Final, TypeAlias

import attrs

from engine.explorer.limits import Limits
from engine.findings import Verdict
from engine.policy.policy import Policy
from scenarios.checking import CellOutcome, CheckedCell, ShortestFound
from scenarios.hardware import OWN_HARDWARE, HardwareChoice
from scenarios.library import load_scenario
from scenarios.names import general_names
from scenarios.scenario import Scenario

GUEST_LIMITS: Final = Limits(1_000_000)
"""How much the search of one general guest may use where nobody says."""

Explore: TypeAlias = Callable[[Sequence[CheckedCell]], Sequence[CellOutcome]]
"""Returns the outcomes of cells, in their order."""


@attrs.frozen
class GuestQuestion:
    """Whether a policy keeps what every guest relies on, on some hardware."""

    policy: Policy
    hardware: HardwareChoice = OWN_HARDWARE
    limits: Limits = GUEST_LIMITS

    def cell(self, guest: Scenario) -> CheckedCell:
        """Return the question about one general guest."""
        return CheckedCell(guest, self.policy, self.hardware, self.limits)


@attrs.frozen
class SearchedGuest:
    """A general guest that was searched, and what came of it."""

    cell: CheckedCell
    outcome: CellOutcome

    @property
    def name(self) -> str:
        """The guest's name."""
        return self.cell.scenario.name

    @property
    def vcpus(self) -> int:
        """How many it has."""
        return len(self.cell.scenario.vcpus)


@attrs.frozen
class EveryGuest:
    """What the general guests that were searched say of a policy."""

    searched: tuple[SearchedGuest, ...]

    @classmethod
    def together(cls, answers: Iterable[EveryGuest]) -> EveryGuest:
        """Return what answers on several hardware say together."""
        return cls(tuple(each for answer in answers for each in answer.searched))

    @property
    def verdict(self) -> Verdict:
        """Unsafe by one finding, safe only if all general guests were searched and are."""
        verdicts = {each.outcome.verdict for each in self.searched}
        if Verdict.UNSAFE in verdicts:
            return Verdict.UNSAFE
        return Verdict.SAFE if verdicts == {Verdict.SAFE} else Verdict.UNDETERMINED

    @property
    def guests(self) -> tuple[str, ...]:
        """The names of those that were searched."""
        return tuple(dict.fromkeys(each.name for each in self.searched))

    @property
    def vcpus(self) -> int:
        """The most that any of them has."""
        return max((each.vcpus for each in self.searched), default=0)

    @property
    def states(self) -> int:
        """How many were searched in all."""
        return sum(each.outcome.states for each in self.searched)

    @property
    def shortest(self) -> tuple[SearchedGuest, ShortestFound] | None:
        """The shortest counterexample, the first of them where several are as short."""
        found = ((each, one) for each in self.searched for one in each.outcome.findings)
        return min(found, key=lambda pair: pair[1].step, default=None)

    @property
    def ended_early(self) -> SearchedGuest | None:
        """The first whose search ended early."""
        return next((each for each in self.searched if each.outcome.reason is not None), None)

    @property
    def goes_on(self) -> bool:
        """Whether guests of more vCPUs can say more: nothing is found, and nothing given up."""
        return self.ended_early is None and self.shortest is None


def ask_every_guest(questions: Sequence[GuestQuestion], explore: Explore) -> tuple[EveryGuest, ...]:
    """Return the answers to questions, in their order.

    All guests of so many vCPUs are searched, for all questions at once; those of more only for a
    policy that is safe on those of fewer. So what is found is on the fewest vCPUs that show it.
    """
    answers = [EveryGuest(()) for _ in questions]
    for guests in _by_vcpus():
        going_on = [number for number, answer in enumerate(answers) if answer.goes_on]
        if not going_on:
            break
        asked = [(number, questions[number].cell(guest)) for number in going_on for guest in guests]
        outcomes = explore([cell for _, cell in asked])
        for (number, cell), outcome in zip(asked, outcomes, strict=True):
            searched = (*answers[number].searched, SearchedGuest(cell, outcome))
            answers[number] = EveryGuest(searched)
    return tuple(answers)


def _by_vcpus() -> Iterator[tuple[Scenario, ...]]:
    """Yield the general guests, those of the fewest vCPUs first."""
    guests = sorted(general_guests(), key=lambda guest: len(guest.vcpus))
    for _, alike in groupby(guests, key=lambda guest: len(guest.vcpus)):
        yield tuple(alike)


@cache
def general_guests() -> tuple[Scenario, ...]:
    """Return the general guests, in the order of their names."""
    return tuple(map(load_scenario, general_names()))
