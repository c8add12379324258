"""The panel of guest memory."""

from __future__ import annotations

from tui.presenters.cells import Table
from tui.presenters.layout import Pane
from tui.presenters.panels.memory import memory_table, sizes
from tui.presenters.per_run import OncePerRun
from tui.session.session import Session
from tui.widgets.table_panel import TablePanel


class MemoryPanel(TablePanel):
    """Shows the words with their copies, and who sees what of them."""

    def __init__(self, pane: Pane) -> None:
        super().__init__(pane)
        self.sizes = OncePerRun(sizes)
        """The room that the whole run needs, so that no step moves anything."""

    def head(self, index: int) -> int:
        """Return the row of the word that a row is about, which the ones below it are indented."""
        while index and self._rows[index].text.startswith("  "):
            index -= 1
        return index

    def table(self, session: Session, width: int) -> Table:
        """Return the words."""
        timeline = session.timeline
        return memory_table(timeline, width, self.sizes(timeline))
