"""Panels that show a table made anew at every step: vCPUs, memory, one side of a comparison."""

from __future__ import annotations

from typing import ClassVar

import attrs
from textual import events
from textual.reactive import reactive

from tui.presenters.cells import Row, Rows, Table
from tui.presenters.layout import Pane
from tui.presenters.panels.actors import actor_table
from tui.presenters.panels.memory import Sizes, memory_table, sizes
from tui.presenters.panels.side_by_side import with_differences
from tui.presenters.per_run import OncePerRun
from tui.session.session import Session
from tui.widgets.messages import LineGiven
from tui.widgets.panels.panel import Panel


class TablePanel(Panel):
    """Shows a table; while it has the focus, the arrows choose one of its values."""

    own_keys: ClassVar[frozenset[str]] = frozenset({"up", "down", "left", "right", "enter"})

    def __init__(self, pane: Pane, *, id: str | None = None) -> None:
        super().__init__(pane, id=id)
        self._rows: Rows = ()
        self._value = (0, 0)
        """Row and place among the row's values."""

    def table(self, session: Session, width: int) -> Table:
        """Return what to show of a session."""
        raise NotImplementedError

    @property
    def asks(self) -> str:
        """The value that is chosen, as `why` is asked for it; empty where none is."""
        if not self.has_focus or not self._rows:
            return ""
        row, place = self._value
        values = self._values(row)
        return values[min(place, len(values) - 1)][1] if values else ""

    @property
    def chosen(self) -> int | None:
        """No row as a whole is chosen, but a value in it."""
        return None

    def row(self, index: int) -> Row:
        """Return a row of the table, with the chosen value marked."""
        row = self._rows[index]
        if not self.asks or index != self._value[0]:
            return row
        values = self._values(index)
        at, _ = values[min(self._value[1], len(values) - 1)]
        return row.with_current(at)

    def present(self, session: Session, width: int) -> None:
        """Make the table and repaint the rows that differ."""
        table = self.table(session, width)
        old, self._rows = self._rows, table.rows
        if table.header != self.header:
            self.header = table.header
            self.repaint_header()
        self.count(len(table.rows))
        changed = [index for index, row in enumerate(table.rows) if row != _at(old, index)]
        for index in changed:
            self.repaint_row(index)
        marked = [
            index for index, row in enumerate(table.rows) if any(cell.changed for cell in row.cells)
        ]
        if marked:
            self.keep_in_sight(self.head(marked[0]), marked[-1])

    def head(self, index: int) -> int:
        """Return the row that says what another one is about."""
        return index

    def begin_choosing(self) -> None:
        """Choose the value that the last step changed, else the first."""
        every = [
            (row, place, self._rows[row].cells[at].changed)
            for row in range(len(self._rows))
            for place, (at, _) in enumerate(self._values(row))
        ]
        chosen = next((each for each in every if each[2]), every[0] if every else (0, 0, False))
        self._value = chosen[:2]
        self._follow()

    async def pressed(self, key: str, chosen: int) -> bool:
        """Tables have values instead of rows to choose."""
        return False

    async def on_key(self, event: events.Key) -> None:
        """Choose another value, or ask why it is what it is."""
        row, place = self._value
        moves = {"up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1)}
        if event.key == "enter" and self.asks:
            self.post_message(LineGiven(f"why {self.asks}"))
        elif event.key in moves and self.asks:
            down, right = moves[event.key]
            row = self._beside(row, down)
            most = len(self._values(row)) - 1
            self._value = (row, max(0, min(min(place, most) + right, most)))
            self._follow()
        else:
            return
        event.stop()
        event.prevent_default()

    def _beside(self, row: int, down: int) -> int:
        """Return the next row in a direction that has a value, the same if there is none."""
        at = row + down
        while down and 0 <= at < len(self._rows):
            if self._values(at):
                return at
            at += down
        return row

    def _values(self, row: int) -> list[tuple[int, str]]:
        """Return a row's values: the cells that they are in, and how why is asked for them."""
        if row >= len(self._rows):
            return []
        cells = self._rows[row].cells
        return [(at, cell.asks) for at, cell in enumerate(cells) if cell.asks]

    def _follow(self) -> None:
        self.keep_in_sight(self.head(self._value[0]), self._value[0])
        self.refresh()


def _at(rows: Rows, index: int) -> Row | None:
    return rows[index] if index < len(rows) else None


class ActorPanel(TablePanel):
    """Shows a row for each vCPU."""

    def table(self, session: Session, width: int) -> Table:
        """Return the vCPUs."""
        return actor_table(session.timeline, width)


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
