"""Files written whole or not at all, and the private directories they lie in."""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

_DIRECTORY_MODE: Final = 0o700
_LONGEST_NAME: Final = 80


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
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
    try:
        write_whole(path, content)
    except BaseException:
        with suppress(OSError):
            os.unlink(path)
        raise


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
    kept = _mode(target)
    temporary = target.parent / f".kvmcache-tui-{secrets.token_hex(8)}"
    # Never more permissions than the target's: somebody could open it before they are set.
    handle = os.open(
        temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666 if kept is None else kept
    )
    try:
        with os.fdopen(handle, "wb") as file:
            if kept is not None:
                os.fchmod(handle, kept)
            file.write(content)
            file.flush()
            os.fsync(handle)
        os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    _settle(target.parent)


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
