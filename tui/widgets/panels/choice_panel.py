"""The panel of what can happen next, each choice with what could follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.reactive import reactive

from tui.presenters.cells import Row
from tui.presenters.layout import Pane
from tui.presenters.panels.choices import Choices, choice_row, choices, predict
from tui.session.session import Session
from tui.widgets.messages import LineGiven
from tui.widgets.panels.panel import Panel

if TYPE_CHECKING:
    from engine.explorer.prospects.prospects import Prospects
    from engine.machine.setup import Setup


class ChoicePanel(Panel):
    """Shows the events that can happen at the step at hand; Enter lets one happen."""

    header = " what can happen"

    known: reactive[tuple[Setup, Prospects] | None] = reactive(None, repaint=False)
    """What can follow every state of a machine, where the scenario is small enough to know."""

    def __init__(self, pane: Pane) -> None:
        super().__init__(pane)
        self._offered: Choices | None = None
        self._rows: dict[int, Row] = {}

    def row(self, index: int) -> Row:
        """Return a choice, worked out when it comes into sight."""
        assert self._offered is not None
        assert self.session is not None
        if index not in self._rows:
            event = self._offered.events[index]
            known = self.known if self.known and self.known[0] is self.session.setup else None
            prediction = predict(self.session.timeline, event, known and known[1])
            self._rows[index] = choice_row(self._offered, index, prediction, self.width)
        return self._rows[index]

    def first_choice(self) -> int:
        """Return the choice that the run takes."""
        taken = None if self._offered is None else self._offered.taken
        return 0 if taken is None else taken

    def choose(self, index: int) -> None:
        """Let an event happen."""
        self.post_message(LineGiven(f"take {index + 1}", self.session))

    def present(self, session: Session, width: int) -> None:
        """List what can happen at the step at hand."""
        self._offered, self._rows = choices(session.timeline), {}
        self._chosen = None
        self.count(len(self._offered.events))
        self.keep_in_sight(self.first_choice(), self.first_choice())
        self.refresh()

    def watch_known(self) -> None:
        """Label the choices."""
        self.show_all()
