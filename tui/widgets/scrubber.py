"""The scrubber: all steps of the run in lanes; a click or a drag goes to a step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual import events
from textual.reactive import reactive
from textual.strip import Strip

from engine.explorer.prospects.outlook import NoReturn
from tui.commands.run import stops_of
from tui.presenters.cells import Tone
from tui.presenters.layout import Pane
from tui.presenters.per_run import OncePerRun
from tui.presenters.scrubber.lanes import LABEL, DrawnLane, Lane, at_most, drawn, lane_row, lanes
from tui.presenters.scrubber.ruler import (
    RulerMark,
    by_column,
    finding_marks,
    put,
    ruler_row,
)
from tui.presenters.scrubber.scale import Scale
from tui.session.session import Session
from tui.session.stops import Breakpoint
from tui.widgets.messages import StepChosen
from tui.widgets.panels.painting import ALARM, PaintedWidget


class Scrubber(PaintedWidget, can_focus=False):
    """Shows a ruler with what matters, and below it the lanes, the step at hand marked in each."""

    special: ClassVar[Mapping[Tone, str]] = {Tone.STALE: ALARM}

    session: reactive[Session | None] = reactive(None, repaint=False)
    no_return: reactive[NoReturn | None] = reactive(None)

    def __init__(self) -> None:
        super().__init__(id=Pane.LANES.value)
        self.placed = True
        self._lanes = OncePerRun(lanes)
        self._findings = OncePerRun(finding_marks)
        self._drawn_lanes: tuple[DrawnLane, ...] = ()
        self._drawn_of: tuple[Lane, ...] = ()
        self._drawn_for: object = None
        self._stops: dict[Breakpoint, tuple[int, ...]] = {}
        self._stops_of: object = None
        self._marks: dict[int, RulerMark] = {}
        self._marks_for: object = None

    def watch_session(self, before: Session | None, session: Session | None) -> None:
        """Repaint, unless the step at hand stays in its column and nothing else is new."""
        if before is None or session is None or _shown(before) != _shown(session):
            self.refresh()
            return
        scale = self._scale(session)
        if scale.columns(before.timeline.cursor) != scale.columns(session.timeline.cursor):
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Paint the ruler or a lane."""
        width = self.size.width
        if self.session is None:
            return self.blank(width)
        scale, cursor = self._scale(self.session), self.session.timeline.cursor
        if not y:
            return self.paint(ruler_row(self._columns(self.session, scale), scale, cursor), width)
        lanes = self._drawn(self.session, scale)
        if y > len(lanes):
            return self.blank(width)
        return self.paint(lane_row(lanes[y - 1], scale.columns(cursor)), width)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Go to the step under the mouse, and follow the mouse from now on."""
        self.capture_mouse()
        self._go_to(event.x)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Go to the step under the mouse, while its button is held down."""
        if self.app.mouse_captured is self:
            self._go_to(event.x)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let the mouse go."""
        self.release_mouse()

    def _go_to(self, column: int) -> None:
        if self.session is None:
            return
        step = self._scale(self.session).step_at(column - LABEL)
        if step != self.session.timeline.cursor:
            self.post_message(StepChosen(step))

    def _scale(self, session: Session) -> Scale:
        return Scale(len(session.timeline.steps), max(self.size.width - LABEL - 1, 1))

    def _drawn(self, session: Session, scale: Scale) -> tuple[DrawnLane, ...]:
        """Return the lanes as they are drawn, drawn anew only for another run or size."""
        every, asked = self._lanes(session.timeline), (scale, self.size.height)
        if every is not self._drawn_of or asked != self._drawn_for:
            self._drawn_of, self._drawn_for = every, asked
            kept = at_most(every, self.size.height - 1)
            self._drawn_lanes = tuple(drawn(lane, scale) for lane in kept)
        return self._drawn_lanes

    def _columns(self, session: Session, scale: Scale) -> dict[int, RulerMark]:
        """Return the marks by column, worked out anew only if something of them is another."""
        bookmarks = session.marked
        asked = (
            session.timeline.steps,
            session.stops,
            tuple(bookmarks),
            self.no_return,
            scale,
        )
        if not _same(asked, self._marks_for):
            marks = dict(self._findings(session.timeline))
            put(marks, bookmarks, RulerMark.BOOKMARK)
            put(marks, self._stopping(session), RulerMark.STOP)
            if self.no_return is not None:
                for step, mark in (
                    (self.no_return.at, RulerMark.NO_RETURN),
                    (self.no_return.quiet, RulerMark.NO_RETURN_QUIET),
                ):
                    put(marks, () if step is None else (step,), mark)
            self._marks, self._marks_for = by_column(marks, scale), asked
        return self._marks

    def _stopping(self, session: Session) -> list[int]:
        """Return the steps at which an enabled breakpoint stops."""
        if session.timeline.steps is not self._stops_of:
            self._stops, self._stops_of = {}, session.timeline.steps
        for each in session.stops:
            if each.enabled and each not in self._stops:
                self._stops[each] = stops_of(session, each)
        return [step for each in session.stops if each.enabled for step in self._stops[each]]


def _shown(session: Session) -> tuple[object, ...]:
    """Return all that is shown of a session but the step at hand, its run by identity."""
    return id(session.timeline.steps), session.stops, session.bookmarks, session.branches.current


def _same(asked: tuple[object, ...], before: object) -> bool:
    """Say whether marks were asked for from the same things, the long ones by identity."""
    return isinstance(before, tuple) and asked[0] is before[0] and asked[1:] == before[1:]
