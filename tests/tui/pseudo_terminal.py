"""The real command in a real pseudo-terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
SECONDS = 60.0
ENTER_SCREEN, LEAVE_SCREEN = "\x1b[?1049h", "\x1b[?1049l"
HIDE_CURSOR, SHOW_CURSOR, MOUSE_OFF = "\x1b[?25l", "\x1b[?25h", "\x1b[?1003l"
CONTROL = re.compile(r"\x1b\[[0-9;?<>=$ ]*[A-Za-z]|\x1b[P\]][^\x1b\x07]*(\x1b\\|\x07)")


def _environment() -> dict[str, str]:
    """Return the environment, with nothing in it that speaks of another terminal."""
    own = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    return {**own, "TERM": "xterm-256color"}


class Terminal:
    """A child with everything on a pseudo-terminal, and all it has written there."""

    def __init__(
        self,
        *arguments: str,
        size: tuple[int, int] = (80, 24),
        command: Sequence[str] = (sys.executable, "-m", "tui"),
        **environment: str,
    ) -> None:
        self.control, self.line = pty.openpty()
        self._set_size(size)
        self.settings = termios.tcgetattr(self.line)
        self.written = ""
        self._pressed_at = 0
        self.child = subprocess.Popen(
            [*command, *arguments],
            stdin=self.line,
            stdout=self.line,
            stderr=self.line,
            cwd=ROOT,
            env={**_environment(), **environment},
            start_new_session=True,
        )

    def press(self, keys: str | bytes) -> None:
        """Press keys, all at once."""
        self._pressed_at = len(self.written)
        os.write(self.control, keys.encode() if isinstance(keys, str) else keys)

    def click(self, column: int, row: int) -> None:
        """Press and release the left button of the mouse on a cell, counted from 0."""
        there = f"0;{column + 1};{row + 1}"
        self.press(f"\x1b[<{there}M\x1b[<{there}m")

    def resize(self, size: tuple[int, int]) -> None:
        """Make the terminal larger or smaller."""
        self._pressed_at = len(self.written)
        self._set_size(size)
        os.killpg(self.child.pid, signal.SIGWINCH)

    def kill(self) -> None:
        """End the child at once, as `kill -9` does."""
        os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait()

    def signal(self, number: signal.Signals) -> None:
        """Send the child a signal."""
        self._pressed_at = len(self.written)
        self.child.send_signal(number)

    def hang_up(self) -> int:
        """Close the terminal, as when a line is dropped; return the child's exit code."""
        os.close(self.control)
        self.control = -1
        return self.child.wait(SECONDS)

    def wait_for(self, wanted: Callable[[str], bool]) -> None:
        """Wait until what was written since the last press is as wanted."""
        end = time.monotonic() + SECONDS
        while not wanted(self.plain(self._pressed_at)):
            assert time.monotonic() < end, f"never seen; so far: {self.plain()[-2000:]!r}"
            self._read(0.2)

    def wait_for_text(self, text: str) -> None:
        """Wait until a text was written since the last press."""
        self.wait_for(lambda plain: text in plain)

    def wait_for_silence(self) -> None:
        """Wait until nothing is written any more."""
        before = -1
        while before != len(self.written):
            before = len(self.written)
            self._read(0.5)

    def wait_for_end(self) -> int:
        """Wait for the child; return its exit code."""
        end = time.monotonic() + SECONDS
        while self.child.poll() is None:
            assert time.monotonic() < end, "the command did not end"
            self._read(0.2)
        self._read(0.2)
        return self.child.returncode

    def quit(self) -> int:
        """Press `q` and wait for the child; return its exit code."""
        self.press("q")
        return self.wait_for_end()

    def plain(self, since: int = 0) -> str:
        """Return what was written, without the control sequences, and with bare line ends."""
        return CONTROL.sub("", self.written[since:]).replace("\r\n", "\n")

    def restored(self) -> bool:
        """Say whether the line is as it was, and the terminal was told to be."""
        return (
            termios.tcgetattr(self.line) == self.settings
            and self.written.rfind(LEAVE_SCREEN) > self.written.rfind(ENTER_SCREEN)
            and self.written.rfind(SHOW_CURSOR) > self.written.rfind(HIDE_CURSOR)
            and MOUSE_OFF in self.written
        )

    def close(self) -> None:
        """Give the terminal back; a child that still runs is killed."""
        if self.child.poll() is None:
            self.kill()
        if self.control >= 0:
            os.close(self.control)
        os.close(self.line)

    def _set_size(self, size: tuple[int, int]) -> None:
        columns, rows = size
        fcntl.ioctl(self.line, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _read(self, seconds: float) -> None:
        while select.select([self.control], [], [], seconds)[0]:
            self.written += os.read(self.control, 65536).decode(errors="replace")
            seconds = 0
