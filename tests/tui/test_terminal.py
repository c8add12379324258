"""The real command in a real pseudo-terminal, from start to quit."""

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
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECONDS = 60.0
ENTER_SCREEN, LEAVE_SCREEN = "\x1b[?1049h", "\x1b[?1049l"
SHOW_CURSOR, MOUSE_OFF = "\x1b[?25h", "\x1b[?1003l"
CONTROL = re.compile(r"\x1b\[[0-9;?<>=$ ]*[A-Za-z]|\x1b[P\]][^\x1b\x07]*(\x1b\\|\x07)")


class Terminal:
    """A child in a pseudo-terminal of 80 x 24, and all it has written."""

    def __init__(self, *arguments: str, **environment: str) -> None:
        self.control, self.line = pty.openpty()
        fcntl.ioctl(self.line, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.settings = termios.tcgetattr(self.line)
        self.written = ""
        self.child = subprocess.Popen(
            [sys.executable, "-m", "tui", *arguments],
            stdin=self.line,
            stdout=self.line,
            stderr=self.line,
            cwd=ROOT,
            env={**os.environ, "TERM": "xterm-256color", **environment},
            start_new_session=True,
        )

    def press(self, keys: str) -> None:
        os.write(self.control, keys.encode())

    def wait_for(self, wanted: Callable[[str], bool]) -> None:
        end = time.monotonic() + SECONDS
        while not wanted(self.written):
            assert time.monotonic() < end, f"never seen; so far: {self.plain()[-2000:]!r}"
            self._read(0.2)

    def wait_for_text(self, text: str) -> None:
        self.wait_for(lambda _: text in self.plain())

    def wait_for_silence(self) -> None:
        before = -1
        while before != len(self.written):
            before = len(self.written)
            self._read(0.5)

    def wait_for_end(self) -> int:
        end = time.monotonic() + SECONDS
        while self.child.poll() is None:
            assert time.monotonic() < end, "the command did not end"
            self._read(0.2)
        self._read(0.2)
        return self.child.returncode

    def plain(self) -> str:
        """What was written, without the control sequences."""
        return CONTROL.sub("", self.written)

    def restored(self) -> bool:
        """Whether the line is as it was, and the terminal was told to be."""
        return (
            termios.tcgetattr(self.line) == self.settings
            and self.written.rfind(LEAVE_SCREEN) > self.written.rfind(ENTER_SCREEN)
            and self.written.rfind(SHOW_CURSOR) > self.written.rfind("\x1b[?25l")
            and MOUSE_OFF in self.written
        )

    def close(self) -> None:
        if self.child.poll() is None:
            os.killpg(self.child.pid, signal.SIGKILL)
            self.child.wait()
        os.close(self.control)
        os.close(self.line)

    def _read(self, seconds: float) -> None:
        while select.select([self.control], [], [], seconds)[0]:
            self.written += os.read(self.control, 65536).decode(errors="replace")
            seconds = 0


@pytest.fixture
def terminal() -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def open_one(*arguments: str, **environment: str) -> Terminal:
        opened.append(Terminal(*arguments, **environment))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


HEADLINE = ("scenario", "secondary-stale-line", "--policy", "vcpu0-only")


def test_from_start_to_quit_the_terminal_is_restored(
    terminal: Callable[..., Terminal],
) -> None:
    screen = terminal(*HEADLINE)
    screen.wait_for_text("step 0 of 26")
    screen.press("l")
    screen.wait_for_text("HCR_EL2.TVM is set, so the write of")
    screen.press("x")
    screen.wait_for_text("EXACT STEP")
    screen.press("q")
    assert screen.wait_for_end() == 0
    assert screen.restored()
    assert "Traceback" not in screen.plain()


def test_control_c_quits_as_cleanly(terminal: Callable[..., Terminal]) -> None:
    screen = terminal(*HEADLINE)
    screen.wait_for_text("step 0 of 26")
    screen.press("\x03")
    screen.wait_for_end()
    assert screen.restored()
    assert "Traceback" not in screen.plain()


def test_quitting_does_not_wait_for_an_exploration(
    terminal: Callable[..., Terminal], contended: str, tmp_path: Path
) -> None:
    path = tmp_path / "contended.toml"
    path.write_text(contended, encoding="utf-8")
    screen = terminal(str(path))
    screen.wait_for_text("step 0 of 2")
    screen.press("E")
    screen.wait_for_text("exploring, ")
    screen.press("l")
    screen.wait_for_text("step 1 of 2")
    screen.press("q")
    assert screen.wait_for_end() == 0
    assert screen.restored()
    assert "Traceback" not in screen.plain()


def test_a_tour_and_a_quiz_open_from_the_command_line(
    terminal: Callable[..., Terminal],
) -> None:
    tour, quiz = terminal(*HEADLINE, "--tour"), terminal(*HEADLINE, "--quiz", NO_COLOR="1")
    tour.wait_for_text("5 notes to come")
    quiz.wait_for_text("question 1 of 8")
    for screen in (tour, quiz):
        screen.press("q")
        assert screen.wait_for_end() == 0
        assert screen.restored()


def test_without_colour_the_screen_has_none(terminal: Callable[..., Terminal]) -> None:
    screen = terminal(*HEADLINE, "--at", "24", NO_COLOR="1")
    screen.wait_for_text("STALE")
    screen.press("q")
    assert screen.wait_for_end() == 0
    colours = re.findall(r"[34]8;2;(\d+);(\d+);(\d+)", screen.written)
    assert [colour for colour in colours if len(set(colour)) != 1] == []


def test_a_step_repaints_only_what_differs(terminal: Callable[..., Terminal]) -> None:
    screen = terminal(*HEADLINE)
    screen.wait_for_text("step 0 of 26")
    screen.wait_for_silence()
    footers = screen.plain().count("q quit")
    screen.press("l")
    screen.wait_for_text("step 1 of 26")
    screen.wait_for_silence()
    assert screen.plain().count("q quit") == footers
    screen.press("q")
    assert screen.wait_for_end() == 0
