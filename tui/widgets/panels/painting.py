"""Rows painted: each tone in the style that the stylesheet gives it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual.cache import LRUCache
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from tui.presenters.cells import Cell, Row, Tone
from tui.presenters.words import printable

PREFIX: Final = "row--"
CHANGED: Final = "row--changed"
CURRENT: Final = "row--current"
CHOSEN: Final = "row--chosen"
HEADER: Final = "row--header"

ALARM: Final = "row--alarm"
FINE: Final = "row--fine"
"""What is stale and what is good where a whole line says it: bold, and not reversed."""

COMPONENTS: Final = {
    *(f"{PREFIX}{tone.value}" for tone in Tone),
    *(CHANGED, CURRENT, CHOSEN, HEADER, ALARM, FINE),
}
"""The component classes that rows are painted in."""

MOST_STRIPS: Final = 200
"""The rows that a widget keeps painted, more than a screen has; Textual's strips are heavy."""


class PaintedScreen(Screen[None]):
    """A screen with painted widgets: it has the styles that all of them paint in.

    Each widget with styles of its own would make every start, and every change of size, slower.
    """

    COMPONENT_CLASSES = COMPONENTS


class PaintedWidget(Widget):
    """A widget that paints rows; what is painted once is kept until its styles change."""

    ALLOW_SELECT = False

    special: ClassVar[Mapping[Tone, str]] = {}
    """Tones that have another style here."""

    _base: Style | None = None

    def notify_style_update(self) -> None:
        """Forget what was painted in other styles."""
        super().notify_style_update()
        self._base = None

    def paint(self, row: Row, width: int, *, chosen: bool = False) -> Strip:
        """Return a row as a strip of exactly `width` columns; a chosen one stands out."""
        self._take_up_styles()
        key = (row, width, chosen)
        strip = self._strips.get(key)
        if strip is None:
            strip = self._strips[key] = self._painted(row, width, chosen)
        return strip

    def paint_header(self, text: str, width: int) -> Strip:
        """Return a panel's header as a strip of exactly `width` columns."""
        self._take_up_styles()
        style = self._style(HEADER, whole=True)
        return Strip([Segment(text, style)]).adjust_cell_length(width, style)

    def blank(self, width: int) -> Strip:
        """Return a strip of blanks."""
        return Strip.blank(width, self._take_up_styles())

    def _take_up_styles(self) -> Style:
        if self._base is None:
            self._base = self.rich_style
            self._styles: dict[str, Style] = {}
            self._strips: LRUCache[tuple[Row, int, bool], Strip] = LRUCache(MOST_STRIPS)
        return self._base

    def _painted(self, row: Row, width: int, chosen: bool) -> Strip:
        base = self._take_up_styles()
        if row.current:
            base += self._style(CURRENT)
        if chosen:
            base += self._style(CHOSEN)
        segments = [segment for cell in row.cells for segment in self._cell(cell, base)]
        return Strip(segments).adjust_cell_length(width, base)

    def _cell(self, cell: Cell, base: Style) -> tuple[Segment, ...]:
        style = base
        if cell.tone is not Tone.PLAIN:
            style += self._tone(cell.tone)
        if cell.changed:
            style += self._style(CHANGED)
        text = printable(cell.text)
        if cell.current:
            return (Segment(text, style + self._style(CHOSEN)),)
        # The blanks around the words are not part of what is marked.
        words = text.strip()
        before, _, after = text.partition(words) if words else (text, "", "")
        return (Segment(before, base), Segment(words, style), Segment(after, base))

    def _tone(self, tone: Tone) -> Style:
        name = self.special.get(tone, f"{PREFIX}{tone.value}")
        partial = self._style(name)
        # Only the whole style has a translucent colour mixed with what lies behind it.
        mixed = self._style(name, whole=True).color
        return partial if partial.color is None else partial + Style(color=mixed)

    def _style(self, name: str, *, whole: bool = False) -> Style:
        key = f"{name}/{whole}"
        if key not in self._styles:
            self._styles[key] = self.screen.get_component_rich_style(name, partial=not whole)
        return self._styles[key]
