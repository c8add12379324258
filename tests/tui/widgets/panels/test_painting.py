"""Painted rows: what is painted once is kept, and not more of it than there is room for."""

from __future__ import annotations

from tests.tui.piloting import opened
from tui.presenters.cells import Cell, Row
from tui.widgets.panels.painting import MOST_STRIPS, PaintedWidget


def row(text: str) -> Row:
    return Row((Cell(text),))


async def test_a_row_is_painted_once_as_long_as_it_is_asked_for() -> None:
    async with opened() as (_, screen):
        memory = screen.panes.memory
        strip = memory.paint(row("often"), 20)
        for number in range(5 * MOST_STRIPS):
            memory.paint(row(f"once {number}"), 20)
            assert memory.paint(row("often"), 20) is strip


async def test_what_a_widget_keeps_painted_has_a_bound() -> None:
    async with opened() as (pilot, screen):
        for number in range(5 * MOST_STRIPS):
            for painted in screen.query(PaintedWidget):
                painted.paint(row(f"once {number}"), 20)
        kept = [len(painted._strips) for painted in pilot.app.screen.query(PaintedWidget)]
        assert set(kept) == {MOST_STRIPS}
