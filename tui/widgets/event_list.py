"""The list of events: virtual, so that a hundred thousand steps scroll as smoothly as ten."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Final

from engine.timeline import Timeline
from engine.transition import Step
from tui.presenters.events import event_row, signs
from tui.presenters.rows import Row
from tui.widgets.panel import Panel

KEPT_ROWS: Final = 512
"""Rows kept ready, a few screens of them."""


class EventList(Panel):
    """Shows the start and every step; a row is made when it comes into sight."""

    header = " events"

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._steps: tuple[Step, ...] | None = None
        self._signs: Mapping[int, str] = {}
        self._cursor = 0
        self._kept: OrderedDict[tuple[int, int], Row] = OrderedDict()

    def row(self, index: int) -> Row:
        """Return the row of a step."""
        timeline = self.timeline
        assert timeline is not None
        if index == timeline.cursor:
            return event_row(timeline, index, self.width, self._signs)
        key = (index, self.width)
        if key not in self._kept:
            self._kept[key] = event_row(timeline, index, self.width, self._signs)
            if len(self._kept) > KEPT_ROWS:
                self._kept.popitem(last=False)
        return self._kept[key]

    def present(self, timeline: Timeline, width: int) -> None:
        """Move the cursor's mark, or take up another run."""
        if timeline.steps is not self._steps:
            self._steps = timeline.steps
            self._signs = signs(timeline)
            self._kept.clear()
            self.count(len(timeline.steps) + 1)
            self.refresh()
        self.repaint_row(self._cursor)
        self.repaint_row(timeline.cursor)
        self._cursor = timeline.cursor
        self.keep_in_sight(timeline.cursor, timeline.cursor)
