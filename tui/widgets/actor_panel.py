"""The panel of vCPUs."""

from __future__ import annotations

from tui.presenters.cells import Table
from tui.presenters.panels.actors import actor_table
from tui.session.session import Session
from tui.widgets.table_panel import TablePanel


class ActorPanel(TablePanel):
    """Shows a row for each vCPU."""

    def table(self, session: Session, width: int) -> Table:
        """Return the vCPUs."""
        return actor_table(session.timeline, width)
