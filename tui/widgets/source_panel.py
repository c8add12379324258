"""The panel of the policy's C."""

from __future__ import annotations

from tui.presenters.panels.listing import Listing
from tui.presenters.panels.policy_source import policy_listing
from tui.session.session import Session
from tui.widgets.listing_panel import ListingPanel


class SourcePanel(ListingPanel):
    """Shows the C that KVM runs, and what it decided."""

    def listing(self, session: Session, width: int) -> Listing:
        """Return the policy's source."""
        return policy_listing(session.timeline, width)
