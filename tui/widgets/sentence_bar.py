"""What just happened, in one sentence; how things stand; and the scenario's remark on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.reactive import reactive
from textual.strip import Strip
from textual.widgets import Static

from engine.staleness import Standings
from scenarios.run import note_at
from tui.presenters.cells import Tone, wrapped
from tui.presenters.key_names import KeyNames
from tui.presenters.status.heading import happened_lines
from tui.presenters.status.staleness_line import standing_row
from tui.session.session import Session
from tui.widgets.messages import LineGiven
from tui.widgets.panels.painting import ALARM, PaintedWidget

LINES: Final = 2
"""The lines that the sentence and the note have."""
SIDES: Final = 2
"""The columns beside them that stay empty."""


class Happening(Vertical):
    """Shows the sentence of the step at the cursor, what is stale, and if there is room a note."""

    session: reactive[Session | None] = reactive(None, repaint=False)

    def __init__(self, keys: KeyNames) -> None:
        super().__init__()
        self._keys = keys
        self._sentence = Static(id="sentence", markup=False)
        self._note = Static(id="note", markup=False)

    def compose(self) -> ComposeResult:
        """Yield the sentence, how things stand, and the note."""
        yield self._sentence
        yield StandingLine().data_bind(Happening.session)
        yield self._note

    def watch_session(self, session: Session | None) -> None:
        """Say what happened at another step."""
        width = self.size.width - SIDES
        if session is None or width <= 0:
            return
        sentence = happened_lines(session.timeline, self._keys, width, LINES)
        self._sentence.update("\n".join(sentence), layout=False)
        self._note.update("\n".join(wrapped(self._remark(session), width, LINES)), layout=False)

    def on_resize(self, event: events.Resize) -> None:
        """Say it on lines of another width."""
        self.watch_session(self.session)

    @staticmethod
    def _remark(session: Session) -> str:
        """Return the user's own remark on the step, else the scenario's."""
        own = session.marked.get(session.timeline.cursor)
        return own or note_at(session.run.notes, session.timeline.cursor)


class StandingLine(PaintedWidget, can_focus=False):
    """Shows what is stale, for whom, since when and because of what; a click says why."""

    special: ClassVar[Mapping[Tone, str]] = {Tone.STALE: ALARM}

    session: reactive[Session | None] = reactive(None)

    _standings: Standings | None = None

    def render_line(self, y: int) -> Strip:
        """Paint the line."""
        width = self.size.width
        if self.session is None or y:
            return self.blank(width)
        timeline = self.session.timeline
        if self._standings is None or not self._standings.fits(timeline):
            self._standings = Standings(timeline)
        return self.paint(standing_row(timeline, self._standings, width), width)

    def on_click(self, event: events.Click) -> None:
        """Ask why the first thing that is stale is so."""
        if self.session is None or self._standings is None:
            return
        asks = self._standings.asks(self.session.timeline)
        if asks:
            self.post_message(LineGiven(f"why {asks}"))
