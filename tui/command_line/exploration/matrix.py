"""What `check` and `review` ask: every scenario under every policy, on the hardware it asks for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import attrs

from engine.explorer.limits import Limits
from engine.policy.policy import Policy
from scenarios.case import Words
from scenarios.checking import CellOutcome, CheckedCell
from scenarios.every_guest import (
    GUEST_LIMITS,
    EveryGuest,
    Explore,
    GuestQuestion,
    ask_every_guest,
)
from scenarios.hardware import OWN_HARDWARE, HardwareChoice, choices_for, fit
from scenarios.names import policy_names
from scenarios.policy_library import expectation_of
from scenarios.scenario import Scenario
from tui.command_line.arguments import Reading
from tui.command_line.exploration.exploring import exploring
from tui.presenters.reports.checked import Checked
from tui.presenters.reports.every_guest import Answered


@attrs.frozen(eq=False)
class Named:
    """A policy, and the word by which the user asked for it."""

    spec: str
    policy: Policy


@attrs.frozen
class CellSearch:
    """How cells are explored."""

    max_states: int | None
    jobs: int
    exhaustive: bool = False
    compare_all: bool = False
    """Explore upstream beside every cell, not only beside what is found unsafe."""
    timeout: int | None = None
    """Seconds for all cells together."""
    every_guest: bool = False
    """Explore the general guests as well."""

    @property
    def limits(self) -> Limits:
        """The limits of one search."""
        return Limits() if self.max_states is None else Limits(self.max_states)

    @property
    def guest_limits(self) -> Limits:
        """The limits of the search of one general guest."""
        return GUEST_LIMITS if self.max_states is None else self.limits

    @property
    def words(self) -> Words:
        """The options that make other searches find the same."""
        if self.max_states is None:
            return ()
        return (("--max-states", str(self.max_states)),)


@attrs.frozen
class Checks:
    """All that was checked, in the order of the scenarios, and whether Ctrl-C cut it short."""

    rows: tuple[Checked, ...]
    interrupted: bool
    answers: tuple[Answered, ...] = ()
    """What holds of each policy for every guest, where that was asked."""

    def answer(self, spec: str) -> Answered | None:
        """Return what holds for every guest under the policy of that word, if that was asked."""
        return next((each for each in self.answers if each.policy_spec == spec), None)

    def outcomes(self, spec: str) -> list[CellOutcome]:
        """Return those under the policy of that word."""
        return [row.result.outcome for row in self.rows if row.policy_spec == spec]


def check_all(
    scenarios: Sequence[tuple[str, Scenario]],
    policies: Sequence[Named],
    reading: Reading,
    search: CellSearch,
    expecting: Collection[str] = (),
) -> Checks:
    """Check every scenario, each with the word for it, under every policy.

    Those that are `expecting` are checked under the policies alone that their [expect] names.
    """
    asked = [
        (
            spec,
            named,
            choice,
            CheckedCell(scenario, named.policy, choice, search.limits, search.exhaustive),
        )
        for spec, scenario in scenarios
        for named in policies
        if spec not in expecting or expectation_of(scenario, spec, named.spec) is not None
        for choice in choices_for(named.policy, reading.hardware)
    ]
    return _explored(asked, policies, reading, search)


def check_expected(
    scenarios: Sequence[tuple[str, Scenario]],
    policies: Sequence[Named],
    reading: Reading,
    search: CellSearch,
) -> Checks:
    """Check each scenario under those policies alone of which it expects something.

    It is what the file speaks of that is checked: the hardware is the scenario's own.
    """
    asked = [
        (
            spec,
            named,
            OWN_HARDWARE,
            CheckedCell(scenario, named.policy, OWN_HARDWARE, search.limits, search.exhaustive),
        )
        for spec, scenario in scenarios
        for named in policies
        if expectation_of(scenario, spec, named.spec) is not None
    ]
    return _explored(asked, policies, reading, search)


def _explored(
    asked: Sequence[tuple[str, Named, HardwareChoice, CheckedCell]],
    policies: Sequence[Named],
    reading: Reading,
    search: CellSearch,
) -> Checks:
    with exploring(search.jobs, search.timeout) as explored:
        cells = [cell for *_, cell in asked]
        results = explored.results(cells, compare_all=search.compare_all)
        answers = (
            _answers(policies, reading, search, explored.outcomes) if search.every_guest else ()
        )
    rows = (
        Checked(
            scenario_spec=spec,
            policy_spec=named.spec,
            variant=_not_given(choice, reading.hardware),
            options=(*_own_words(named.spec, reading), *search.words),
            cell=cell,
            result=result,
            expectation=expectation_of(fit(cell.scenario, choice), spec, named.spec),
        )
        for (spec, named, choice, cell), result in zip(asked, results, strict=True)
    )
    return Checks(tuple(rows), explored.interrupted, answers)


def _answers(
    policies: Sequence[Named], reading: Reading, search: CellSearch, explore: Explore
) -> tuple[Answered, ...]:
    """Ask of each policy what holds for every guest, on all hardware that it asks about."""
    asked = [
        (named, GuestQuestion(named.policy, choice, search.guest_limits))
        for named in policies
        for choice in choices_for(named.policy, reading.hardware)
    ]
    answers = ask_every_guest([question for _, question in asked], explore)
    of_policy: dict[str, list[EveryGuest]] = {}
    for (named, _), answer in zip(asked, answers, strict=True):
        of_policy.setdefault(named.spec, []).append(answer)
    return tuple(
        Answered(
            named.spec,
            named.policy,
            (*_own_words(named.spec, reading), *search.words),
            EveryGuest.together(of_policy[named.spec]),
            reading.hardware,
        )
        for named in policies
    )


def named_once(specs: Iterable[str]) -> tuple[str, ...]:
    """Return words without those that were said before."""
    return tuple(dict.fromkeys(specs))


def _not_given(choice: HardwareChoice, given: HardwareChoice) -> HardwareChoice:
    """Return what of a choice the user did not ask for: it tells one result from another."""
    return HardwareChoice(
        None if given.fwb is not None else choice.fwb,
        None if given.implementor is not None else choice.implementor,
    )


def _own_words(spec: str, reading: Reading) -> Words:
    """Return the options that a policy was read with, none for those that have no use for them."""
    return () if spec in policy_names() else reading.words
