from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scenarios.case import Case
from tests.tui.commands.lines import MAKING
from tests.tui.commands.typed import after
from tui.presenters.panels.side_by_side import told_alike
from tui.session.comparison import Comparison
from tui.session.session import Session

Opened = Callable[..., Case]


def places(made: Comparison) -> tuple[int, int, int]:
    """Return the row, and the step that each side is at."""
    return made.row, made.left.timeline.cursor, made.right.timeline.cursor


@pytest.fixture
def beside(session: Callable[..., Session], case: Opened) -> Comparison:
    """Return the headline at its cause, beside upstream."""
    return Comparison.under(session(at=20), case(policy="upstream"), told_alike)


def test_both_sides_are_at_the_row_of_the_driving_ones_step(beside: Comparison) -> None:
    assert (places(beside), beside.last) == ((20, 20, 19), 28)
    assert beside.names == ("vcpu0-only", "upstream")
    assert (beside.left.prepared, beside.right.prepared) == (False, True)


def test_one_row_moves_both_sides_and_ends_are_ends(beside: Comparison) -> None:
    rows = (0, 5, 24, 25, 28, 99, -1)
    assert [places(beside.at(row)) for row in rows] == [
        (0, 0, 0),
        (5, 5, 4),
        (24, 22, 23),
        (25, 23, 24),
        (28, 26, 27),
        (28, 26, 27),
        (0, 0, 0),
    ]


def test_where_two_policies_differ_begins_at_their_first_other_move(beside: Comparison) -> None:
    where = beside.differences
    assert where.first == where.beginnings[0] == 5
    every = range(beside.last + 1)
    assert [row for row in every if where.moves_differ(row)] == [5, 20, 21, 22, 28]
    assert [row for row in every if where.states_differ(row)] == [*range(21, 29)]
    assert where.beginnings == (5, 20, 21, 28)
    assert where.first_in_memory == 21


def test_a_beginning_is_a_row_that_differs_in_a_way_in_which_the_one_before_did_not(
    beside: Comparison,
) -> None:
    where = beside.differences
    ways = [(where.moves_differ(row), where.states_differ(row)) for row in range(beside.last + 1)]
    begun = [
        row
        for row, (moves, states) in enumerate(ways)
        if row and ((moves and not ways[row - 1][0]) or (states and not ways[row - 1][1]))
    ]
    assert where.beginnings == tuple(begun)


def test_a_run_beside_itself_differs_nowhere(session: Callable[..., Session], case: Opened) -> None:
    made = Comparison.under(session(at=9), case(), told_alike)
    assert (made.differences.first, made.differences.beginnings) == (None, ())
    assert made.differences.first_in_memory is None
    assert places(made) == (9, 9, 9)


def test_the_steps_that_findings_speak_of_have_their_rows(
    beside: Comparison, session: Callable[..., Session], case: Opened
) -> None:
    assert [beside.rows_of(role) for role in ("cause", "exact", "finding")] == [(20,), (26,), (28,)]
    both = Comparison.under(session(policy="upstream"), case(policy="never"), told_alike)
    turned = both.swapped()
    rows = both.lockstep
    assert both.rows_of("finding") == (rows.row_of_right(19),)
    assert turned.rows_of("finding") == (turned.lockstep.row_of_left(19),)


def test_the_other_side_can_drive_from_the_step_that_it_is_at(beside: Comparison) -> None:
    turned = beside.at(26).swapped()
    assert turned.names == ("upstream", "vcpu0-only")
    assert places(turned) == (26, 25, 24)
    assert turned.left.timeline.events == beside.right.timeline.events
    assert turned.right.case.policy.name == "vcpu0-only"


def test_two_branches_are_the_same_up_to_where_they_part(headline: Session) -> None:
    forked = after(headline, "goto 16", "take evict x", "take vcpu1", "take vcpu1")
    made = Comparison.of_branches(forked, "main", told_alike)
    assert made.names == ("branch1", "main")
    assert places(made) == (19, 19, 18)
    assert made.lockstep.rows[15:20] == ((15, 15), (16, 16), (17, 16), (18, 17), (19, 18))
    assert (made.differences.first, made.differences.first_in_memory) == (17, 17)
    assert made.right.branches is not forked.branches
    assert made.right.branches.names == ("main", "branch1")


def test_two_branches_change_sides(headline: Session) -> None:
    forked = after(headline, "goto 16", "take evict x", "take vcpu1", "take vcpu1")
    turned = Comparison.of_branches(forked, "main", told_alike).swapped()
    assert turned.names == ("main", "branch1")
    assert (turned.left.timeline.cursor, turned.right.timeline.cursor) == (18, 19)


@given(
    st.lists(MAKING, max_size=8),
    st.sampled_from(["upstream", "never", "coalesced", "vcpu0-only"]),
    st.integers(-1, 60),
)
@settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_at_any_row_both_sides_are_where_the_row_says(
    headline: Session, case: Opened, lines: list[str], policy: str, row: int
) -> None:
    session = after(headline, *lines)
    made = Comparison.under(session, case(policy=policy), told_alike)
    assert made.left.timeline.cursor == session.timeline.cursor
    moved = made.at(row)
    assert places(moved)[1:] == moved.lockstep.rows[moved.row]
    assert moved.differences is made.differences
    if policy == "vcpu0-only":
        assert made.differences.first is None
