from __future__ import annotations

from collections.abc import Callable

from engine.timeline import Timeline
from tui.presenters.guest_program import program_listing, shown_actors
from tui.presenters.listing import Mark

Run = Callable[..., Timeline]


def test_the_arrow_is_at_the_next_instruction_and_the_sign_at_the_last(run: Run) -> None:
    listing = program_listing(run("secondary-stale-line").seek(15), 1, 40)
    assert listing.title == "vcpu1 program"
    assert {listing.lines[index].strip(): mark for index, mark in listing.marks.items()} == {
        "store: str x2, [x1]": Mark(executed=True),
        "enable: msr sctlr_el1, x0": Mark(who="1"),
    }


def test_at_its_end_a_program_shows_so(run: Run) -> None:
    listing = program_listing(run("secondary-stale-line").seek(26), 1, 40)
    assert listing.lines[listing.focus[0]] == "(end)"


def test_where_there_is_room_the_authors_columns_are_kept(run: Run) -> None:
    lines = program_listing(run("secondary-stale-line"), 1, 80).lines
    assert lines[1].startswith("store:  str     x2, [x1]        ")


def test_with_room_for_one_program_it_is_that_of_who_moved_last(run: Run) -> None:
    timeline = run("secondary-stale-line")
    assert [shown_actors(timeline.seek(step), 1) for step in (0, 13, 14, 15)] == [
        (0,),
        (0,),
        (0,),
        (1,),
    ]
    assert shown_actors(timeline, 2) == (0, 1)
