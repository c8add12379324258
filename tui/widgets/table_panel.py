"""A panel that shows a table which is made anew at every step."""

from __future__ import annotations

from engine.timeline import Timeline
from tui.presenters.rows import Row, Rows, Table
from tui.widgets.panel import Panel


class TablePanel(Panel):
    """Shows a table, as high as the table is if the stylesheet lets it."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._rows: Rows = ()

    def table(self, timeline: Timeline, width: int) -> Table:
        """Return what to show of a timeline."""
        raise NotImplementedError

    def row(self, index: int) -> Row:
        """Return a row of the table."""
        return self._rows[index]

    def present(self, timeline: Timeline, width: int) -> None:
        """Make the table and repaint the rows that differ."""
        table = self.table(timeline, width)
        old, self._rows = self._rows, table.rows
        if table.header != self.header:
            self.header = table.header
            self.repaint_header()
        self.count(len(table.rows))
        self.styles.height = 1 + len(table.rows)
        changed = [index for index, row in enumerate(table.rows) if row != _at(old, index)]
        for index in changed:
            self.repaint_row(index)
        marked = [
            index for index, row in enumerate(table.rows) if any(cell.changed for cell in row.cells)
        ]
        if marked:
            self.keep_in_sight(marked[0], marked[-1])


def _at(rows: Rows, index: int) -> Row | None:
    return rows[index] if index < len(rows) else None
