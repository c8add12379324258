"""The panel of flushes, done and skipped."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from engine.timeline import Timeline
from engine.transition import Step
from tui.presenters.flushes import (
    FlushEntry,
    FlushLine,
    flush_entries,
    flush_lines,
    flush_row,
)
from tui.presenters.rows import Row
from tui.widgets.panel import Panel


class FlushPanel(Panel):
    """Shows every flush of the run, those to come faint."""

    header = " flushes"

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._steps: tuple[Step, ...] | None = None
        self._entries: tuple[FlushEntry, ...] = ()
        self._lines: tuple[FlushLine, ...] = ()
        self._wrapped_to = 0
        self._cursor = 0

    def row(self, index: int) -> Row:
        """Return a line of an entry."""
        return flush_row(self._lines[index], self._cursor, self.width)

    def present(self, timeline: Timeline, width: int) -> None:
        """List the flushes, anew only if the run or the width is another."""
        if timeline.steps is not self._steps or width != self._wrapped_to:
            if timeline.steps is not self._steps:
                self._entries = flush_entries(timeline.steps)
            self._steps, self._wrapped_to = timeline.steps, width
            self._lines = flush_lines(self._entries, width)
            self.count(len(self._lines))
            self.refresh()
        before, self._cursor = self._cursor, timeline.cursor
        low, high = sorted((before, timeline.cursor))
        for index in range(
            bisect_left(self._lines, low, key=_step), bisect_right(self._lines, high, key=_step)
        ):
            self.repaint_row(index)
        last = max(bisect_right(self._lines, timeline.cursor, key=_step) - 1, 0)
        self.keep_in_sight(last, last)


def _step(line: FlushLine) -> int:
    return line.step
