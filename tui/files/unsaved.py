"""Work that was not saved: kept when its screen is left, so that it is not lost by a wrong key."""

from __future__ import annotations

from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Final

from tui.files.session_file import session_bytes
from tui.files.writing import make_private, plain_name, write_whole
from tui.sessions.session import Session

MOST: Final = 20
"""How many sessions are kept; the oldest goes when there is another one."""
SUFFIX: Final = ".session"


def keep_unsaved(directory: Path | None, session: Session) -> str | None:
    """Write a session to a file of its own; return which, None if it cannot be written."""
    if directory is None:
        return None
    with suppress(OSError):
        make_private(directory.parent)
        make_private(directory)
        path = _free(directory, plain_name(session.case.scenario.name))
        write_whole(str(path), session_bytes(session, str(path)))
        _forget_oldest(directory)
        return str(path)
    return None


def _free(directory: Path, name: str) -> Path:
    names = (f"{name}-{number}{SUFFIX}" for number in count(1))
    return next(path for each in names if not (path := directory / each).exists())


def _forget_oldest(directory: Path) -> None:
    files = sorted(directory.glob(f"*{SUFFIX}"), key=lambda path: path.stat().st_mtime_ns)
    for path in files[:-MOST]:
        path.unlink()
