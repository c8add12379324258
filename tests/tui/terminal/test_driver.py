"""The real command in a real pseudo-terminal that sends anything, or goes away."""

from __future__ import annotations

import shlex
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tui.command_line.opened import opened
from tests.tui.pseudo_terminal import Terminal

HEADLINE = ("scenario", "secondary-stale-line", "--policy", "vcpu0-only")
DEAF = ("sh", "-c", "trap '' HUP; exec \"$@\"", "sh", sys.executable, "-m", "tui")
"""The command for which hanging up is ignored."""


def kept_in(state: Path) -> list[Path]:
    """Return the sessions that were kept without being saved."""
    return sorted((state / "kvmcache-tui" / "unsaved").glob("*"))


def worked(terminal: Callable[..., Terminal], state: Path, **options: object) -> Terminal:
    """Return a screen with work on it that is not saved."""
    screen = terminal(*HEADLINE, XDG_STATE_HOME=str(state), **options)
    screen.wait_for_text("step 0 of 26")
    screen.press(":goto 20\r:mark not saved\r")
    screen.wait_for_text("not saved")
    return screen


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_that_ends_the_screen_restores_the_terminal_and_keeps_the_work(
    terminal: Callable[..., Terminal], tmp_path: Path, number: signal.Signals
) -> None:
    screen = worked(terminal, tmp_path)
    screen.signal(number)
    assert screen.wait_for_end() == 128 + number
    assert screen.restored()
    said = screen.plain().splitlines()[-1]
    words = shlex.split(said[said.index("kvmcache-tui") :])
    assert words[1:] == ["--session", str(*kept_in(tmp_path))]
    assert opened(*words[1:])[0].marked == {20: "not saved"}
    assert "Traceback" not in screen.plain()


@pytest.mark.parametrize("ignored", [False, True])
def test_when_the_terminal_is_gone_the_screen_ends_and_keeps_the_work(
    terminal: Callable[..., Terminal], tmp_path: Path, ignored: bool
) -> None:
    options = {"command": DEAF} if ignored else {}
    screen = worked(terminal, tmp_path, **options)
    assert screen.hang_up() == 128 + signal.SIGHUP
    assert [path.name for path in kept_in(tmp_path)] == ["secondary-stale-line-1.session"]


def test_hanging_up_that_is_ignored_does_not_end_the_screen(
    terminal: Callable[..., Terminal], tmp_path: Path
) -> None:
    screen = worked(terminal, tmp_path, command=DEAF)
    screen.signal(signal.SIGHUP)
    screen.press("l")
    screen.wait_for_text("step 21 of 26")
    assert screen.quit() == 0


def test_a_signal_during_an_exploration_does_not_wait_for_it(
    terminal: Callable[..., Terminal], contended: str, tmp_path: Path
) -> None:
    path = tmp_path / "contended.toml"
    path.write_text(contended, encoding="utf-8")
    screen = terminal(str(path))
    screen.wait_for_text("step 0 of 2")
    screen.press("E")
    screen.wait_for_text("exploring, ")
    screen.signal(signal.SIGTERM)
    assert screen.wait_for_end() == 128 + signal.SIGTERM
    assert screen.restored()


def test_bytes_that_are_no_text_are_shown_as_such_and_do_not_end_the_screen(
    terminal: Callable[..., Terminal],
) -> None:
    screen = terminal(*HEADLINE)
    screen.wait_for_text("step 0 of 26")
    screen.press(b"\xff\xc3(\xe2\x82")
    screen.press(b":goto 1\xff\x1b[200~\xe9t\xe9\x1b[201~")
    screen.wait_for_text("goto 1\N{REPLACEMENT CHARACTER}")
    screen.press(b"\x1b")
    screen.wait_for_silence()
    screen.press(b"l")
    screen.wait_for_text("step 1 of 26")
    assert screen.quit() == 0
    assert screen.restored()


def test_sequences_that_name_no_key_do_not_end_the_screen(
    terminal: Callable[..., Terminal],
) -> None:
    screen = terminal(*HEADLINE)
    screen.wait_for_text("step 0 of 26")
    for sequence in (b"\x1b[1114112u", b"\x1b[97;1;99999999999999u", b"\x1b[<0;1M", b"\x1b[;;u"):
        screen.press(sequence)
    screen.press(b"l")
    screen.wait_for_text("step 1 of 26")
    assert screen.quit() == 0
