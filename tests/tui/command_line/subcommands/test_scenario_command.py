from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.refusal import quote
from scenarios.case import Case
from tests.tui.command_line.opened import opened
from tests.tui.commands.typed import after
from tests.tui.files.saved import parts
from tests.tui.pseudo_terminal import Terminal
from tui.app import DebuggerApp
from tui.files.outside_work import save
from tui.screens.debugger import DebuggerScreen
from tui.session.session import Session

HEADLINE = "secondary-stale-line"


def on_terminal(*arguments: str, presses: tuple[tuple[str, str], ...] = ()) -> tuple[int, str]:
    """Run the program with everything on a terminal; return the exit code and what it wrote.

    Of each pair of presses the keys are pressed once the text has been shown.
    """
    terminal = Terminal(*arguments)
    for text, keys in presses:
        terminal.wait_for_text(text)
        terminal.press(keys)
    code = terminal.wait_for_end()
    terminal.close()
    return code, terminal.plain()


async def test_a_counterexample_is_opened_at_the_step() -> None:
    arguments = (HEADLINE, "--policy", "vcpu0-only", "--counterexample", "stale", "--at", "11")
    session, _ = opened(*arguments)

    app = DebuggerApp(session)

    async with app.run_test(size=(120, 40)):
        screen = app.screen
        assert isinstance(screen, DebuggerScreen)
        assert parts(screen.now) == parts(session)
        assert (screen.now.timeline.cursor, len(screen.now.timeline.steps)) == (11, 13)


def test_a_session_is_opened_and_what_is_made_of_it_and_not_saved_is_kept(
    case: Callable[..., Case], tmp_path: Path
) -> None:
    saved, _ = save(after(Session.play(case()), "goto 20", "mark here"), f"{tmp_path}/a.session")

    code, shown = on_terminal(
        "--session", saved.file, presses=(("step 20 of 26", ":mark there\rq"),)
    )

    kept = tmp_path / "xdg_state_home/kvmcache-tui/unsaved/secondary-stale-line-1.session"
    said = f"What you made of the run is kept: kvmcache-tui --session {kept}\n"
    assert code == 0
    assert shown.endswith(said)
    assert opened("--session", str(kept))[0].marked == {20: "there"}
    assert opened("--session", saved.file)[0].marked == {20: "here"}


def test_who_leaves_is_told_why_what_was_made_could_not_be_kept(tmp_path: Path) -> None:
    state = tmp_path / "xdg_state_home"
    state.touch()

    code, shown = on_terminal(HEADLINE, presses=(("start", ":mark here\rq"),))

    found = f"found {quote(f'{state}/kvmcache-tui/unsaved')}: "
    why = f"{found}File exists; expected a directory that can be written to"
    assert code == 0
    assert shown.endswith(f"kvmcache-tui: what you made of the run could not be kept: {why}\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("upstream", "--counterexample", "stale"),
            f"found no stale run of {HEADLINE} under upstream; "
            "expected a policy that is not safe there",
        ),
        (
            ("never", "--counterexample", "lost"),
            f"found no lost run of {HEADLINE} under never; expected stale",
        ),
        (
            ("upstream", "--counterexample", "stale", "--max-states", "1"),
            f"found no stale run of {HEADLINE} under upstream; expected one within "
            "the limit on states",
        ),
    ],
)
def test_a_counterexample_that_is_not_there_is_bad_input(
    arguments: tuple[str, ...], message: str
) -> None:
    code, shown = on_terminal("scenario", HEADLINE, "--policy", *arguments)

    assert (code, shown) == (2, f"kvmcache-tui: {message}\n")


def test_two_policies_are_opened_beside_each_other() -> None:
    both = ("--policy", "vcpu0-only", "--policy", "upstream")

    code, shown = on_terminal(HEADLINE, *both, "--at", "20", presses=(("part at row 5", "\x03"),))

    assert code == 0
    assert "part at row 5, in memory at 21" in shown
    assert "Traceback" not in shown
