from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.presenters.cells import Cell, Row, Tone, cell, fitted

ROW = Row(
    (
        Cell(" x ", Tone.STRONG),
        Cell(" 1 v1", asks="ram[x]"),
        Cell(""),
        Cell(" -", Tone.FAINT, asks="cache[x]"),
        Cell(" clean"),
    ),
    step=7,
)


def test_a_row_reads_from_left_to_right() -> None:
    assert ROW.text == " x  1 v1 - clean"


@pytest.mark.parametrize(
    ("column", "asks"),
    [
        (0, ""),
        (2, ""),
        (3, "ram[x]"),
        (7, "ram[x]"),
        (8, "cache[x]"),
        (9, "cache[x]"),
        (10, ""),
        (15, ""),
        (16, ""),
        (99, ""),
    ],
)
def test_a_column_asks_for_the_value_of_its_cell(column: int, asks: str) -> None:
    assert ROW.asks_at(column) == asks


def test_one_cell_can_be_marked_as_the_one_at_hand() -> None:
    marked = ROW.with_current(3)
    assert [each.current for each in marked.cells] == [False, False, False, True, False]
    assert (marked.text, marked.step, marked.current) == (ROW.text, 7, False)
    assert marked.cells[3] == Cell(" -", Tone.FAINT, current=True, asks="cache[x]")
    assert (marked.cells[:3], marked.cells[4:]) == (ROW.cells[:3], ROW.cells[4:])


@pytest.mark.parametrize(
    ("width", "text"), [(7, "stale  "), (5, "stale"), (4, "sta…"), (1, "…"), (0, ""), (-3, "")]
)
def test_text_is_padded_or_cut_to_its_width(width: int, text: str) -> None:
    assert fitted("stale", width) == text


@given(st.text(max_size=30), st.integers(0, 40))
def test_fitted_text_has_its_width_and_begins_as_it_did(text: str, width: int) -> None:
    shown = fitted(text, width)
    assert len(shown) == width
    assert shown == text[:width].ljust(width) or shown == f"{text[: width - 1]}…"


def test_a_cell_keeps_its_first_column_for_the_sign_of_change() -> None:
    assert [cell("1 v1", 6), cell("1 v1", 4, Tone.STALE, "ram[x]")] == [
        Cell(" 1 v1 "),
        Cell(" 1 …", Tone.STALE, asks="ram[x]"),
    ]
