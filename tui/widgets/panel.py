"""A panel: a header that stays and rows that scroll below it, painted line by line."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from engine.timeline import Timeline
from tui.presenters.rows import Row
from tui.widgets.painting import COMPONENTS, paint, paint_header
from tui.widgets.step_chosen import StepChosen


class Panel(ScrollView, can_focus=False):
    """Shows rows of a timeline; only the lines that differ from what is shown are repainted."""

    COMPONENT_CLASSES: ClassVar[set[str]] = COMPONENTS

    timeline: reactive[Timeline | None] = reactive(None, repaint=False)

    header = ""

    def row(self, index: int) -> Row:
        """Return the row at `index`; asked for only while the panel has a timeline."""
        raise NotImplementedError

    def present(self, timeline: Timeline, width: int) -> None:
        """Take up what the panel shows of a timeline, and repaint what is different."""
        raise NotImplementedError

    @property
    def width(self) -> int:
        """The columns that rows have."""
        return self.scrollable_content_region.width

    @property
    def rows_in_sight(self) -> int:
        """How many rows fit below the header."""
        return max(self.scrollable_content_region.height - 1, 0)

    def watch_timeline(self, timeline: Timeline | None) -> None:
        """Show another timeline, or the same at another step."""
        if timeline is not None and self.width > 0:
            self.present(timeline, self.width)

    def on_resize(self, event: events.Resize) -> None:
        """Fit what is shown to the new size."""
        if self.timeline is not None and self.width > 0:
            self.present(self.timeline, self.width)
            self.refresh()

    def count(self, rows: int) -> None:
        """Say how many rows there are, for scrolling."""
        size = Size(self.width, rows + 1)
        if size != self.virtual_size:
            self.virtual_size = size

    def keep_in_sight(self, first: int, last: int) -> None:
        """Scroll no further than needed for these rows to be seen, with some around them.

        Where not all fit, it is the first ones that are seen.
        """
        spare = self.rows_in_sight - (last - first + 1)
        around = max(min(2, spare // 2), 0)
        top = round(self.scroll_y)
        lowest = last + around - self.rows_in_sight + 1
        wanted = min(max(top, lowest), max(first - around, 0))
        if wanted != top:
            self.scroll_to(y=wanted, animate=False)

    def repaint_row(self, index: int) -> None:
        """Repaint one row, if it is in sight."""
        line = index - round(self.scroll_y)
        if 0 <= line < self.rows_in_sight:
            self.refresh(Region(0, line + 1, self.width, 1))

    def repaint_header(self) -> None:
        """Repaint the header."""
        self.refresh(Region(0, 0, self.width, 1))

    def render_line(self, y: int) -> Strip:
        """Paint one line: the header, a row, or nothing below the last."""
        width = self.width
        if y == 0:
            return paint_header(self, self.header, width)
        index = y - 1 + round(self.scroll_y)
        if self.timeline is None or index >= self.virtual_size.height - 1:
            return Strip.blank(width, self.rich_style)
        return paint(self, self.row(index), width)

    def on_click(self, event: events.Click) -> None:
        """Go to the step that the clicked row stands for."""
        index = event.y - 1 + round(self.scroll_y)
        if self.timeline is None or event.y < 1 or index >= self.virtual_size.height - 1:
            return
        step = self.row(index).step
        if step is not None:
            self.post_message(StepChosen(step))
