"""The panel of branches."""

from __future__ import annotations

from tui.presenters.cells import Row
from tui.presenters.panels.tree import branch_row, tree
from tui.session.branches import Branch
from tui.session.session import Session
from tui.widgets.messages import LineGiven
from tui.widgets.panels.panel import Panel


class TreePanel(Panel):
    """Shows the branches as a tree; Enter switches to one, `d` beside it compares."""

    header = " branches"

    _branches: tuple[tuple[str, Branch], ...] = ()
    _current = ""

    def row(self, index: int) -> Row:
        """Return the row of a branch."""
        lines, branch = self._branches[index]
        return branch_row(lines, branch, self.width, current=branch.name == self._current)

    def first_choice(self) -> int:
        """Return the branch that is looked at."""
        names = [branch.name for _, branch in self._branches]
        return names.index(self._current)

    def choose(self, index: int) -> None:
        """Switch to a branch."""
        self.post_message(LineGiven(f"switch {self._branches[index][1].name}", self.session))

    @property
    def chosen_branch(self) -> str | None:
        """The branch that the arrows have chosen."""
        return None if self.chosen is None else self._branches[self.chosen][1].name

    def present(self, session: Session, width: int) -> None:
        """Draw the tree anew: there are few branches."""
        self._branches, self._current = tree(session.branches), session.branch.name
        self.remark = f"{len(self._branches)}" if len(self._branches) > 1 else ""
        self.count(len(self._branches))
        self.keep_in_sight(self.first_choice(), self.first_choice())
        self.refresh()
