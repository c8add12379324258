"""The panel that says why a value is what it is, each reason with the step it goes to."""

from __future__ import annotations

from textual.reactive import reactive

from tui.presenters.cells import Row
from tui.presenters.key_names import KeyNames
from tui.presenters.layout import Pane
from tui.presenters.panels.answers import Answer, answer_rows, how_to_ask
from tui.session.session import Session
from tui.widgets.panels.panel import Panel


class WhyPanel(Panel):
    """Shows the last answer; it stays while one goes to its steps."""

    header = " why"

    answer: reactive[Answer | None] = reactive(None, repaint=False)

    def __init__(self, pane: Pane, keys: KeyNames) -> None:
        super().__init__(pane)
        self._keys = keys
        self._rows: tuple[Row, ...] = ()

    def row(self, index: int) -> Row:
        """Return a line of the answer."""
        return self._rows[index]

    def present(self, session: Session, width: int) -> None:
        """Wrap the answer, with what is at the step at hand marked."""
        rows = (
            how_to_ask(self._keys, width)
            if self.answer is None
            else answer_rows(self.answer, session.timeline.cursor, width)
        )
        if rows != self._rows:
            self._rows = rows
            self.count(len(rows))
            self.refresh()

    def watch_answer(self, answer: Answer | None) -> None:
        """Show another answer, from its beginning."""
        self.remark = "" if answer is None else answer.question
        self.header = f" why {self.remark}"
        self._chosen = None
        self.scroll_to(y=0, animate=False, force=True, immediate=True)
        self.show_all()
