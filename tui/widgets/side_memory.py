"""The memory of one side of a comparison, with what differs from the other side marked."""

from __future__ import annotations

import attrs
from textual.reactive import reactive

from tui.presenters.cells import Table
from tui.presenters.layout import Pane
from tui.presenters.panels.memory import Sizes, memory_table, sizes
from tui.presenters.panels.side_by_side import with_differences
from tui.presenters.per_run import OncePerRun
from tui.session.session import Session
from tui.widgets.table_panel import TablePanel


class SideMemory(TablePanel):
    """Shows the words as one side has them, in the columns that both sides need."""

    other: reactive[Session | None] = reactive(None, repaint=False)

    def __init__(self, letter: str) -> None:
        super().__init__(Pane.MEMORY, id=f"memory-{letter.lower()}")
        self._letter = letter
        self._own, self._others = OncePerRun(sizes), OncePerRun(sizes)

    def table(self, session: Session, width: int) -> Table:
        """Return the words."""
        other = session if self.other is None else self.other
        room = _larger(self._own(session.timeline), self._others(other.timeline))
        shown = memory_table(session.timeline, width, room)
        beside = memory_table(other.timeline, width, room)
        rows = with_differences(shown.rows, beside.rows)
        return attrs.evolve(shown, header=_headed(shown.header, self._letter), rows=rows)


def _headed(header: str, letter: str) -> str:
    """Return a table's header with the letter of the side before the name of its first column."""
    name = f" {letter}{header.split('  ', 1)[0]}"
    return name + header[len(name) :]


def _larger(one: Sizes, two: Sizes) -> Sizes:
    return Sizes(max(one.value, two.value), max(one.version, two.version))
