"""A process in a pseudo-terminal: keys go in, and what it paints is timed."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import attrs

from benchmarks.frames import Chunk, Screen, frames, is_whole

SILENCE: Final = 0.05
"""Seconds without output after which all is taken to be painted."""

PATIENCE: Final = 300.0
"""Seconds after which something that does not appear is given up."""

_MODE_ASKED: Final = re.compile(rb"\x1b\[\?(\d+)\$p")
_KNOWN_MODE: Final = b"2026"
"""Synchronised updates; of other modes, such as resizing in band, xterm and VTE know nothing."""

_ENVIRONMENT: Final = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
_KEPT_BACK: Final = re.compile(r"COLUMNS|LINES|NO_COLOR|TERM_PROGRAM|(TEXTUAL|KVMCACHE)_.*")


@attrs.frozen
class Painted:
    """How long after it was asked for something was on the screen, in seconds."""

    shown: float
    """To the end of the first frame that shows it."""
    settled: float
    """To the end of the last frame before nothing more came."""


class Terminal:
    """A process from its start on, in a terminal that knows synchronised updates."""

    def __init__(self, command: Sequence[str], directory: Path, width: int, height: int) -> None:
        self._control, line = pty.openpty()
        fcntl.ioctl(line, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        self._screen = Screen(width, height)
        self._asked = b""
        kept = {name: value for name, value in os.environ.items() if not _KEPT_BACK.match(name)}
        self._since = time.perf_counter()
        self._child = subprocess.Popen(
            command,
            stdin=line,
            stdout=line,
            stderr=line,
            cwd=directory,
            env=kept | _ENVIRONMENT,
            start_new_session=True,
        )
        os.close(line)

    def press(self, key: str) -> None:
        """Press a key, or several at once."""
        self._since = time.perf_counter()
        os.write(self._control, key.encode())

    def painted(self, *texts: str) -> Painted:
        """Wait until texts stand on the screen and nothing more comes.

        The time is counted from the last key, at first from just before the process's start.

        Raises:
            TimeoutError: the texts never appear, or the process ends before.
        """
        shown = None
        for chunks in self._bursts():
            for frame in frames(chunks):
                self._screen.show(frame)
                if shown is None and self.stands(*texts):
                    shown = frame.at - self._since
            if shown is not None:
                return Painted(shown, chunks[-1].at - self._since)
        there = "\n".join(row.rstrip() for row in self._screen.text.split("\n")).rstrip()
        raise TimeoutError(f"never seen: {texts}; on the screen:\n{there}")

    def stands(self, *texts: str) -> bool:
        """Say whether texts stand on the screen."""
        return all(text in self._screen.text for text in texts)

    def peak_memory(self) -> float:
        """Return the most memory that the process has had resident so far, in bytes.

        The kernel's count at the process's end would include what it was forked from.
        """
        status = Path(f"/proc/{self._child.pid}/status").read_text(encoding="ascii")
        found = re.search(r"VmHWM:\s*(\d+) kB", status)
        assert found is not None
        return float(found[1]) * 1024

    def end(self) -> int:
        """Return the exit code of a process that was asked to quit."""
        while self._read(SILENCE) is not None or self._child.poll() is None:
            if time.perf_counter() - self._since > PATIENCE:
                raise TimeoutError("the process does not end")
        return self._child.returncode

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        if self._child.poll() is None:
            os.killpg(self._child.pid, signal.SIGKILL)
            self._child.wait()
        os.close(self._control)

    def _bursts(self) -> Iterator[list[Chunk]]:
        """Yield what is written between two silences, each time a silence comes."""
        end = time.perf_counter() + PATIENCE
        chunks: list[Chunk] = []
        while time.perf_counter() < end:
            chunk = self._read(SILENCE)
            if chunk is not None:
                chunks.append(chunk)
            elif chunks and is_whole(b"".join(each.output for each in chunks)):
                yield chunks
                chunks = []
            elif self._child.poll() is not None:
                return

    def _read(self, seconds: float) -> Chunk | None:
        if not select.select([self._control], [], [], seconds)[0]:
            return None
        output = b""
        # A pseudo-terminal says so when the process at its other end has closed it.
        with contextlib.suppress(OSError):
            output = os.read(self._control, 65536)
        if not output:
            time.sleep(seconds)
            return None
        chunk = Chunk(time.perf_counter(), output)
        self._answer(output)
        return chunk

    def _answer(self, output: bytes) -> None:
        """Answer what the process asks the terminal, which would wait or paint otherwise."""
        self._asked += output
        for asked in _MODE_ASKED.finditer(self._asked):
            state = 2 if asked[1] == _KNOWN_MODE else 0
            os.write(self._control, b"\x1b[?%b;%d$y" % (asked[1], state))
        self._asked = _MODE_ASKED.sub(b"", self._asked)[-16:]
