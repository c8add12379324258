from __future__ import annotations

from collections.abc import Callable

import attrs
import pytest

from engine.timeline import Timeline
from scenarios.case import Subject
from tui.keys.command import key_names
from tui.keys.keymap import Keymap
from tui.presenters.cells import Cell, Row, Tone
from tui.presenters.status.heading import happened, title_row, verdict_rows

Run = Callable[..., Timeline]

SUBJECT = Subject("secondary-stale-line", "A stale line", "vcpu0-only")
WHAT = " secondary-stale-line under vcpu0-only"


@pytest.mark.parametrize(
    ("width", "left", "title", "where"),
    [
        (80, WHAT, ": A stale line".ljust(29), "step 3 of 26 "),
        (66, WHAT, ": A stale line ", "step 3 of 26 "),
        (65, WHAT, " " * 14, "step 3 of 26 "),
        (52, WHAT, " ", "step 3 of 26 "),
        (40, " secondary-stale-line und…", " ", "step 3 of 26 "),
        (10, "", "", "step 3 of…"),
    ],
)
def test_the_title_stands_between_what_is_run_and_the_step_if_there_is_room(
    run: Run, width: int, left: str, title: str, where: str
) -> None:
    timeline = run("secondary-stale-line").seek(3)
    assert title_row(timeline, SUBJECT, None, width) == Row(
        (Cell(left, Tone.STRONG), Cell(title), Cell(where, Tone.STRONG))
    )


@pytest.mark.parametrize(
    ("step", "sign", "where", "tone"),
    [
        (0, None, "step 0 of 26 ", Tone.STRONG),
        (20, "CAUSE", "CAUSE, step 20 of 26 ", Tone.SKIPPED),
        (24, "EXACT", "EXACT STEP, step 24 of 26 ", Tone.STALE),
        (26, "STALE", "STALE, step 26 of 26 ", Tone.STALE),
    ],
)
def test_the_step_says_what_it_is_to_a_finding(
    run: Run, step: int, sign: str | None, where: str, tone: Tone
) -> None:
    timeline = run("secondary-stale-line").seek(step)
    *_, last = title_row(timeline, SUBJECT, sign, 80).cells
    assert last == Cell(where, tone)


@pytest.mark.parametrize(
    ("width", "most", "lines"),
    [
        (
            120,
            1,
            [
                "this run: unsafe, STALE: vcpu1 loads x = 0 at step 26 but wrote 1; exact step 24, "
                "cause step 20 (flush skipped)"
            ],
        ),
        (
            80,
            1,
            ["this run: STALE: vcpu1 loads x = 0 at 26 but wrote 1; exact 24, cause 20"],
        ),
        (60, 1, ["this run: STALE for vcpu1 at 26; exact 24, cause 20"]),
        (50, 1, ["STALE for vcpu1 at 26; exact 24, cause 20"]),
        (
            80,
            2,
            [
                "this run: unsafe, STALE: vcpu1 loads x = 0 at step 26 but wrote 1; exact step",
                "24, cause step 20 (flush skipped)",
            ],
        ),
        (
            40,
            2,
            ["this run: STALE: vcpu1 loads x = 0 at", "26 but wrote 1; exact 24, cause 20"],
        ),
        (20, 2, ["STALE for vcpu1 at", "26; exact 24, …"]),
    ],
)
def test_the_verdict_is_shortened_to_one_row_or_wrapped_to_two(
    run: Run, width: int, most: int, lines: list[str]
) -> None:
    rows = verdict_rows(run("secondary-stale-line"), width, most)
    assert rows == tuple(
        Row((Cell(f" {line}".ljust(width), Tone.STALE, asks="finding 1"),)) for line in lines
    )


@pytest.mark.parametrize("most", [1, 2])
def test_a_verdict_that_fits_has_one_row(run: Run, most: int) -> None:
    timeline = run("secondary-stale-line", "upstream")
    (row,) = verdict_rows(timeline, 80, most)
    assert row.text.strip() == "this run: safe, no finding in 27 steps"
    assert row.cells[0].tone is Tone.GOOD


def test_at_the_start_it_is_said_how_to_begin(run: Run) -> None:
    keys = key_names(Keymap().debugger)
    stale, safe = run("secondary-stale-line"), run("secondary-stale-line", "upstream")
    empty = Timeline.start(stale.initial)
    assert [happened(each, keys) for each in (stale, safe, empty)] == [
        "The start: nothing has happened yet. Right steps forward, left back; x goes to the "
        "exact step, ? explains.",
        "The start: nothing has happened yet. Right steps forward, left back, ? explains.",
        "The schedule of this scenario has no step that can happen.",
    ]


def test_it_is_said_with_the_keys_that_do_it_on_the_screen(run: Run) -> None:
    keymap = Keymap({"step": ("d",), "exact": ("ctrl+x",), "help": ("f1",)})
    every = (keymap.debugger, keymap.quiz, keymap.tour)
    stale = run("secondary-stale-line")
    begun = "The start: nothing has happened yet. "
    assert [happened(stale, key_names(commands)) for commands in every] == [
        f"{begun}d steps forward, left back; Ctrl+X goes to the exact step, F1 explains.",
        f"{begun}No key steps forward, left back; Ctrl+X goes to the exact step, F1 explains.",
        f"{begun}Space turns the page, d steps forward, h back, F1 explains.",
    ]


def test_later_it_is_said_what_the_step_did(run: Run) -> None:
    there, keys = run("secondary-stale-line").seek(13), key_names(Keymap().debugger)
    assert happened(there, keys) == "vcpu0 executes `isb`."


def test_a_long_name_does_not_push_the_step_away(run: Run) -> None:
    subject = attrs.evolve(SUBJECT, scenario="x" * 200)
    text = title_row(run("secondary-stale-line"), subject, None, 60).text
    assert (len(text), text[-15:]) == (60, "… step 0 of 26 ")
