from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.lockstep import DrivingCancelledError
from scenarios.case import Case
from scenarios.event_list import written_run
from tests.tui.commands.lines import MAKING
from tests.tui.commands.typed import after, check, do
from tui.commands.policy_swap import swapped
from tui.session.session import Bookmark, Session

Opened = Callable[..., Case]


@pytest.fixture
def worked(headline: Session) -> Session:
    """Return the headline's session with something of everything made of it."""
    return after(
        headline, "break 12", "tbreak vcpu0-only.c:13 if step > 3", "break skip", "disable 3",
        "watch local[1].now_enabled", "watch ram[x]", "delete 5", "goto 9", "mark nine",
        "goto 20", "mark here", "goto 16", "take evict x", "take vcpu1", "goto 17",
        "mark seventeen", "vcpu vcpu1", "kind fill",
    )  # fmt: skip


def shape(session: Session) -> list[tuple[str, str | None, int, int, int]]:
    """Return each branch by its name, parent, shared steps, steps and cursor."""
    return [
        (each.name, each.parent, each.at, len(each.timeline.steps), each.timeline.cursor)
        for each in session.branches
    ]


def test_every_branch_is_driven_anew_and_left_at_the_same_place(
    worked: Session, case: Opened
) -> None:
    there, said = swapped(worked, case(policy="upstream"))
    check(there)
    assert said[0] == "under upstream from the start, driven by the same events"
    assert shape(worked) == [("main", None, 0, 26, 16), ("branch1", "main", 16, 18, 17)]
    assert shape(there) == [("main", None, 0, 27, 15), ("branch1", "main", 15, 17, 16)]
    assert there.case.policy.name == there.setup.policy.name == "upstream"
    assert (there.branch.name, there.prompt.actor, there.prompt.kind) == ("branch1", 1, "fill")
    assert there.prepared


def test_bookmarks_and_remarks_go_to_the_same_places(worked: Session, case: Opened) -> None:
    there, _ = swapped(worked, case(policy="upstream"))
    assert there.bookmarks == (
        Bookmark("main", 8, "nine"),
        Bookmark("main", 19, "here"),
        Bookmark("branch1", 16, "seventeen"),
    )
    assert (sorted(worked.notes), sorted(there.notes)) == ([1, 14, 15, 16, 26], [1, 13, 14, 15, 27])
    assert list(there.notes.values()) == list(worked.notes.values())


def test_bookmarks_that_come_to_the_same_step_are_one(headline: Session, case: Opened) -> None:
    lines = ("goto 7", "mark flushing", "goto 8", "mark flushed", "goto 20", "mark cause")
    there, _ = swapped(after(headline, *lines), case(policy="never"))
    check(there)
    assert there.bookmarks == (
        Bookmark("main", 3, "flushing; flushed"),
        Bookmark("main", 13, "cause"),
    )


def test_breakpoints_keep_their_numbers_and_those_that_are_gone_are_told(
    worked: Session, case: Opened
) -> None:
    there, said = swapped(worked, case(policy="upstream"))
    named = "found 'vcpu0-only.c'; expected a source of the policy: upstream.c, set-way.c"
    assert said[1:] == (
        f"breakpoint 1 is gone, break vcpu0-only.c:12: {named}",
        f"breakpoint 2 is gone, tbreak vcpu0-only.c:13 if step > 3: {named}",
    )
    assert [(each.number, each.command(there.setup), each.enabled) for each in there.stops] == [
        (3, "break skip", False),
        (4, "watch local[1].now_enabled", True),
    ]
    assert do(there, "info breakpoints")[1][1] == "4: watch local[1].now_enabled, at step 17"
    assert do(there, "break trap")[1][0].startswith("6: ")


def test_what_the_other_policy_does_not_keep_takes_its_watch_with_it(
    session: Callable[..., Session], case: Opened
) -> None:
    watching = after(
        session(policy="refcount"),
        "watch kvm->arch.vcpus_with_caches",
        "watch local[1].kvm",
        "watch local[1].now_enabled",
    )
    there, said = swapped(watching, case(policy="upstream"))
    assert said[1:] == (
        "breakpoint 1 is gone, watch kvm->arch.vcpus_with_caches: found 'kvm'; expected a name "
        "that a query can read; did you mean in_kvm?",
        "breakpoint 2 is gone, watch local[1].kvm: found 'kvm'; expected a local of the policy: "
        "vcpu, was_enabled, now_enabled, hcr",
    )
    assert [each.number for each in there.stops] == [3]


def test_a_swap_tells_how_far_it_is_over_all_branches_and_can_be_stopped(
    headline: Session, case: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.lockstep.REPORT_EVERY", 10)
    forked = after(headline, "goto 16", "take evict x", "take vcpu1")
    told: list[int] = []

    def followed(steps: int) -> bool:
        told.append(steps)
        return len(told) < 3

    with pytest.raises(DrivingCancelledError):
        swapped(forked, case(), followed)
    assert told == [10, 20, 26 + 10]


@pytest.mark.parametrize(
    ("scenario", "policy", "other"),
    [
        ("false-sharing", "upstream", "vcpu0-only"),
        ("flush-under-way", "never", "coalesced"),
        ("parallel-bring-up", "keep-trapping", "once-per-vcpu"),
    ],
)
def test_the_run_that_is_driven_can_be_another_than_that_of_the_schedule(
    scenario: str, policy: str, other: str, session: Callable[..., Session], case: Opened
) -> None:
    there, _ = swapped(session(scenario, policy), case(scenario, other))
    assert there.prepared
    schedule = Session.play(case(scenario, other)).timeline
    assert written_run(there.timeline) != written_run(schedule)


@given(st.lists(MAKING, max_size=10))
@settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_policy_swapped_for_itself_changes_nothing(
    headline: Session, case: Opened, lines: list[str]
) -> None:
    session = after(headline, *lines)
    there, said = swapped(session, case())
    check(there)
    assert said == ("under vcpu0-only from the start, driven by the same events",)
    assert shape(there) == shape(session)
    assert [each.timeline.events for each in there.branches] == [
        each.timeline.events for each in session.branches
    ]
    assert there.stops == session.stops
    assert (there.bookmarks, there.branches.current) == (
        session.bookmarks,
        session.branches.current,
    )
    assert there.notes == session.notes


@given(st.lists(MAKING, max_size=10), st.sampled_from(["upstream", "never", "coalesced"]))
@settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_session_is_valid_under_another_policy(
    headline: Session, case: Opened, lines: list[str], policy: str
) -> None:
    session = after(headline, *lines)
    there, _ = swapped(session, case(policy=policy))
    check(there)
    assert there.branches.names == session.branches.names
