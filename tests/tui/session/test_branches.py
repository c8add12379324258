from __future__ import annotations

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tui.commands.lines import MAKING
from tests.tui.commands.typed import after, check
from tui.session.session import Session


@pytest.fixture
def forked(headline: Session) -> Session:
    """Return `main`, a branch of it at 16, and a branch of that one at 18."""
    lines = (
        "goto 16",
        "take evict x",
        "take vcpu1",
        "take vcpu1",
        "goto 18",
        "take fill x on pcpu1",
    )
    return after(headline, *lines)


def test_a_fork_keeps_the_old_future_and_takes_the_first_name_that_is_free(
    headline: Session, forked: Session
) -> None:
    assert [(each.name, each.parent, each.at) for each in forked.branches] == [
        ("main", None, 0),
        ("branch1", "main", 16),
        ("branch2", "branch1", 18),
    ]
    assert forked.branches.first.timeline.steps is headline.timeline.steps
    again = after(forked, "rename other", "switch main", "take evict x")
    assert again.branch.name == "branch2"
    titled = forked.fork(headline.timeline, 0, stem="stale", title="A counterexample")
    assert (titled.branch.name, titled.subject.title) == ("stale1", "A counterexample")
    assert forked.subject.title == headline.case.scenario.title


def test_a_branch_is_found_again_where_it_was_left(forked: Session) -> None:
    there = forked.seek(12).switch("main").seek(3).switch("branch2")
    assert (there.branch.name, there.timeline.cursor) == ("branch2", 12)
    assert there.switch("main").timeline.cursor == 3


def test_the_ancestors_of_a_branch_are_told_with_the_last_step_shared(forked: Session) -> None:
    main, first, second = forked.branches
    assert forked.branches.ancestors(main) == ()
    assert forked.branches.ancestors(first) == (("main", 16),)
    assert forked.branches.ancestors(second) == (("branch1", 18), ("main", 16))
    earlier = after(forked, "goto 3", "take fill x on pcpu0")
    assert earlier.branches.ancestors(earlier.branch) == (
        ("branch2", 3),
        ("branch1", 3),
        ("main", 3),
    )


@given(st.lists(MAKING, max_size=14))
@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_whatever_is_done_a_branch_shares_with_its_ancestors_what_it_says(
    headline: Session, lines: list[str]
) -> None:
    session = after(headline, *lines)
    check(session)
    named = {branch.name: branch.timeline.steps for branch in session.branches}
    for branch in session.branches:
        for name, at in session.branches.ancestors(branch):
            assert named[branch.name][:at] == named[name][:at]
    assert set(session.marked) <= set(range(len(session.timeline.steps) + 1))
    assert attrs.evolve(session, saved=session.work).unsaved is False
