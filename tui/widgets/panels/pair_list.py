"""The list of what both sides of a comparison did, row by row: one row made when it is seen."""

from __future__ import annotations

from textual.message import Message
from textual.reactive import reactive

from tui.presenters.cells import Row
from tui.presenters.layout import Pane
from tui.presenters.panels.side_by_side import pair_row
from tui.session.comparison import Comparison
from tui.session.session import Session
from tui.widgets.panels.panel import Panel


class RowChosen(Message):
    """The user chose a row of a comparison."""

    def __init__(self, row: int) -> None:
        super().__init__()
        self.row = row


class PairList(Panel):
    """Shows, in each row, the steps that both sides take, and whether that makes a difference."""

    header = " both sides, step by step"

    comparison: reactive[Comparison | None] = reactive(None, repaint=False)

    def __init__(self) -> None:
        super().__init__(Pane.EVENTS, id="pairs")
        self._row = 0

    def row(self, index: int) -> Row:
        """Return a row of the lock-step."""
        comparison = self.comparison
        assert comparison is not None
        lockstep = comparison.lockstep
        if not index:
            return Row((), step=0, current=comparison.row == 0)
        (left, right), (left_after, right_after) = lockstep.rows[index - 1 : index + 1]
        return pair_row(
            None if left == left_after else (left_after, lockstep.left.steps[left]),
            None if right == right_after else (right_after, lockstep.right.steps[right]),
            self.width,
            differs=comparison.differences.moves_differ(index)
            or comparison.differences.states_differ(index),
            current=index == comparison.row,
        )

    def first_choice(self) -> int:
        """Return the row at hand."""
        return self._row

    def choose(self, index: int) -> None:
        """Go to a row."""
        self.post_message(RowChosen(index))

    def present(self, session: Session, width: int) -> None:
        """Move the mark of the row at hand."""
        comparison = self.comparison
        if comparison is None:
            return
        self.count(len(comparison.lockstep.rows))
        self.repaint_row(self._row)
        self._row = comparison.row
        self.repaint_row(self._row)
        self.leap_to(self._row)

    def watch_comparison(self, before: Comparison | None, comparison: Comparison | None) -> None:
        """Show another row, or another comparison."""
        if comparison is None:
            return
        if before is None or before.lockstep is not comparison.lockstep:
            self.refresh()
        self.set_reactive(Panel.session, comparison.left)
        self.present_anew()
