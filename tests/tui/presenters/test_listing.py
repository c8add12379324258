from __future__ import annotations

import pytest

from tui.presenters.listing import Listing, Mark, comment_lines

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
