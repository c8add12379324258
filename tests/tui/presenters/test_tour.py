from __future__ import annotations

from collections.abc import Callable

import attrs
import pytest

from scenarios.case import Case
from scenarios.run import NO_NOTES, played_run
from tui.presenters.tour import Page, next_page, page_at, pages, previous_page, whereabouts

PAGES = (
    Page(0, "2 notes to come", "start"),
    Page(4, "note 1 of 2", "first"),
    Page(9, "note 2 of 2", "second"),
    Page(9, "the end", "end"),
)


def test_a_tour_goes_from_the_lesson_over_the_notes_to_the_verdict(
    case: Callable[..., Case],
) -> None:
    found = pages(played_run(case()), "What it\n teaches.")
    assert [(page.step, page.where) for page in found] == [
        (0, "5 notes to come"),
        (1, "note 1 of 5"),
        (14, "note 2 of 5"),
        (15, "note 3 of 5"),
        (16, "note 4 of 5"),
        (26, "note 5 of 5"),
        (26, "the end"),
    ]
    assert found[0].text == (
        "A secondary vCPU enables its caches over a stale line\n\nWhat it teaches."
    )
    assert found[-1].text.startswith("this run: unsafe, STALE: vcpu1 loads x = 0 at step 26")


def test_a_run_without_notes_has_a_beginning_and_an_end(case: Callable[..., Case]) -> None:
    bare = attrs.evolve(played_run(case()), notes=NO_NOTES)
    assert [page.where for page in pages(bare, "")] == ["0 notes to come", "the end"]


@pytest.mark.parametrize(
    ("step", "near", "here", "following", "before"),
    [
        (0, 0, 0, 1, None),
        (2, 0, 0, 1, 0),
        (4, 0, 1, 2, 0),
        (6, 1, 1, 2, 1),
        (9, 2, 2, 3, 1),
        (9, 3, 3, None, 2),
        (9, 0, 3, None, 2),
    ],
)
def test_pages_are_turned_from_wherever_the_run_is(
    step: int, near: int, here: int, following: int | None, before: int | None
) -> None:
    assert page_at(PAGES, step, near) == here
    assert next_page(PAGES, step, near) == following
    assert previous_page(PAGES, step, near) == before


def test_it_says_how_far_the_run_has_gone_on_since_the_note() -> None:
    assert whereabouts(PAGES[1], 4) == "note 1 of 2"
    assert whereabouts(PAGES[1], 5) == "note 1 of 2, 1 step on"
    assert whereabouts(PAGES[1], 7) == "note 1 of 2, 3 steps on"
