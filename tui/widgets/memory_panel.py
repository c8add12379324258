"""The panel of guest memory."""

from __future__ import annotations

from engine.timeline import Timeline
from engine.transition import Step
from tui.presenters.memory import Sizes, memory_table, sizes
from tui.presenters.rows import Table
from tui.widgets.table_panel import TablePanel


class MemoryPanel(TablePanel):
    """Shows the words with their copies, and who sees what of them."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._steps: tuple[Step, ...] | None = None
        self._sizes = Sizes(1, 1)

    def table(self, timeline: Timeline, width: int) -> Table:
        """Return the words, in the room that the whole run needs."""
        if timeline.steps is not self._steps:
            self._steps = timeline.steps
            self._sizes = sizes(timeline)
        return memory_table(timeline, width, self._sizes)
