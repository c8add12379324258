from __future__ import annotations

from tui.keys.command import key_names
from tui.keys.keymap import Keymap
from tui.presenters.cells import Cell, Row, Tone
from tui.presenters.panels.answers import Answer, WhyLine, answer_rows, how_to_ask

ANSWER = Answer(
    "cache[x]",
    (
        WhyLine(24, "the cached copy has x = 0 (v0)"),
        WhyLine(None, "RAM has x = 0"),
        WhyLine(6, "a text that is longer than the panel is wide by some words"),
    ),
)


def test_a_line_names_its_step() -> None:
    assert [str(line) for line in ANSWER.lines[:2]] == [
        "step 24: the cached copy has x = 0 (v0)",
        "start: RAM has x = 0",
    ]


def test_before_anything_is_asked_it_is_said_how_to_ask() -> None:
    rows = how_to_ask(key_names(Keymap({"why": ("f2",)}).debugger), 40)
    assert " ".join(row.text.strip() for row in rows) == (
        "Nothing has been asked yet. Click a value, or choose one (Tab, arrows) and press F2: "
        "where it comes from is said here, and each line goes to its step."
    )
    assert {cell.tone for row in rows for cell in row.cells} == {Tone.FAINT}
    assert max(len(row.text) for row in rows) <= 40


def test_each_row_goes_to_its_step_and_long_lines_are_wrapped_below_their_text() -> None:
    assert answer_rows(ANSWER, 3, 40) == (
        Row((Cell("    24  ", Tone.FAINT), Cell("the cached copy has x = 0 (v0)")), step=24),
        Row((Cell(" start  ", Tone.FAINT), Cell("RAM has x = 0")), step=0),
        Row((Cell("     6  ", Tone.FAINT), Cell("a text that is longer than the")), step=6),
        Row((Cell("        "), Cell("panel is wide by some words")), step=6),
    )


def test_the_lines_of_the_step_at_hand_are_marked() -> None:
    shown = {
        cursor: [(row.text[:8], row.current) for row in answer_rows(ANSWER, cursor, 40)]
        for cursor in (0, 6)
    }
    assert shown == {
        0: [
            ("    24  ", False),
            (">start  ", True),
            ("     6  ", False),
            ("        ", False),
        ],
        6: [
            ("    24  ", False),
            (" start  ", False),
            (">    6  ", True),
            ("        ", True),
        ],
    }


def test_a_line_without_words_keeps_its_row() -> None:
    assert answer_rows(Answer("", (WhyLine(2, ""),)), 0, 40) == (
        Row((Cell(" 2  ", Tone.FAINT), Cell("")), step=2),
    )
