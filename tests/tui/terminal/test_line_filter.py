from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from tui.terminal.line_filter import Printable

BLACK = Color(0, 0, 0)


def test_what_a_terminal_would_obey_is_replaced_and_columns_stay_columns() -> None:
    bold = Style(bold=True)
    line = [Segment("a\x1b[2J\x9bb", bold), Segment("\u202e\u00a0\u3000\u0301é", None)]
    shown = Printable().apply(line, BLACK)
    assert shown == [Segment("a[2Jb", bold), Segment("\u00a0\u3000\u0301é", None)]
    assert [segment.cell_length for segment in shown] == [each.cell_length for each in line]


def test_a_line_that_can_be_shown_is_the_same() -> None:
    line = [Segment("a ←→ é")]
    assert Printable().apply(line, BLACK) is line
