"""Where each of two runs takes steps of its own, those that do the same stand side by side."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.alignment import MOST_MATCHED, AlignedSteps, aligned_in_kvm, stretches
from engine.lockstep import driven
from engine.machine.effects import StatementExecuted
from engine.machine.events import GuestExecutes, KvmExecutes
from engine.machine.state import Machine
from engine.policy.policy import Policy
from engine.policy.source import Place
from engine.timeline import Timeline
from engine.transition import Step
from tests.engine.build import machine
from tests.engine.test_lockstep import check, rows, under
from tests.engine.test_properties import POLICIES, machines, walk

TOGETHER, LEFT, RIGHT = (1, 1), (1, 0), (0, 1)

AT_REST = machine("nop", "nop")
GUEST = Step(AT_REST, GuestExecutes(0), AT_REST, ())


def states(text: str, actor: int = 0, line: int = 1) -> Step:
    """Return a step in which KVM executes a statement for an actor."""
    place = Place("test.c", line, 1, line, 2)
    return Step(AT_REST, KvmExecutes(actor), AT_REST, (StatementExecuted(actor, place, text),))


def every(letters: str, actor: int = 0) -> list[Step]:
    """Return a step of KVM's for each letter."""
    return [states(letter, actor) for letter in letters]


def beside(left: list[Step], right: list[Step]) -> list[AlignedSteps]:
    """Align two runs that went side by side as long as both had steps."""
    longest = max(len(left), len(right))
    before = [(min(at, len(left)), min(at, len(right))) for at in range(longest + 1)]
    return aligned_in_kvm(before, left, right)


def test_what_only_one_side_executes_stands_alone_and_the_rest_stays_in_step() -> None:
    moves = rows((TOGETHER, 1), (LEFT, 1), (TOGETHER, 3))
    assert beside(every("abcde"), every("acde")) == [*moves]
    assert beside(every("acde"), every("abcde")) == [(left, right) for right, left in moves]


def test_two_statements_of_one_actor_that_stand_for_each_other_share_a_row() -> None:
    assert beside(every("axb"), every("ayb")) == [*rows((TOGETHER, 3))]
    assert beside(every("axb"), every("ayzwb")) == [*rows((TOGETHER, 2), (RIGHT, 2), (TOGETHER, 1))]


def test_statements_of_two_actors_share_no_row() -> None:
    left, right = [*every("a"), states("x", 0), *every("b")], [*every("a"), states("x", 1)]
    assert beside(left, [*right, *every("b")]) == [
        *rows((TOGETHER, 1), (LEFT, 1), (RIGHT, 1), (TOGETHER, 1))
    ]


def test_a_statement_is_the_same_wherever_it_stands_in_its_source() -> None:
    left, right = [states("a", line=3), states("b", line=4)], [states("b", line=9)]
    assert beside(left, right) == [*rows((LEFT, 1), (TOGETHER, 1))]


def test_a_row_in_which_a_guest_moves_stays_and_parts_what_is_aligned() -> None:
    left, right = [*every("ab"), GUEST, *every("c")], [*every("b"), GUEST, *every("abc")]
    before = rows((TOGETHER, 1), (LEFT, 1), (TOGETHER, 2), (RIGHT, 2))
    assert aligned_in_kvm(before, left, right) == [
        *rows((LEFT, 1), (TOGETHER, 1), (TOGETHER, 1), (RIGHT, 2), (TOGETHER, 1))
    ]


def test_rows_in_which_nobody_moves_in_kvm_are_as_they_were() -> None:
    before = rows((TOGETHER, 1), (LEFT, 1), (RIGHT, 2), (TOGETHER, 1))
    assert aligned_in_kvm(before, [GUEST] * 3, [GUEST] * 4) == [*before]
    assert aligned_in_kvm([(0, 0)], [], []) == [(0, 0)]


def test_stretches_that_are_too_long_stand_for_each_other_as_a_whole() -> None:
    assert list(stretches("abc", "xbc")) == [
        (False, (0, 1), (0, 1)),
        (True, (1, 3), (1, 3)),
    ]
    long = "a" * (MOST_MATCHED + 1)
    assert list(stretches(long, "a")) == [(False, (0, len(long)), (0, 1))]


def outside_kvm(
    moves: tuple[AlignedSteps, ...], left: Timeline, right: Timeline
) -> list[tuple[AlignedSteps, AlignedSteps]]:
    """Return the moves from row to row in which somebody moves who is not in KVM."""
    return [
        (before, after)
        for before, after in pairwise(moves)
        if not all(
            isinstance(step.event, KvmExecutes)
            for step in (*left.steps[before[0] : after[0]], *right.steps[before[1] : after[1]])
        )
    ]


@given(machines(), st.lists(st.integers(0, 11), max_size=60), st.sampled_from(POLICIES))
@settings(deadline=None, max_examples=60)
def test_any_two_runs_are_aligned_step_by_step_and_only_in_kvm(
    built: Machine, choices: list[int], other: Policy
) -> None:
    lockstep = driven(walk(built, choices), under(other, built))
    check(lockstep)
    left, right = lockstep.left, lockstep.right
    again = aligned_in_kvm(lockstep.rows, left.steps, right.steps)
    assert outside_kvm(tuple(again), left, right) == outside_kvm(lockstep.rows, left, right)
    for (ours, theirs), after in pairwise(lockstep.rows):
        if after == (ours + 1, theirs + 1):
            assert left.steps[ours].event == right.steps[theirs].event


@given(st.text("abc", max_size=9), st.text("abc", max_size=9), st.text("xyz", max_size=4))
def test_what_both_sides_end_with_is_in_step_at_the_end(ours: str, theirs: str, end: str) -> None:
    made = beside(every(f"{ours}{end}"), every(f"{theirs}{end}"))
    assert made[0] == (0, 0)
    assert made[len(made) - len(end) - 1 :] == [
        (len(ours) + at, len(theirs) + at) for at in range(len(end) + 1)
    ]
