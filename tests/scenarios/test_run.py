from __future__ import annotations

from collections.abc import Callable

import pytest

from scenarios.case import Case, Subject
from scenarios.run import note_at, notes_up_to, played_run, run_of
from scenarios.schedule import Playing

NOTES = {2: ("first\nnote", "and more"), 5: (), 7: ("last",)}


def test_a_run_of_a_schedule_has_its_notes_at_their_steps(case: Callable[..., Case]) -> None:
    run = played_run(case())
    assert run.subject == Subject(
        "secondary-stale-line",
        "A secondary vCPU enables its caches over a stale line",
        "vcpu0-only",
    )
    assert (run.timeline.cursor, len(run.timeline.steps)) == (0, 26)
    notes = [(step, len(texts)) for step, texts in run.notes.items()]
    assert notes == [(1, 1), (14, 1), (15, 1), (16, 1), (26, 1)]


def test_a_schedule_that_is_played_in_part_has_the_notes_of_that_part(
    case: Callable[..., Case],
) -> None:
    headline = case()
    whole = played_run(headline)
    playing = Playing(headline.machine, headline.scenario.schedule)
    playing.advance(14)
    run = run_of(headline, playing.played)
    assert (len(run.timeline.steps), run.subject) == (14, whole.subject)
    assert run.notes == {step: texts for step, texts in whole.notes.items() if step <= 14}


@pytest.mark.parametrize(
    ("step", "note"),
    [
        (0, ""),
        (1, ""),
        (2, "first note and more"),
        (4, "first note and more"),
        (5, ""),
        (9, "last"),
    ],
)
def test_a_note_holds_until_the_next_and_a_step_with_none_ends_it(step: int, note: str) -> None:
    assert note_at(NOTES, step) == note


@pytest.mark.parametrize(
    ("step", "notes"),
    [
        (0, {1: ()}),
        (2, {2: NOTES[2], 3: ()}),
        (4, {2: NOTES[2], 5: ()}),
        (7, {2: NOTES[2], 5: (), 7: ("last",), 8: ()}),
    ],
)
def test_another_way_on_keeps_the_notes_of_what_is_shared_and_ends_them(
    step: int, notes: dict[int, tuple[str, ...]]
) -> None:
    assert notes_up_to(NOTES, step) == notes
