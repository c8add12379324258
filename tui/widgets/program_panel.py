"""The panel of one actor's program."""

from __future__ import annotations

from textual.reactive import reactive

from engine.machine.state import Actor
from engine.timeline import Timeline
from tui.presenters.guest_program import program_listing
from tui.presenters.listing import Listing
from tui.widgets.listing_panel import ListingPanel


class ProgramPanel(ListingPanel):
    """Shows a guest's or the VMM's program with its program counter."""

    actor: reactive[Actor] = reactive(0, repaint=False)

    def watch_actor(self) -> None:
        """Show another actor's program."""
        self.watch_timeline(self.timeline)

    def listing(self, timeline: Timeline, width: int) -> Listing:
        """Return the actor's program."""
        return program_listing(timeline, self.actor, width)
