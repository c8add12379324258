from __future__ import annotations

import pytest

from tui.presenters.cells import Cell, Row, Tone
from tui.presenters.panels.listing import Listing, Mark, comment_lines

NOTES = ("false: 1 == 0, flush SKIPPED", "false: 1 == 0 SKIP", "false: 1 == 0")


@pytest.mark.parametrize(
    ("width", "text"),
    [
        (46, "*    if (id)     false: 1 == 0, flush SKIPPED"),
        (33, "*    if (id)   false: 1 == 0 SKIP"),
        (28, "*    if (id)   false: 1 == 0"),
        (24, "*    if (… false: 1 == 0"),
    ],
)
def test_of_a_note_the_longest_version_that_fits_is_shown(width: int, text: str) -> None:
    listing = Listing("", (" if (id)",), {0: Mark(executed=True, notes=NOTES)})
    assert " ".join(listing.row(0, width).text.split()) == " ".join(text.split())
    assert len(listing.row(0, width).text) == width


def test_the_line_just_run_is_kept_in_sight_with_the_next_one_if_both_fit() -> None:
    listing = Listing("", ("",) * 20, {3: Mark(executed=True), 8: Mark(who="1")}, (8, 8))
    assert listing.in_sight(6) == (3, 8)
    assert listing.in_sight(5) == (8, 8)


def test_comments_are_told_from_code() -> None:
    lines = ("/* one", " * two */", "code(); /* three */", "// four", "", "/* five */", "code();")
    assert comment_lines(lines) == frozenset({0, 1, 3, 5})


def test_a_line_is_told_its_number_and_a_comment_is_faint() -> None:
    listing = Listing("", ("/* a */", "code();"), comments=frozenset({0}), numbers=(" 9", "10"))
    assert [listing.row(index, 16) for index in range(2)] == [
        Row((Cell("    ", Tone.STRONG), Cell(" 9 ", Tone.FAINT), Cell("/* a */  ", Tone.FAINT))),
        Row((Cell("    ", Tone.STRONG), Cell("10 ", Tone.FAINT), Cell("code();  "))),
    ]


def test_who_is_here_what_was_just_run_and_what_stops_here_stand_before_the_line() -> None:
    marks = {0: Mark(who="1"), 1: Mark(executed=True), 2: Mark(who="m", executed=True)}
    listing = Listing("", ("one", "two", "three", "four"), marks)
    signs = ("●", " ", "○", "●")
    assert [listing.row(index, 12, stop) for index, stop in enumerate(signs)] == [
        Row((Cell(" 1>●", Tone.STRONG), Cell("one     ", Tone.STRONG), Cell("")), current=True),
        Row((Cell("*   ", Tone.STRONG, True), Cell("two     ", changed=True), Cell(""))),
        Row(
            (
                Cell("*m>○", Tone.STRONG, True),
                Cell("three   ", Tone.STRONG, True),
                Cell(""),
            ),
            current=True,
        ),
        Row((Cell("   ●", Tone.STRONG), Cell("four    "))),
    ]


def test_where_two_are_here_their_numbers_keep_the_line_in_its_column() -> None:
    listing = Listing("", ("a", "b"), {0: Mark(who="01"), 1: Mark(who="01", executed=True)})
    assert [listing.row(index, 8, "●").text for index in range(2)] == ["01>●a   ", "*01●b   "]


def test_a_line_has_a_place_to_stop_at_or_none() -> None:
    listing = Listing("", ("{", "code();", "(end)"), stops=("", "a.c:2"))
    assert [listing.stop(index) for index in range(4)] == ["", "a.c:2", "", ""]
