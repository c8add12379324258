from __future__ import annotations

from engine.explorer.limits import Counts
from tui.presenters.cells import Said, Tone
from tui.presenters.status.searching import cancelled, failed, under_way


def test_progress_says_states_rate_frontier_and_seconds() -> None:
    assert under_way(14, Counts(40_960, 90_000, 812), 2.0) == Said(
        "From step 14: exploring, 40,960 states, 20,480/s, frontier 812, 2 s"
    )


def test_before_the_first_count_it_begins() -> None:
    assert under_way(0, None, 0.0) == Said("From the start: exploring, begins, 0 s")


def test_a_count_in_no_time_at_all_has_a_rate() -> None:
    assert under_way(0, Counts(3, 3, 1), 0.0) == Said(
        "From the start: exploring, 3 states, 3,000/s, frontier 1, 0 s"
    )


def test_a_search_that_came_to_nothing_says_why() -> None:
    assert failed(3, "the memory is used up") == Said(
        "From step 3: undetermined: the memory is used up", Tone.SKIPPED
    )


def test_a_cancelled_search_says_how_far_it_came() -> None:
    assert cancelled(3, Counts(8192, 9000, 10)) == Said(
        "From step 3: undetermined after 8,192 states: cancelled", Tone.SKIPPED
    )
    assert cancelled(0, None) == Said("From the start: undetermined: cancelled", Tone.SKIPPED)
