"""Sessions saved and reopened, and what must be the same of both."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tui.files.session_file import read_session_file, restored, session_bytes
from tui.presenters.cases import Case
from tui.sessions.session import Session


def reopened(session: Session, case: Case, path: Path) -> Session:
    """Save a session in a file, and return what is read from it."""
    path.write_bytes(session_bytes(session, str(path)))
    return restored(read_session_file(str(path)), case, str(path))


def parts(session: Session) -> dict[str, Any]:
    """Return all of a session that a file keeps, to be compared."""
    return {
        "branches": [
            (
                each.name,
                each.parent,
                each.at,
                each.title,
                each.timeline.cursor,
                each.timeline.events,
                each.timeline.findings,
            )
            for each in session.branches
        ],
        "current": session.current,
        "breakpoints": session.breakpoints,
        "numbered": session.numbered,
        "bookmarks": session.bookmarks,
        "actor": session.actor,
        "kind": session.kind,
        "sought": session.sought,
        "last": session.last,
        "notes": dict(session.notes),
        "prepared": session.prepared,
    }
