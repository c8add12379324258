from __future__ import annotations

from collections.abc import Callable

import pytest

from scenarios.case import Case
from scenarios.run import Run, run_of
from scenarios.schedule import Playing
from tests.tui.commands.typed import after, check
from tui.commands.policy_swap import swapped
from tui.session.session import NO_WORK, Session, Work

Opened = Callable[..., Case]


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


def begun(case: Case, steps: int) -> tuple[Session, Run]:
    """Return the session of a schedule's first steps, and the run of all of it."""
    playing = Playing(case.machine, case.scenario.schedule)
    playing.advance(steps)
    session = Session.start(case, run_of(case, playing.played).timeline)
    playing.advance(100_000)
    return session, run_of(case, playing.played)


def test_a_session_begins_at_the_start_with_nothing_made_of_it(headline: Session) -> None:
    assert (headline.branch.name, headline.timeline.cursor, headline.prompt.kind) == (
        "main",
        0,
        "flush",
    )
    assert (headline.saved, headline.unsaved, headline.prepared) == (headline.work, False, False)
    assert sorted(headline.notes) == [1, 14, 15, 16, 26]


def test_a_branch_has_the_remarks_and_the_bookmarks_up_to_where_it_parts(forked: Session) -> None:
    marked = after(forked, "mark second", "switch main", "goto 20", "mark main", "goto 5", "mark")
    there = marked.switch("branch2")
    assert there.marked == {5: "bookmark", 19: "second"}
    assert {step: len(texts) for step, texts in there.run.notes.items()} == {
        1: 1, 14: 1, 15: 1, 16: 1, 17: 0,
    }  # fmt: skip
    assert there.run.timeline is there.timeline


def test_work_is_branches_stops_and_bookmarks_and_not_where_one_is(headline: Session) -> None:
    moved = after(headline, "goto 5", "search ISB", "kind fill", "vcpu vcpu1")
    assert moved.work == headline.work == Work((("main", headline.timeline.steps),))
    for line in ("mark", "break 12", "take fill x on pcpu0"):
        made = after(headline, "goto 3", line)
        assert (made.work != headline.work, made.unsaved, made.kept().unsaved) == (
            True, True, False,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "unsaved"),
    [
        ((), False),
        (("mark", "unmark"), False),
        (("break 12", "delete"), False),
        (("end", "take evict x"), True),
        (("end", "take evict x", "rename mine"), True),
        (("rename other",), False),
        (("goto 16", "take evict x"), True),
        (("mark",), True),
        (("break 12", "disable"), True),
    ],
)
def test_only_what_is_worth_keeping_is_unsaved(
    headline: Session, lines: tuple[str, ...], unsaved: bool
) -> None:
    assert after(headline, *lines).unsaved == unsaved


def test_work_that_was_saved_and_taken_away_again_is_nothing_to_lose(headline: Session) -> None:
    saved = after(headline, "mark", "break 12").kept()
    assert (after(saved, "unmark").unsaved, after(saved, "unmark", "delete").unsaved) == (
        True,
        False,
    )
    assert NO_WORK.worth_keeping(NO_WORK) is False
    assert after(saved, "end", "take evict x", "unmark 0", "delete").unsaved


def test_a_run_that_only_its_policy_was_swapped_of_is_nothing_to_lose(
    headline: Session, case: Opened
) -> None:
    upstream = case(policy="upstream")
    there, _ = swapped(headline, upstream)
    assert (there.unsaved, after(there, "end", "take 1").unsaved) == (False, True)
    assert swapped(after(headline, "end", "take evict x"), upstream)[0].unsaved
    assert swapped(after(headline, "mark").kept(), upstream)[0].unsaved


def test_a_schedule_that_goes_on_is_shown_without_moving(case: Opened) -> None:
    first, run = begun(case(), 10)
    grown = first.seek(4).grown(run)
    check(grown)
    assert (len(grown.timeline.steps), grown.timeline.cursor) == (26, 4)
    assert (grown.notes, grown.prepared, grown.unsaved) == (run.notes, False, False)
    noted = after(first, "mark", "goto 9", "take vcpu1").grown(run)
    check(noted)
    assert [(each.name, len(each.timeline.steps)) for each in noted.branches] == [
        ("main", 26),
        ("branch1", 10),
    ]
    assert noted.unsaved
    marked = after(first, "mark").grown(run)
    assert (marked.unsaved, after(marked, "unmark").unsaved) == (True, False)


def test_who_has_gone_on_meanwhile_gets_the_schedule_as_a_branch(case: Opened) -> None:
    first, run = begun(case(), 10)
    ahead = after(first, "end", "take vcpu1")
    grown = ahead.grown(run)
    check(grown)
    assert [(each.name, each.parent, len(each.timeline.steps)) for each in grown.branches] == [
        ("main", None, 11),
        ("schedule1", "main", 26),
    ]
    assert (grown.branch.name, grown.timeline.cursor, grown.prepared) == ("main", 11, True)


def test_another_road_to_the_same_step_is_not_taken_for_the_schedule(case: Opened) -> None:
    first, run = begun(case(), 12)
    ahead = after(first, "end", "take fill x on pcpu0", "take vcpu0", "take vcpu1")
    assert ahead.timeline.steps[-1] == run.timeline.steps[14]
    grown = ahead.grown(run)
    assert [each.timeline.events for each in grown.branches] == [
        ahead.timeline.events,
        run.timeline.events,
    ]


def test_who_has_gone_on_as_the_schedule_does_is_on_the_schedule(case: Opened) -> None:
    first, run = begun(case(), 10)
    ahead = after(first, "end", "take vcpu0")
    assert ahead.prepared
    grown = ahead.grown(run)
    assert (len(grown.branches), len(grown.timeline.steps), grown.timeline.cursor) == (1, 26, 11)
    assert (ahead.unsaved, grown.unsaved, grown.prepared) == (True, False, False)


def test_the_schedule_of_a_policy_that_was_swapped_meanwhile_is_dropped(case: Opened) -> None:
    first, run = begun(case(), 10)
    other, _ = swapped(first, case(policy="upstream"))
    assert other.grown(run) is other
