"""The panel of flushes, done and skipped."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from engine.transition import Step
from tui.presenters.cells import Row
from tui.presenters.layout import Pane
from tui.presenters.panels.flushes import (
    FlushEntry,
    FlushLine,
    flush_entries,
    flush_lines,
    flush_row,
)
from tui.session.session import Session
from tui.widgets.panels.panel import Panel


class FlushPanel(Panel):
    """Shows every flush of the run, those to come faint."""

    header = " flushes"

    def __init__(self, pane: Pane) -> None:
        super().__init__(pane)
        self._steps: tuple[Step, ...] | None = None
        self._entries: tuple[FlushEntry, ...] = ()
        self._lines: tuple[FlushLine, ...] = ()
        self._wrapped_to = 0
        self._cursor = 0

    def row(self, index: int) -> Row:
        """Return a line of an entry."""
        return flush_row(self._lines[index], self._cursor, self.width)

    def first_choice(self) -> int:
        """Return the last flush up to the step at hand."""
        return max(bisect_right(self._lines, self._cursor, key=_step) - 1, 0)

    def present(self, session: Session, width: int) -> None:
        """List the flushes, anew only if the run or the width is another."""
        timeline = session.timeline
        if timeline.steps is not self._steps or width != self._wrapped_to:
            if timeline.steps is not self._steps:
                self._entries = flush_entries(timeline.steps)
            self._steps, self._wrapped_to = timeline.steps, width
            self._lines = flush_lines(self._entries, width)
            self.count(len(self._lines))
            self.refresh()
        before, self._cursor = self._cursor, timeline.cursor
        low, high = sorted((before, timeline.cursor))
        top = round(self.scroll_y)
        first = max(bisect_left(self._lines, low, key=_step), top)
        last = min(bisect_right(self._lines, high, key=_step), top + self.rows_in_sight)
        for index in range(first, last):
            self.repaint_row(index)
        self.leap_to(self.first_choice())


def _step(line: FlushLine) -> int:
    return line.step
