from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest

from engine.explorer.limits import LimitReason, Limits
from engine.findings import Kind, Verdict
from scenarios.checking import CellOutcome, CheckedCell, ShortestFound, explore_cell, undetermined
from scenarios.every_guest import EveryGuest, GuestQuestion, ask_every_guest, general_guests
from scenarios.hardware import HardwareChoice
from scenarios.names import general_names
from scenarios.policy_library import load_policy

TWO = tuple(name for name in general_names() if name.endswith("-2"))
THREE = tuple(name for name in general_names() if name.endswith("-3"))
SAFE = CellOutcome(Verdict.SAFE, None, (), 10, 20, None, None)


def found(step: int, reason: str | None = None) -> CellOutcome:
    stale = ShortestFound(Kind.STALE, "vcpu1", "x", step, None, None, (), ())
    return CellOutcome(Verdict.UNSAFE, reason, (stale,), 10, 20, None, None)


def told(outcomes: Mapping[str, CellOutcome]) -> Callable[..., Sequence[CellOutcome]]:
    """Return what tells outcomes by the guests' names, safe for all others."""

    def explore(cells: Sequence[CheckedCell]) -> Sequence[CellOutcome]:
        return [outcomes.get(cell.scenario.name, SAFE) for cell in cells]

    return explore


def ask(outcomes: Mapping[str, CellOutcome]) -> EveryGuest:
    (answer,) = ask_every_guest([GuestQuestion(load_policy("upstream"))], told(outcomes))
    return answer


def test_general_guests_have_the_number_of_their_vcpus_at_the_end_of_their_names() -> None:
    sizes = {guest.name: len(guest.vcpus) for guest in general_guests()}
    assert sizes == {name: int(name.rpartition("-")[2]) for name in general_names()}
    assert set(sizes.values()) == {2, 3}


def test_a_policy_is_safe_for_every_guest_if_it_is_on_all_general_guests() -> None:
    answer = ask({})

    assert (answer.verdict, answer.guests) == (Verdict.SAFE, (*TWO, *THREE))
    assert (answer.vcpus, answer.states) == (3, 10 * len(general_names()))
    assert (answer.shortest, answer.ended_early) == (None, None)


def test_what_is_found_on_two_vcpus_is_not_looked_for_on_three() -> None:
    answer = ask({TWO[0]: found(13)})

    assert (answer.verdict, answer.guests, answer.vcpus) == (Verdict.UNSAFE, TWO, 2)
    assert answer.shortest is not None
    assert (answer.shortest[0].name, answer.shortest[1].step) == (TWO[0], 13)


def test_what_is_safe_on_two_vcpus_is_refuted_on_three() -> None:
    answer = ask({THREE[-1]: found(20)})

    assert (answer.verdict, answer.vcpus) == (Verdict.UNSAFE, 3)
    assert answer.shortest is not None
    assert answer.shortest[0].name == THREE[-1]


def test_where_a_search_is_given_up_on_two_vcpus_none_is_begun_on_three() -> None:
    answer = ask({TWO[-1]: undetermined(LimitReason.STATES.value)})

    assert (answer.verdict, answer.guests) == (Verdict.UNDETERMINED, TWO)
    assert answer.ended_early is not None
    assert answer.ended_early.name == TWO[-1]


def test_a_finding_counts_however_its_search_ended() -> None:
    answer = ask({TWO[0]: found(30, LimitReason.STATES.value)})

    assert answer.verdict is Verdict.UNSAFE
    assert answer.ended_early is not None


def test_what_was_not_judged_of_a_source_leaves_the_answer_open_but_a_finding_may_come() -> None:
    unread = CellOutcome(Verdict.UNDETERMINED, None, (), 10, 20, None, None, gap="a hunk")

    answer = ask({TWO[0]: unread})
    assert (answer.verdict, answer.guests) == (Verdict.UNDETERMINED, (*TWO, *THREE))
    assert ask({TWO[0]: unread, THREE[0]: found(9)}).verdict is Verdict.UNSAFE


def test_of_no_guest_nothing_is_said() -> None:
    assert EveryGuest(()).verdict is Verdict.UNDETERMINED


def test_answers_on_several_hardware_are_one_together() -> None:
    safe, broken = ask({}), ask({TWO[0]: found(13)})

    together = EveryGuest.together((safe, broken))
    assert (together.verdict, together.vcpus) == (Verdict.UNSAFE, 3)
    assert together.shortest == broken.shortest
    assert EveryGuest.together((safe, safe)).verdict is Verdict.SAFE


def test_questions_are_explored_together_and_each_goes_on_by_itself() -> None:
    policies = [load_policy(name) for name in ("never", "upstream")]
    explored: list[list[tuple[str, str]]] = []

    def explore(cells: Sequence[CheckedCell]) -> Sequence[CellOutcome]:
        explored.append([(cell.policy.name, cell.scenario.name) for cell in cells])
        return [found(14) if cell.policy.name == "never" else SAFE for cell in cells]

    answers = ask_every_guest([GuestQuestion(policy) for policy in policies], explore)
    assert [answer.verdict for answer in answers] == [Verdict.UNSAFE, Verdict.SAFE]
    assert explored == [
        [(name, guest) for name in ("never", "upstream") for guest in TWO],
        [("upstream", guest) for guest in THREE],
    ]


@pytest.mark.parametrize("policy", ["never", "vcpu0-only"])
def test_what_breaks_a_story_breaks_some_general_guest(policy: str) -> None:
    question = GuestQuestion(load_policy(policy), limits=Limits(100_000))
    (answer,) = ask_every_guest([question], lambda cells: [explore_cell(each) for each in cells])

    assert (answer.verdict, answer.vcpus) == (Verdict.UNSAFE, 2)


@pytest.mark.parametrize("guest", TWO)
def test_upstream_is_safe_on_hardware_that_needs_no_flush(guest: str) -> None:
    cells = [
        question.cell(each)
        for question in [GuestQuestion(load_policy("upstream"), HardwareChoice(fwb=True))]
        for each in general_guests()
        if each.name == guest
    ]
    assert [explore_cell(cell).verdict for cell in cells] == [Verdict.SAFE]
