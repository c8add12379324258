"""The panel of breakpoints, watches and bookmarks."""

from __future__ import annotations

from typing import ClassVar

from engine.query.parser import Query
from engine.query.triggers import Trigger
from engine.transition import Step
from tui.commands.breakpoints import hits_text
from tui.commands.run import stops_of
from tui.presenters.cells import Cell, Row, Tone, fitted
from tui.presenters.key_names import KeyNames
from tui.presenters.layout import Pane
from tui.presenters.words import printable
from tui.session.session import Session
from tui.session.stops import Breakpoint
from tui.widgets.messages import LineGiven
from tui.widgets.panels.listings import DISABLED, ENABLED
from tui.widgets.panels.panel import Panel

NOTHING = (
    "None yet: {breakpoint} sets a breakpoint, {bookmark} a bookmark; :break, :tbreak and :watch "
    "say more."
)


class StopPanel(Panel):
    """Lists them; Enter turns a breakpoint off or on, or goes to a bookmark; Delete deletes."""

    own_keys: ClassVar[frozenset[str]] = Panel.own_keys | {"delete", "backspace"}

    header = " breakpoints, watches and bookmarks"

    def __init__(self, pane: Pane, keys: KeyNames) -> None:
        super().__init__(pane)
        self._nothing = f" {keys.fill(NOTHING)}"
        self._breakpoints: tuple[Breakpoint, ...] = ()
        self._bookmarks: tuple[tuple[int, str], ...] = ()
        self._steps: tuple[Step, ...] | None = None
        self._hits: dict[tuple[Trigger, Query | None], str] = {}

    def row(self, index: int) -> Row:
        """Return the row of a breakpoint or a bookmark."""
        if not self._breakpoints and not self._bookmarks:
            return Row((Cell(fitted(self._nothing, self.width), Tone.FAINT),))
        if index < len(self._breakpoints):
            return self._breakpoint_row(self._breakpoints[index])
        step, text = self._bookmarks[index - len(self._breakpoints)]
        lead = f" * step {step}: "
        shown = fitted(printable(text), self.width - len(lead))
        return Row((Cell(lead, Tone.STRONG), Cell(shown)), step=step)

    def choose(self, index: int) -> None:
        """Turn a breakpoint off or on, or go to a bookmark."""
        if index < len(self._breakpoints):
            each = self._breakpoints[index]
            line = f"{'disable' if each.enabled else 'enable'} {each.number}"
            self.post_message(LineGiven(line, self.session))
        else:
            super().choose(index)

    async def pressed(self, key: str, chosen: int) -> bool:
        """Delete what is chosen, if that is the key."""
        if key not in ("delete", "backspace"):
            return await super().pressed(key, chosen)
        if chosen < len(self._breakpoints):
            self.post_message(LineGiven(f"delete {self._breakpoints[chosen].number}", self.session))
        elif self._bookmarks:
            step, _ = self._bookmarks[chosen - len(self._breakpoints)]
            self.post_message(LineGiven(f"unmark {step}", self.session))
        return True

    def present(self, session: Session, width: int) -> None:
        """List them anew if they are others, or stop elsewhere."""
        if session.timeline.steps is not self._steps:
            self._steps, self._hits = session.timeline.steps, {}
        self._breakpoints = session.stops.breakpoints
        self._bookmarks = tuple(sorted(session.marked.items()))
        for each in session.stops:
            if _where(each) not in self._hits:
                self._hits[_where(each)] = hits_text(stops_of(session, each))
        self.remark = f"{len(self._breakpoints)} and {len(self._bookmarks)}"
        self.count(max(len(self._breakpoints) + len(self._bookmarks), 1))
        self.refresh()

    def _breakpoint_row(self, each: Breakpoint) -> Row:
        assert self.session is not None
        lead = f" {ENABLED if each.enabled else DISABLED} {each.number} "
        text = f"{each.command(self.session.setup)}, {self._hits[_where(each)]}"
        tone = Tone.PLAIN if each.enabled else Tone.FAINT
        return Row((Cell(lead, Tone.STRONG), Cell(fitted(text, self.width - len(lead)), tone)))


def _where(each: Breakpoint) -> tuple[Trigger, Query | None]:
    """Return all of a breakpoint that says where it stops."""
    return each.trigger, each.condition
