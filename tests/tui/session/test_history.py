from __future__ import annotations

from collections.abc import Callable

import pytest

from scenarios.case import Case
from tests.tui.commands.typed import after
from tui.commands.policy_swap import swapped
from tui.session.history import MOST, Visits
from tui.session.session import Session


@pytest.fixture
def forked(headline: Session) -> Session:
    """Return a session that has just left `main` at step 16 for a branch."""
    return after(headline, "goto 16", "take evict x")


def where(session: Session) -> tuple[str, int]:
    return session.branch.name, session.timeline.cursor


def test_nothing_leads_back_or_forward_at_first(headline: Session) -> None:
    assert Visits().back(headline) is None
    assert Visits().forward(headline) is None


def test_the_way_back_leads_to_the_branch_and_the_step_that_were_left(
    headline: Session, forked: Session
) -> None:
    found = Visits().leave(headline.seek(16)).back(forked)
    assert found is not None
    back, visits = found
    assert where(back) == ("main", 16)
    assert back.branches.names == ("main", "branch1")
    assert visits.back(back) is None


def test_the_way_forward_leads_to_where_one_was_with_what_was_made_since(
    headline: Session, forked: Session
) -> None:
    found = Visits().leave(headline.seek(16)).back(forked)
    assert found is not None
    noted = after(found[0], "goto 3", "mark since then", "break 12")
    again = found[1].forward(noted)
    assert again is not None
    assert where(again[0]) == ("branch1", 17)
    assert (again[0].marked, len(again[0].stops)) == ({3: "since then"}, 1)
    back = again[1].back(again[0])
    assert back is not None
    assert where(back[0]) == ("main", 3)


def test_leaving_for_something_else_ends_the_way_forward(
    headline: Session, forked: Session
) -> None:
    found = Visits().leave(headline).back(forked)
    assert found is not None
    back, visits = found
    assert visits.leave(back).forward(back) is None


def test_another_policys_run_is_left_for_the_session_as_it_was(
    forked: Session, case: Callable[..., Case]
) -> None:
    other, _ = swapped(forked, case(policy="upstream"))
    found = Visits().leave(forked).back(other)
    assert found is not None
    assert found[0] is forked
    again = found[1].forward(found[0])
    assert again is not None
    assert again[0] is other


def test_a_branch_that_has_another_name_now_is_shown_as_it_was(
    headline: Session, forked: Session
) -> None:
    renamed = after(forked, "switch main", "rename schedule", "switch branch1")
    then = headline.seek(16)
    found = Visits().leave(then).back(renamed)
    assert found is not None
    assert found[0] is then


def test_the_way_back_is_so_long_and_no_longer(headline: Session, forked: Session) -> None:
    visits = Visits()
    for step in range(MOST + 20):
        visits = visits.leave(headline.seek(step % 20))
    assert len(visits.former) == MOST
    found = visits.back(forked)
    assert found is not None
    assert where(found[0]) == ("main", (MOST + 19) % 20)
