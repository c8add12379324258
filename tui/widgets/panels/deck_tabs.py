"""The tabs of panes that share a place: a click brings one to the front."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from tui.presenters.layout import Deck, Pane
from tui.widgets.messages import TabChosen
from tui.widgets.panels.panel import FOCUSED

NAMES = {Pane.SOURCE: "code"}
"""Panes that are called otherwise as tabs."""


class DeckTabs(Widget, can_focus=False):
    """Shows the names of a deck's panes, the front one in brackets, and what is said of that."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"tabs--front", "tabs--remark"}
    ALLOW_SELECT = False

    deck: reactive[Deck | None] = reactive(None)
    focused: reactive[bool] = reactive(False)
    """The front pane has the focus."""
    remark: reactive[str] = reactive("")
    """What the front pane says of itself."""

    def render_line(self, y: int) -> Strip:
        """Paint the tabs."""
        base = self.rich_style
        if self.deck is None:
            return Strip.blank(self.size.width, base)
        front = self.get_component_rich_style("tabs--front")
        lead = FOCUSED if self.focused else " "
        segments = [Segment(lead, front if self.focused else base)]
        for pane, text in self._placed(self.deck):
            segments.append(Segment(text, front if pane is self.deck.front else base))
        room = self.size.width - sum(len(segment.text) for segment in segments)
        remark = f"  {self.remark} "
        if self.remark and len(remark) <= room:
            style = self.get_component_rich_style("tabs--remark")
            segments.append(Segment(remark.rjust(room), style))
        return Strip(segments).adjust_cell_length(self.size.width, base)

    def on_click(self, event: events.Click) -> None:
        """Bring the pane to the front whose name was clicked."""
        if self.deck is None:
            return
        start = len(FOCUSED)
        for pane, text in self._placed(self.deck):
            if start <= event.x < start + len(text):
                self.post_message(TabChosen(pane))
            start += len(text)

    @staticmethod
    def _placed(deck: Deck) -> list[tuple[Pane, str]]:
        names = [(pane, NAMES.get(pane, pane.value)) for pane in deck.panes]
        return [(pane, f"[{name}]" if pane is deck.front else f" {name} ") for pane, name in names]
