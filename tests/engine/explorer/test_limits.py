from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.explorer.exhaustive.search import ExhaustiveSearch, exhaustive_search
from engine.explorer.explore import explore
from engine.explorer.limits import REPORT_EVERY, Counts, LimitReason, Limits, Reporter
from engine.explorer.reduced.search import ReducedSearch, reduced_search
from engine.findings import Verdict
from engine.judge import Ghost
from engine.machine.state import Machine
from tests.engine.build import machine, policy_of

ENABLE = "msr sctlr_el1, x0"


def loops(rounds: int) -> Machine:
    """Build a machine whose policy takes so many rounds in one state of the reduced search."""
    body = f"int i; for (i = 0; i < {rounds}; i++) barrier(); stage2_flush_vm(vcpu->kvm);"
    toggle = "void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)"
    return machine(ENABLE, runs=policy_of(f"{toggle}\n{{\n{body}\n}}\n"))


class Asked:
    """A progress callback that cancels when it is called for the last of so many times."""

    def __init__(self, most: int | None = None) -> None:
        self.most = most
        self.counts: list[Counts] = []

    def __call__(self, counts: Counts) -> bool:
        self.counts.append(counts)
        return len(self.counts) != self.most


def test_a_search_asks_whether_to_go_on_within_a_state_that_takes_long() -> None:
    asked = Asked()
    known = explore(loops(300), progress=asked)
    assert known.verdict is Verdict.SAFE
    assert known.states < REPORT_EVERY
    assert len(asked.counts) > 3


@pytest.mark.parametrize("most", [1, 2, 3])
def test_a_search_that_is_cancelled_within_a_state_ends_there(most: int) -> None:
    asked = Asked(most)
    known = explore(loops(900), progress=asked)
    assert (known.verdict, known.reason) == (Verdict.UNDETERMINED, LimitReason.CANCELLED)
    assert (known.unreached, known.statements, known.cost) == (None, None, None)
    assert known.decisions is None
    assert len(asked.counts) == most


@pytest.mark.parametrize("search", [reduced_search, exhaustive_search])
def test_looking_for_who_is_stuck_can_be_cancelled_to_the_last(
    search: Callable[[Machine, Ghost, Limits, Asked], ExhaustiveSearch | ReducedSearch],
) -> None:
    built = loops(300)
    ghost = Ghost.initial(built)
    asked = Asked()
    assert search(built, ghost, Limits(), asked).reason is None
    again = Asked(len(asked.counts))
    assert search(built, ghost, Limits(), again).reason is LimitReason.CANCELLED
    assert again.counts == asked.counts


def test_a_search_tells_at_its_very_beginning_and_then_by_the_states_found() -> None:
    asked = Asked()
    reporter = Reporter(asked)
    for states in range(2 * REPORT_EVERY):
        assert reporter.report(states, 2 * states, 1)
    assert asked.counts == [Counts(0, 0, 1), Counts(REPORT_EVERY, 2 * REPORT_EVERY, 1)]


def test_what_a_part_of_a_search_explored_counts_in_what_the_next_part_tells() -> None:
    asked = Asked()
    reporter = Reporter(asked)
    reporter.finished(70, 200)
    reporter.finished(30, 100)
    assert reporter.report(5, 6, 7)
    assert asked.counts == [Counts(105, 306, 7)]
