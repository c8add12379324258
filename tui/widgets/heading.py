"""The heading: what is run and where the cursor is, and the verdict below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from textual import events
from textual.geometry import Size
from textual.reactive import reactive
from textual.strip import Strip

from engine.transition import Step
from tui.presenters.cells import Cell, Row, Rows, Tone, fitted
from tui.presenters.per_run import OncePerRun
from tui.presenters.status.heading import title_row, verdict_rows
from tui.presenters.steps.labels import signs
from tui.session.session import Session
from tui.widgets.messages import LineGiven
from tui.widgets.panels.painting import ALARM, FINE, PaintedWidget

TALL: Final = 32
"""The rows of a screen from which on the verdict may take two."""


class Heading(PaintedWidget, can_focus=False):
    """Shows a line with title and position, and the verdict below."""

    special: ClassVar[Mapping[Tone, str]] = {Tone.STALE: ALARM, Tone.GOOD: FINE}

    session: reactive[Session | None] = reactive(None)
    pending: reactive[str] = reactive("")
    """Said instead of the verdict, as long as there is none."""

    def __init__(self, session: Session, *, judges: bool = True) -> None:
        super().__init__()
        self.set_reactive(Heading.session, session)
        self._judges = judges
        self._steps: tuple[Step, ...] | None = None
        self._shape = (0, 0)
        self._verdict: Rows = ()
        self._signs = OncePerRun(signs)

    def watch_session(self, before: Session | None, session: Session | None) -> None:
        """Make room for the verdict of another run."""
        if before is None or session is None:
            return
        if before.timeline.steps is not session.timeline.steps:
            self.refresh(layout=True)

    def render_line(self, y: int) -> Strip:
        """Paint the title or the verdict."""
        width = self.size.width
        if self.session is None:
            return self.blank(width)
        timeline = self.session.timeline
        sign = self._signs(timeline).get(timeline.cursor)
        title = title_row(timeline, self.session.subject, sign, width)
        verdict = self._verdict_at(self.session, width)
        if self.pending:
            said = Row((Cell(fitted(f" {self.pending}", width), Tone.SKIPPED),))
            verdict = (said, *(Row(()) for _ in verdict[1:]))
        rows = (title, *verdict)
        return self.paint(rows[y], width) if y < len(rows) else self.blank(width)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the lines that the title and the verdict need."""
        return 2 if self.session is None else 1 + len(self._verdict_at(self.session, width))

    def on_click(self, event: events.Click) -> None:
        """Say why, if the verdict was clicked and there is a finding."""
        if event.y > 0 and self.session is not None and self.session.timeline.findings:
            self.post_message(LineGiven("why finding 1"))

    def _verdict_at(self, session: Session, width: int) -> Rows:
        # The verdict is over the whole run, so that only another run or size changes it.
        most = 2 if self.screen.size.height >= TALL else 1
        steps = session.timeline.steps
        if steps is not self._steps or (width, most) != self._shape:
            self._steps, self._shape = steps, (width, most)
            rows = verdict_rows(session.timeline, width, most) if self._judges else ()
            self._verdict = rows
        return self._verdict
