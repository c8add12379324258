"""The real command in a real pseudo-terminal, from start to quit."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tui.pseudo_terminal import Terminal

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
    assert screen.quit() == 0
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
    assert screen.quit() == 0
    assert screen.restored()
    assert "Traceback" not in screen.plain()


def test_a_tour_and_a_quiz_open_from_the_command_line(
    terminal: Callable[..., Terminal],
) -> None:
    tour, quiz = terminal(*HEADLINE, "--tour"), terminal(*HEADLINE, "--quiz", NO_COLOR="1")
    tour.wait_for_text("5 notes to come")
    quiz.wait_for_text("question 1 of 8")
    for screen in (tour, quiz):
        assert screen.quit() == 0
        assert screen.restored()


def test_without_colour_the_screen_has_none(terminal: Callable[..., Terminal]) -> None:
    screen = terminal(*HEADLINE, "--at", "24", NO_COLOR="1")
    screen.wait_for_text("STALE")
    assert screen.quit() == 0
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
    assert screen.quit() == 0


def test_what_is_typed_in_one_go_is_done_in_its_order(terminal: Callable[..., Terminal]) -> None:
    screen = terminal(*HEADLINE)
    screen.wait_for_text("step 0 of 26")
    screen.press(":goto 12\r3l:mark here\rh/flush\r")
    screen.wait_for_text("step 20 of 26")
    screen.press(":info bookmarks\r")
    screen.wait_for_text("step 15: here")
    assert screen.quit() == 0


def test_a_session_that_was_saved_outlives_a_kill_and_opens_again(
    terminal: Callable[..., Terminal], tmp_path: Path
) -> None:
    path = tmp_path / "my own.session"
    first = terminal(*HEADLINE)
    first.wait_for_text("step 0 of 26")
    first.press(f":goto 20\r:mark the flush is skipped\r:save {path}\r")
    first.wait_for_text("saved;")
    saved = path.read_bytes()
    first.press(":goto 3\r:mark never saved\r")
    first.wait_for_text("never saved")
    first.kill()
    assert (path.read_bytes(), list(tmp_path.glob("my own*"))) == (saved, [path])
    again = terminal("--session", str(path))
    again.wait_for_text("step 20 of 26")
    again.wait_for_text("the flush is skipped")
    assert again.quit() == 0
    assert "is kept" not in again.plain()


def test_what_was_not_saved_is_kept_told_and_opens_again(
    terminal: Callable[..., Terminal],
) -> None:
    screen = terminal(*HEADLINE)
    screen.wait_for_text("step 0 of 26")
    screen.press(":goto 20\r:mark not saved\rq")
    assert screen.wait_for_end() == 0
    said = screen.plain().splitlines()[-1]
    words = shlex.split(said[said.index("kvmcache-tui") :])
    again = terminal(*words[1:])
    again.wait_for_text("step 20 of 26")
    again.wait_for_text("not saved")
    assert again.quit() == 0


def test_the_policy_is_edited_in_the_editor_and_the_place_is_kept(
    terminal: Callable[..., Terminal], tmp_path: Path
) -> None:
    editor = tmp_path / "editor.py"
    editor.write_text(
        "import sys, pathlib\n"
        "print('an editor was here')\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "text = path.read_text()\n"
        "assert text.count('vcpu->vcpu_id == 0') == 1\n"
        "path.write_text(text.replace('vcpu->vcpu_id == 0', 'vcpu->vcpu_id >= 0'))\n"
    )
    screen = terminal(*HEADLINE, "--at", "12", EDITOR=shlex.join((sys.executable, str(editor))))
    screen.wait_for_text("this run: STALE: vcpu1 loads x = 0 at 26")
    screen.press("\x05")
    screen.wait_for_text("an editor was here")
    screen.wait_for_text("step 12 of 29")
    screen.wait_for_text("this run: safe")
    assert screen.quit() == 0
    assert screen.restored()


@pytest.mark.parametrize("keys", [":", ":goto", "/flu", "?", "\x10", "w", "4"])
def test_control_c_quits_whatever_is_open(terminal: Callable[..., Terminal], keys: str) -> None:
    screen = terminal(*HEADLINE)
    screen.wait_for_text("step 0 of 26")
    screen.press(keys)
    screen.wait_for_silence()
    screen.press("\x03")
    assert screen.wait_for_end() == 0
    assert screen.restored()
    assert "Traceback" not in screen.plain()


def test_a_click_on_the_timeline_goes_to_its_step(terminal: Callable[..., Terminal]) -> None:
    screen = terminal(*HEADLINE)
    screen.wait_for_text("step 0 of 26")
    screen.wait_for_silence()
    screen.click(8 + 2 * 24, 7)
    screen.wait_for_text("step 24 of 26")
    assert screen.quit() == 0


def test_the_terminal_may_be_tiny_and_grow_and_shrink_again(
    terminal: Callable[..., Terminal],
) -> None:
    screen = terminal(*HEADLINE, "--at", "24", size=(20, 5))
    screen.wait_for_text("Too small")
    for size in ((120, 40), (1, 1), (80, 24), (300, 90)):
        screen.resize(size)
        if size != (1, 1):
            screen.wait_for_text("step 24 of 26")
    screen.press("l")
    screen.wait_for_text("step 25 of 26")
    assert screen.quit() == 0
    assert screen.restored()
