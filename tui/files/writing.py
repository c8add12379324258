"""Files written whole or not at all, and the private directories they lie in."""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

_DIRECTORY_MODE: Final = 0o700
_LONGEST_NAME: Final = 80
_PREFIX: Final = ".kvmcache-tui-"
_LEFTOVER: Final = re.compile(rf"{re.escape(_PREFIX)}[0-9a-f]{{16}}", re.ASCII)


def write_whole(path: str, content: bytes) -> None:
    """Write a file so that whoever looks, even after a crash, finds the old one or the new one.

    The file keeps its permissions, and a symbolic link goes on pointing at it. What is there and
    no file, such as a pipe or a device, is written to directly.

    Raises:
        OSError: it cannot be written.
    """
    target = Path(path)
    if target.exists() and not target.is_file():
        target.write_bytes(content)
    else:
        _replace(Path(os.path.realpath(path)), content)


def write_new(path: str, content: bytes) -> None:
    """Write a file whole under a name that no file has yet, whoever else looks for one.

    Raises:
        FileExistsError: there is something of that name.
        OSError: it cannot be written.
    """
    directory = Path(path).parent
    with _temporary(directory, content, None) as temporary:
        try:
            os.link(temporary, path)
        except FileExistsError:
            raise
        except OSError:
            # Not every file system has links; the name is then taken first.
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
            os.replace(temporary, path)
    _settle(directory)


def clear_leftovers(directories: Iterable[Path]) -> None:
    """Delete what writes that were killed have left there, as far as it can be."""
    for directory in directories:
        with suppress(OSError):
            for each in directory.iterdir():
                if _LEFTOVER.fullmatch(each.name):
                    with suppress(OSError):
                        _clear(each)


def plain_name(name: str) -> str:
    """Return a name as a file can have it everywhere: letters, digits, `-`, `_` and `.`."""
    plain = "".join(each if each.isalnum() or each in "-_." else "-" for each in name)
    return plain[:_LONGEST_NAME].lstrip(".") or "unnamed"


def make_private(directory: Path) -> None:
    """Make a directory, and those above it that are missing, for the user's eyes only.

    That is the mode that the XDG Base Directory Specification asks for.

    Raises:
        OSError: it cannot be made.
    """
    if not directory.is_dir():
        make_private(directory.parent)
        directory.mkdir(_DIRECTORY_MODE, exist_ok=True)


def _replace(target: Path, content: bytes) -> None:
    with _temporary(target.parent, content, _mode(target)) as temporary:
        os.replace(temporary, target)
    _settle(target.parent)


@contextmanager
def _temporary(directory: Path, content: bytes, mode: int | None) -> Iterator[Path]:
    """Lend a new file, written whole; what has not become of it in the end is deleted.

    It is locked, so that others can tell it from what a killed write has left.
    """
    path, handle = _locked(directory, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            if mode is not None:
                os.fchmod(handle, mode)
            file.write(content)
            file.flush()
            os.fsync(handle)
            yield path
    finally:
        with suppress(OSError):
            os.unlink(path)


def _locked(directory: Path, mode: int | None) -> tuple[Path, int]:
    while True:
        path = directory / f"{_PREFIX}{secrets.token_hex(8)}"
        # Never more permissions than the target's: somebody could open it before they are set.
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        handle = os.open(path, flags, 0o666 if mode is None else mode)
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        # Whoever clears may have found it before it was locked.
        if path.exists():
            return path, handle
        os.close(handle)


def _clear(leftover: Path) -> None:
    """Delete a file that no write holds any more."""
    handle = os.open(leftover, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.unlink(leftover)
    finally:
        os.close(handle)


def _mode(target: Path) -> int | None:
    """Return the permissions of the file that is there, if one is."""
    with suppress(FileNotFoundError):
        return stat.S_IMODE(target.stat().st_mode)
    return None


def _settle(directory: Path) -> None:
    """Let a rename outlast a power cut, where the file system can promise that."""
    with suppress(OSError):
        handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
