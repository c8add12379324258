"""Work that was not saved: kept when its screen is left, so that it is not lost by a wrong key."""

from __future__ import annotations

from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Final

from engine.refusal import RefusedError, quote
from tui.files.session_file import session_bytes
from tui.files.writing import make_private, plain_name, write_new
from tui.session.session import Session

MOST: Final = 20
"""How many sessions are kept; the oldest goes when there is another one."""
SUFFIX: Final = ".session"


def keep_unsaved(directory: Path | None, session: Session) -> str:
    """Write a session to a file of its own; return which.

    Raises:
        RefusedError: it cannot be kept.
    """
    if directory is None:
        raise RefusedError("no directory for what was not saved", "a home, or XDG_STATE_HOME")
    try:
        make_private(directory.parent)
        make_private(directory)
        path = _written(directory, session)
    except OSError as error:
        found = f"{quote(str(directory))}: {error.strerror}"
        raise RefusedError(found, "a directory that can be written to") from None
    _forget_oldest(directory, path)
    return path


def _written(directory: Path, session: Session) -> str:
    """Write a session under the first name that is free; return its path."""
    stem = str(directory / plain_name(session.case.scenario.name))
    content = session_bytes(session, stem)
    for number in count(1):
        path = f"{stem}-{number}{SUFFIX}"
        with suppress(FileExistsError):
            write_new(path, content)
            return path
    raise AssertionError("numbers have an end")


def _forget_oldest(directory: Path, just_kept: str) -> None:
    """Delete what is beyond the newest, as far as it can be; a clock can have gone back."""
    with suppress(OSError):
        others = [path for path in directory.glob(f"*{SUFFIX}") if str(path) != just_kept]
        others.sort(key=lambda path: path.stat().st_mtime_ns)
        for path in others[: -(MOST - 1)]:
            with suppress(OSError):
                path.unlink()
