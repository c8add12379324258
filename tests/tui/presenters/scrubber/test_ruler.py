from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import pytest

from engine.timeline import Timeline
from tui.presenters.cells import Cell, Row, Tone
from tui.presenters.scrubber.ruler import (
    CURSOR,
    LETTERS,
    MEANINGS,
    RulerMark,
    by_column,
    finding_marks,
    put,
    ruler_row,
)
from tui.presenters.scrubber.scale import Scale

Run = Callable[..., Timeline]


def test_findings_mark_their_cause_their_exact_step_and_themselves(run: Run) -> None:
    assert finding_marks(run("secondary-stale-line")) == {
        20: RulerMark.CAUSE,
        24: RulerMark.EXACT,
        26: RulerMark.FINDING,
    }
    assert finding_marks(run("secondary-stale-line", "upstream")) == {}


def test_a_step_that_two_findings_speak_of_has_the_mark_that_matters_most(run: Run) -> None:
    # The lost version of step 19 is what the stale load of step 26 is blamed on.
    assert finding_marks(run("false-sharing", "upstream")) == {
        13: RulerMark.CAUSE,
        19: RulerMark.FINDING,
        24: RulerMark.EXACT,
        26: RulerMark.FINDING,
    }


def test_of_marks_on_one_step_the_one_that_matters_most_stays() -> None:
    for first, second in permutations(RulerMark, 2):
        marks: dict[int, RulerMark] = {}
        put(marks, (3, 5), first)
        put(marks, (5,), second)
        assert marks == {3: first, 5: max(first, second)}


def test_what_shares_a_column_shows_what_matters_most() -> None:
    marks = {0: RulerMark.STOP, 4: RulerMark.CAUSE, 5: RulerMark.BOOKMARK, 99: RulerMark.FINDING}
    assert by_column(marks, Scale(99, 10)) == {0: RulerMark.CAUSE, 9: RulerMark.FINDING}
    assert by_column(marks, Scale(99, 200)) == {
        0: RulerMark.STOP,
        8: RulerMark.CAUSE,
        10: RulerMark.BOOKMARK,
        198: RulerMark.FINDING,
    }


def test_marks_stand_above_the_first_columns_of_their_steps() -> None:
    scale = Scale(5, 12)
    columns = by_column({2: RulerMark.CAUSE, 5: RulerMark.FINDING}, scale)
    assert ruler_row(columns, scale, 3) == Row(
        (
            Cell(" step  ", Tone.FAINT),
            Cell("    "),
            Cell("C", Tone.SKIPPED),
            Cell(" "),
            Cell("▼", Tone.STRONG),
            Cell("   "),
            Cell("!", Tone.STALE),
        )
    )


@pytest.mark.parametrize(
    ("cursor", "text"),
    [
        (0, " step  ▼                   C   E !"),
        (19, " step                     ▼C   E !"),
        (20, " step                      ▼   E !"),
        (26, " step                      C   E ▼"),
    ],
)
def test_the_cursor_stands_in_front_of_a_mark(run: Run, cursor: int, text: str) -> None:
    timeline, scale = run("secondary-stale-line"), Scale(26, 27)
    columns = by_column(finding_marks(timeline), scale)
    assert ruler_row(columns, scale, cursor).text == text


def test_every_mark_has_a_letter_of_its_own_that_is_explained() -> None:
    assert list(LETTERS) == list(RulerMark)
    letters = [letter for letter, _ in LETTERS.values()]
    explained = [each for signs, _ in MEANINGS for each in signs.split()]
    assert sorted(explained) == sorted([CURSOR, *letters])
