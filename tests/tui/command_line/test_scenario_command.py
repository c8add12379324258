from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest

from engine.timeline import Timeline
from scenarios.checking import Cell, explore_cell
from scenarios.library import load_scenario
from scenarios.policy_library import load_policy
from tui.app import DebuggerApp
from tui.screens.debugger import DebuggerScreen

ROOT = Path(__file__).parents[3]
HEADLINE = "secondary-stale-line"


def on_terminal(*arguments: str) -> tuple[int, str]:
    """Run the program with everything on a terminal; return the exit code and what it showed."""
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "tui", *arguments],
        cwd=ROOT,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = bytearray()

    def read() -> None:
        try:
            while some := os.read(ours, 65536):
                shown.extend(some)
        except OSError:
            return

    reader = Thread(target=read)
    reader.start()
    child.wait(timeout=60)
    reader.join(timeout=60)
    os.close(ours)
    return child.returncode, shown.decode().replace("\r\n", "\n")


async def test_a_prepared_timeline_is_opened_at_the_step() -> None:
    cell = Cell(load_scenario(HEADLINE), load_policy("vcpu0-only"))
    (found,) = explore_cell(cell).findings
    timeline = Timeline.replay(cell.machine, found.events)
    app = DebuggerApp(cell.scenario, cell.policy, found.exact, timeline)

    async with app.run_test(size=(120, 40)):
        screen = app.screen
        assert isinstance(screen, DebuggerScreen)
        assert (screen.here.cursor, screen.here.events) == (11, found.events)


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
