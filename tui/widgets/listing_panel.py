"""A panel that shows a listing, scrolled to where something happens."""

from __future__ import annotations

from engine.timeline import Timeline
from tui.presenters.listing import Listing
from tui.presenters.rows import Row
from tui.widgets.panel import Panel


class ListingPanel(Panel):
    """Shows lines of a source, and repaints those whose marks have changed."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._listing = Listing("", ())

    def listing(self, timeline: Timeline, width: int) -> Listing:
        """Return what to show of a timeline."""
        raise NotImplementedError

    def row(self, index: int) -> Row:
        """Return a line with what is said about it."""
        return self._listing.row(index, self.width)

    def present(self, timeline: Timeline, width: int) -> None:
        """Take up the listing and repaint the lines that differ."""
        old, new = self._listing, self.listing(timeline, width)
        self._listing = new
        header = f" {new.title}"
        if header != self.header:
            self.header = header
            self.repaint_header()
        self.count(len(new.lines))
        if old.lines is not new.lines:
            self.refresh()
        else:
            for index in sorted({*old.marks, *new.marks}):
                if old.marks.get(index) != new.marks.get(index):
                    self.repaint_row(index)
        self.keep_in_sight(*new.in_sight(self.rows_in_sight))
