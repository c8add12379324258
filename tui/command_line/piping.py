"""Pipes where a file is read: what comes by them is kept in a file of its own."""

from __future__ import annotations

import argparse
import os
import stat
import sys
from contextlib import suppress
from typing import Final

from engine.refusal import RefusedError, quote
from scenarios.sources.candidate import split_fragment
from tui.command_line.standard_input import READ, STDIN, STDIN_WORDS
from tui.files.piped import MOST_BYTES, keep_piped, name_for

_DESCRIPTORS: Final = ("/dev/fd/", "/proc/self/fd/")


def keep_pipes(arguments: argparse.Namespace) -> None:
    """Read what arguments name that can be read only once, and let them name where it is kept.

    Raises:
        RefusedError: it cannot be read or kept, or stdin is asked for commands as well.
    """
    pipes = _Pipes()
    for key, called in READ.items():
        given = getattr(arguments, key, None)
        if isinstance(given, str):
            setattr(arguments, key, pipes.kept(given, called))
        elif isinstance(given, list | tuple):
            setattr(arguments, key, [pipes.kept(each, called) for each in given])
    arguments.stdin_read = pipes.stdin_read
    if pipes.stdin_read and getattr(arguments, "batch", None) in STDIN_WORDS:
        raise RefusedError("stdin for a file and for --batch", "one of them in a file of its own")


class _Pipes:
    """What was read so far: no pipe gives the same twice."""

    def __init__(self) -> None:
        self._content: dict[str, bytes] = {}
        self.stdin_read = False

    def kept(self, spec: str, called: tuple[str, str] | None) -> str:
        """Return a spec, or that of the file in which what its pipe gave is kept.

        Raises:
            RefusedError: the pipe has been read already, or what it gave cannot be kept.
        """
        path, number = split_fragment(spec)
        if spec in STDIN_WORDS or not _is_pipe(path):
            path, number = spec, None
        if not _is_pipe(path):
            return spec
        content = self._read(path)
        try:
            kept = keep_piped(content, *(called or name_for(content)))
        except OSError as error:
            found = f"{_told(path)}, which cannot be kept ({error.strerror})"
            raise RefusedError(
                found, "a file, or XDG_STATE_HOME where one can be written"
            ) from None
        return kept if number is None else f"{kept}#{number}"

    def _read(self, path: str) -> bytes:
        stdin = path in STDIN_WORDS
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
    if path in STDIN_WORDS or path.startswith(_DESCRIPTORS):
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
    return "stdin" if path in STDIN_WORDS else quote(path)
