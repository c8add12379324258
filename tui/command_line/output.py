"""Words to the terminal: on stdout what was asked for, on stderr what was wrong with it."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress

from scenarios.names import PROGRAM
from tui.presenters.reports.plain import printable, visible


def tolerate_any_encoding() -> None:
    """Write what the terminal's encoding lacks as an escape, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(text: str) -> None:
    """Write text to stdout, if there is one, and nothing in it that could steer a terminal."""
    if sys.stdout is not None:
        sys.stdout.write(visible(text))


def complain(*lines: str) -> None:
    """Write lines to stderr, the first after the program's name, if anybody can read them."""
    with suppress(OSError):
        if sys.stderr is not None:
            sys.stderr.write(f"{PROGRAM}: " + "\n".join(map(printable, lines)) + "\n")
            sys.stderr.flush()


def abandon_stdout() -> None:
    """Let what is still unwritten go nowhere: there is nobody left to read it."""
    if sys.stdout is not None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
