"""The panel of one actor's program."""

from __future__ import annotations

from engine.machine.actors import Actor
from tui.presenters.layout import Pane
from tui.presenters.panels.guest_program import program_listing
from tui.presenters.panels.listing import Listing
from tui.session.session import Session
from tui.widgets.listing_panel import ListingPanel


class ProgramPanel(ListingPanel):
    """Shows a guest's or the VMM's program with its program counter."""

    def __init__(self, place: int) -> None:
        super().__init__(Pane.PROGRAMS, id=f"program{place}")
        self._actor: Actor = 0

    def follow(self, actor: Actor, session: Session) -> None:
        """Show an actor's program."""
        self._actor, before = actor, self._actor
        self.session = session
        if actor != before:
            self.present_anew()

    def listing(self, session: Session, width: int) -> Listing:
        """Return the actor's program."""
        return program_listing(session.timeline, self._actor, width)
