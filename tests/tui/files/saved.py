"""Sessions saved and reopened, and what must be the same of both."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from engine.refusal import RefusedError
from scenarios.case import Case
from tui.files.outside_work import save
from tui.files.session_file import read_session_file, restored, session_bytes
from tui.session.session import Session


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
        "current": session.branches.current,
        "stops": session.stops,
        "bookmarks": session.bookmarks,
        "actor": session.prompt.actor,
        "kind": session.prompt.kind,
        "sought": session.prompt.sought,
        "last": session.prompt.last,
        "notes": dict(session.notes),
        "prepared": session.prepared,
        "skipped": session.skipped,
    }


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond a size, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def refusal(session: Session, path: Path) -> str:
    """Return what saving says that is refused, and leaves what is there as it was."""
    before = {each: each.read_bytes() for each in path.parent.iterdir() if each.is_file()}
    with pytest.raises(RefusedError) as refused:
        save(session, str(path))
    assert {each: each.read_bytes() for each in path.parent.iterdir() if each.is_file()} == before
    return str(refused.value)
