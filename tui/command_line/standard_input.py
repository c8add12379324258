"""`-` and other pipes where a file is read: what comes by them is kept in a file of its own."""

from __future__ import annotations

import argparse
import os
import re
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from engine.refusal import RefusedError, quote
from scenarios.sources.candidate import split_fragment
from tui.files.piped import MOST_BYTES, keep_piped, name_for

STDIN: Final = "-"
_STDIN: Final = (STDIN, "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0")
_DESCRIPTORS: Final = ("/dev/fd/", "/proc/self/fd/")
_CANDIDATE: Final = re.compile(r"-#[0-9]+")

_Name = Callable[[bytes], tuple[str, str]]


def _called(stem: str, suffix: str) -> _Name:
    return lambda _: (stem, suffix)


_READ: Final[dict[str, _Name]] = {
    "file": name_for,
    "policy": name_for,
    "policies": name_for,
    "base": _called("base", ".c"),
    "name": _called("scenario", ".toml"),
    "names": _called("scenario", ".toml"),
    "files": _called("scenario", ".toml"),
    "session": _called("session", ".session"),
    "answers": _called("answers", ".txt"),
}
"""The arguments that name files to read, each with how a file that has no name is called."""


def spelt(arguments: list[str]) -> list[str]:
    """Return arguments in which no candidate of stdin looks like an option."""
    return [f"/dev/stdin{each[1:]}" if _CANDIDATE.fullmatch(each) else each for each in arguments]


def keep_pipes(arguments: argparse.Namespace) -> None:
    """Read what arguments name that can be read only once, and let them name where it is kept.

    Raises:
        RefusedError: it cannot be read or kept, or stdin is asked for commands as well.
    """
    pipes = _Pipes()
    for key, name in _READ.items():
        given = getattr(arguments, key, None)
        if isinstance(given, str):
            setattr(arguments, key, pipes.kept(given, name))
        elif isinstance(given, list | tuple):
            setattr(arguments, key, [pipes.kept(each, name) for each in given])
    arguments.stdin_read = pipes.stdin_read
    if pipes.stdin_read and getattr(arguments, "batch", None) in _STDIN:
        raise RefusedError("stdin for a file and for --batch", "one of them in a file of its own")


def back_to_terminal() -> None:
    """Let stdin be the terminal again, after something else was read from it."""
    with suppress(OSError):
        terminal = os.open("/dev/tty", os.O_RDWR)
        os.dup2(terminal, 0)
        os.close(terminal)


class _Pipes:
    """What was read so far: no pipe gives the same twice."""

    def __init__(self) -> None:
        self._content: dict[str, bytes] = {}
        self.stdin_read = False

    def kept(self, spec: str, name: _Name) -> str:
        """Return a spec, or that of the file in which what its pipe gave is kept.

        Raises:
            RefusedError: the pipe has been read already, or what it gave cannot be kept.
        """
        path, number = split_fragment(spec)
        if spec in _STDIN or not _is_pipe(path):
            path, number = spec, None
        if not _is_pipe(path):
            return spec
        content = self._read(path)
        try:
            kept = keep_piped(content, *name(content))
        except OSError as error:
            found = f"{_told(path)}, which cannot be kept ({error.strerror})"
            raise RefusedError(
                found, "a file, or XDG_STATE_HOME where one can be written"
            ) from None
        return kept if number is None else f"{kept}#{number}"

    def _read(self, path: str) -> bytes:
        stdin = path in _STDIN
        key = STDIN if stdin else path
        if key not in self._content:
            self.stdin_read |= stdin
            content = _from_stdin() if stdin else _from_pipe(path)
            if not content:
                raise RefusedError(f"nothing on {_told(path)}", "what is to be read")
            if len(content) > MOST_BYTES:
                raise RefusedError(f"more than {MOST_BYTES >> 20} MiB on {_told(path)}", "less")
            self._content[key] = content
        return self._content[key]


def _is_pipe(path: str) -> bool:
    if path in _STDIN or path.startswith(_DESCRIPTORS):
        return True
    with suppress(OSError, ValueError):
        return stat.S_ISFIFO(os.stat(path).st_mode)
    return False


def _from_stdin() -> bytes:
    return b"" if sys.stdin is None else sys.stdin.buffer.read(MOST_BYTES + 1)


def _from_pipe(path: str) -> bytes:
    try:
        with open(path, "rb") as pipe:
            return pipe.read(MOST_BYTES + 1)
    except OSError as error:
        raise RefusedError(f"{quote(path)}: {error.strerror}", "what can be read") from None


def _told(path: str) -> str:
    return "stdin" if path in _STDIN else quote(path)
