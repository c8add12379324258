"""The program in an interpreter of its own, its stderr a terminal where that is asked for."""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path
from threading import Thread

import attrs

ROOT = Path(__file__).parents[3]
COLUMNS = 80


@attrs.frozen
class Ran:
    """What a program that ended has said; on a terminal all line ends are CR LF."""

    code: int
    out: str
    err: str


def run_on_terminal(
    *arguments: str,
    interrupt_at: str = "",
    interrupts: int = 1,
    by: signal.Signals = signal.SIGINT,
) -> Ran:
    """Run with stderr on a terminal; Ctrl-C is pressed once a text has been shown there.

    All that it started must have ended too: they hold its stdout.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, COLUMNS, 0, 0))
    child = subprocess.Popen(
        [sys.executable, "-m", "tui", *arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    shown = bytearray()
    reader = Thread(target=_read_all, args=(ours, shown))
    reader.start()
    if interrupt_at:
        _wait_for(shown, interrupt_at.encode(), child)
        for _ in range(interrupts):
            child.send_signal(by)
            time.sleep(0.1)
    out, _ = child.communicate(timeout=60)
    reader.join(timeout=60)
    os.close(ours)
    return Ran(child.returncode, out.decode(), shown.decode())


def _wait_for(shown: bytearray, text: bytes, child: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while text not in shown and child.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)


def _read_all(terminal: int, into: bytearray) -> None:
    while True:
        try:
            some = os.read(terminal, 65536)
        except OSError:  # how Linux says that nobody holds the other end any more
            return
        if not some:
            return
        into += some
