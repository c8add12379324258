"""What was shown before, and the ways back to it and forward again."""

from __future__ import annotations

from typing import Final

import attrs

from tui.session.session import Session

MOST: Final = 100
"""The ways back that are remembered; what was left before those is forgotten."""


@attrs.frozen(eq=False)
class Visits:
    """Sessions as they were when another run was shown in their place."""

    former: tuple[Session, ...] = ()
    """The last is the one that was shown before."""
    later: tuple[Session, ...] = ()
    """The first is the one that was left last."""

    def leave(self, session: Session) -> Visits:
        """Return the visits with another one shown in place of a session's run."""
        return Visits((*self.former, session)[-MOST:])

    def back(self, session: Session) -> tuple[Session, Visits] | None:
        """Return what was shown before, None if nothing was."""
        if not self.former:
            return None
        *others, last = self.former
        return _again(last, session), Visits(tuple(others), (session, *self.later))

    def forward(self, session: Session) -> tuple[Session, Visits] | None:
        """Return what was gone back from, None if nothing was."""
        if not self.later:
            return None
        first, *others = self.later
        return _again(first, session), Visits((*self.former, session), tuple(others))


def _again(then: Session, now: Session) -> Session:
    """Return a session as it was shown then, with what has been made of it since."""
    names = now.branches.names
    if then.setup is not now.setup or then.branch.name not in names:
        return then
    return now.switch(then.branch.name).seek(then.timeline.cursor)
