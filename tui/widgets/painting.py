"""Rows painted: each tone in the style that the stylesheet gives it."""

from __future__ import annotations

from typing import Final

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from tui.presenters.rows import Row, Tone
from tui.presenters.words import printable

PREFIX: Final = "row--"
CHANGED: Final = "row--changed"
CURRENT: Final = "row--current"
HEADER: Final = "row--header"

COMPONENTS: Final = {f"{PREFIX}{tone.value}" for tone in Tone} | {CHANGED, CURRENT, HEADER}
"""The component classes that a widget needs to paint rows."""


def paint(widget: Widget, row: Row, width: int) -> Strip:
    """Return a row as a strip of exactly `width` columns."""
    base = widget.rich_style
    if row.current:
        base += widget.get_component_rich_style(CURRENT, partial=True)
    segments: list[Segment] = []
    for cell in row.cells:
        style = base
        if cell.tone is not Tone.PLAIN:
            style += _tone(widget, cell.tone)
        if cell.changed:
            style += widget.get_component_rich_style(CHANGED, partial=True)
        # The blanks around the words are not part of what is marked.
        text = printable(cell.text)
        words = text.strip()
        before, _, after = text.partition(words) if words else (text, "", "")
        segments += [Segment(before, base), Segment(words, style), Segment(after, base)]
    return Strip(segments).adjust_cell_length(width, base)


def paint_header(widget: Widget, text: str, width: int) -> Strip:
    """Return a panel's header as a strip of exactly `width` columns."""
    style = widget.get_component_rich_style(HEADER)
    return Strip([Segment(text, style)]).adjust_cell_length(width, style)


def _tone(widget: Widget, tone: Tone) -> Style:
    name = f"{PREFIX}{tone.value}"
    partial = widget.get_component_rich_style(name, partial=True)
    # Only the whole style has a translucent colour mixed with what lies behind it.
    mixed = widget.get_component_rich_style(name).color
    return partial if partial.color is None else partial + Style(color=mixed)
