"""`-` on the command line and other words for stdin, and which arguments name what is read.

A help text must not wait for the engine, so nothing of it is imported here.
"""

from __future__ import annotations

import argparse
import os
import re
from contextlib import suppress
from typing import Final

STDIN: Final = "-"
STDIN_WORDS: Final = (STDIN, "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0")
_CANDIDATE: Final = re.compile(r"-#[0-9]+")

READ: Final[dict[str, tuple[str, str] | None]] = {
    "file": None,
    "policy": None,
    "policies": None,
    "base": ("base", ".c"),
    "name": ("scenario", ".toml"),
    "names": ("scenario", ".toml"),
    "files": ("scenario", ".toml"),
    "session": ("session", ".session"),
    "answers": ("answers", ".txt"),
}
"""The arguments that name files to read, each with how a file that has no name is called: its stem
and suffix, None where what is in it tells."""


def spelt(arguments: list[str]) -> list[str]:
    """Return arguments in which no candidate of stdin looks like an option."""
    return [f"/dev/stdin{each[1:]}" if _CANDIDATE.fullmatch(each) else each for each in arguments]


def keep_what_is_piped(arguments: argparse.Namespace) -> None:
    """Let arguments that name a pipe name a file in which what came by it is kept.

    Raises:
        RefusedError: it cannot be read or kept, or stdin is asked for commands as well.
    """
    arguments.stdin_read = False
    if vars(arguments).keys() & READ.keys():
        from tui.command_line.piping import keep_pipes

        keep_pipes(arguments)


def back_to_terminal() -> None:
    """Let stdin be the terminal again, after something else was read from it."""
    with suppress(OSError):
        terminal = os.open("/dev/tty", os.O_RDWR)
        os.dup2(terminal, 0)
        os.close(terminal)
