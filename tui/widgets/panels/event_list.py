"""The list of events: virtual, so that a hundred thousand steps scroll as smoothly as ten."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from engine.transition import Step
from tui.presenters.cells import Row
from tui.presenters.key_names import KeyNames
from tui.presenters.layout import Pane
from tui.presenters.per_run import OncePerRun
from tui.presenters.steps.labels import event_row, signs
from tui.session.session import Session
from tui.widgets.panels.panel import Panel

KEPT_ROWS: Final = 512
"""Rows kept ready, a few screens of them."""
SEEKING: Final = "{next-event} {previous-event}: "


class EventList(Panel):
    """Shows the start and every step; a row is made when it comes into sight."""

    header = " events"

    def __init__(self, pane: Pane, keys: KeyNames) -> None:
        super().__init__(pane)
        self._seeking = keys.fill(SEEKING) if "kind" in keys else ""
        """What it says of the keys that go to events of the chosen kind, if there are any."""
        self._steps: tuple[Step, ...] | None = None
        self._signs = OncePerRun(signs)
        self._cursor = 0
        self._kept: OrderedDict[tuple[int, int], Row] = OrderedDict()

    def row(self, index: int) -> Row:
        """Return the row of a step."""
        assert self.session is not None
        timeline = self.session.timeline
        if index == timeline.cursor:
            return event_row(timeline, index, self.width, self._signs(timeline))
        key = (index, self.width)
        if key not in self._kept:
            self._kept[key] = event_row(timeline, index, self.width, self._signs(timeline))
            if len(self._kept) > KEPT_ROWS:
                self._kept.popitem(last=False)
        return self._kept[key]

    def first_choice(self) -> int:
        """Return the step at hand."""
        return self._cursor

    def present(self, session: Session, width: int) -> None:
        """Move the cursor's mark, or take up another run."""
        timeline = session.timeline
        self.remark = self._seeking and f"{self._seeking}{session.prompt.kind}"
        if timeline.steps is not self._steps:
            self._steps = timeline.steps
            self._kept.clear()
            self.count(len(timeline.steps) + 1)
            self.refresh()
        self.repaint_row(self._cursor)
        self.repaint_row(timeline.cursor)
        if timeline.cursor != self._cursor:
            self._chosen = None
        self._cursor = timeline.cursor
        self.leap_to(timeline.cursor)
