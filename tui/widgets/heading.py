"""The heading: what is run and where the cursor is, and the verdict below."""

from __future__ import annotations

from typing import ClassVar

from textual.geometry import Size
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from engine.timeline import Timeline
from engine.transition import Step
from tui.presenters.heading import Subject, title_row, verdict_rows
from tui.presenters.rows import Rows
from tui.widgets.painting import COMPONENTS, paint


class Heading(Widget, can_focus=False):
    """Shows a line with title and position, and the verdict below."""

    COMPONENT_CLASSES: ClassVar[set[str]] = COMPONENTS

    timeline: reactive[Timeline | None] = reactive(None)
    subject: reactive[Subject] = reactive(Subject("", "", ""))

    def __init__(self, *, judges: bool = True) -> None:
        super().__init__()
        self._judges = judges
        self._steps: tuple[Step, ...] | None = None
        self._width = 0
        self._verdict: Rows = ()

    def watch_timeline(self, before: Timeline | None, timeline: Timeline | None) -> None:
        """Make room for the verdict of another run."""
        if before is not None and timeline is not None and before.steps is not timeline.steps:
            self.refresh(layout=True)

    def render_line(self, y: int) -> Strip:
        """Paint the title or the verdict."""
        width = self.size.width
        if self.timeline is None:
            return Strip.blank(width, self.rich_style)
        title = title_row(self.timeline, self.subject, width)
        rows = (title, *self._verdict_at(self.timeline, width))
        return paint(self, rows[y], width) if y < len(rows) else Strip.blank(width, self.rich_style)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the lines that the title and the verdict need."""
        return 2 if self.timeline is None else 1 + len(self._verdict_at(self.timeline, width))

    def _verdict_at(self, timeline: Timeline, width: int) -> Rows:
        # The verdict is over the whole run, so that only another run or width changes it.
        if timeline.steps is not self._steps or width != self._width:
            self._steps, self._width = timeline.steps, width
            self._verdict = verdict_rows(timeline, width) if self._judges else ()
        return self._verdict
