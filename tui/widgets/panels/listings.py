"""Panels that show a listing, scrolled to where something happens: the C, a program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.machine.actors import Actor
from engine.query.locations import described
from engine.query.triggers import AtFunction, AtLabel, AtLine
from tui.presenters.cells import Row
from tui.presenters.layout import Pane
from tui.presenters.panels.guest_program import program_listing
from tui.presenters.panels.listing import GUTTER, Listing
from tui.presenters.panels.policy_source import policy_listing
from tui.session.session import Session
from tui.widgets.messages import LineGiven
from tui.widgets.panels.panel import Panel

ENABLED: Final = "●"
DISABLED: Final = "○"


class ListingPanel(Panel):
    """Shows lines of a source, and repaints those whose marks have changed."""

    def __init__(self, pane: Pane, *, id: str | None = None) -> None:
        super().__init__(pane, id=id)
        self._listing = Listing("", ())
        self._stops: Mapping[str, str] = {}

    def listing(self, session: Session, width: int) -> Listing:
        """Return what to show of a session."""
        raise NotImplementedError

    def row(self, index: int) -> Row:
        """Return a line with what is said about it."""
        stop = self._stops.get(self._listing.stop(index), " ")
        return self._listing.row(index, self.width, stop)

    def first_choice(self) -> int:
        """Return the line at hand."""
        return self._listing.focus[0]

    @property
    def stop(self) -> str:
        """The place to stop at on the line that the arrows have chosen, empty for none."""
        return "" if self.chosen is None else self._listing.stop(self.chosen)

    @property
    def stop_at_hand(self) -> str:
        """The place to stop at on the line at hand, empty for none."""
        return self._listing.stop(self._listing.focus[0])

    def choose(self, index: int) -> None:
        """Set a breakpoint on a line, or take it away."""
        stop = self._listing.stop(index)
        if stop:
            self.post_message(LineGiven(f"toggle {stop}"))

    def present(self, session: Session, width: int) -> None:
        """Take up the listing and repaint the lines that differ."""
        old, new = self._listing, self.listing(session, width)
        before, self._stops = self._stops, _stops(session)
        self._listing = new
        header = f" {new.title}"
        if header != self.header:
            self.header = header
            self.repaint_header()
        self.count(len(new.lines))
        if old.lines is not new.lines or before != self._stops:
            self.refresh()
        else:
            for index in sorted({*old.marks, *new.marks}):
                if old.marks.get(index) != new.marks.get(index):
                    self.repaint_row(index)
        if self.chosen is None:
            self.keep_in_sight(*new.in_sight(self.rows_in_sight))

    def clicked(self, index: int, column: int) -> None:
        """Set a breakpoint where the gutter was clicked, or take it away."""
        if column <= GUTTER:
            self.choose(index)


def _stops(session: Session) -> dict[str, str]:
    """Return the signs of breakpoints by their places, as listings name them."""
    setup = session.setup
    return {
        described(each.trigger, setup): ENABLED if each.enabled else DISABLED
        for each in session.stops
        if isinstance(each.trigger, AtLine | AtFunction | AtLabel)
    }


class SourcePanel(ListingPanel):
    """Shows the C that KVM runs, and what it decided."""

    def listing(self, session: Session, width: int) -> Listing:
        """Return the policy's source."""
        return policy_listing(session.timeline, width)


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
