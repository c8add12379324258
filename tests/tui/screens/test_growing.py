"""A run that is still being played can be used already, and is whole in the end."""

from __future__ import annotations

import pytest

from benchmarks.long_run import POLICY, long_run
from scenarios.case import Case
from scenarios.file.reader import read_scenario
from scenarios.policy_library import load_policy
from scenarios.run import run_of
from scenarios.schedule import Playing, play
from tests.tui.piloting import lines, press, settled
from tui.app import DebuggerApp
from tui.screens.debugger import DebuggerScreen
from tui.session.session import Session

STEPS = 4_000
FIRST = 200
PLAYING = "The schedule is being played:"


@pytest.fixture(scope="module")
def case() -> Case:
    scenario = read_scenario(long_run(STEPS).encode(), name="long", file="long.toml")
    return Case.of(scenario, load_policy(POLICY))


def begun(case: Case) -> tuple[Session, Playing]:
    """Return the session of the first steps of a run, and what plays the others."""
    playing = Playing(case.machine, case.scenario.schedule)
    playing.advance(FIRST)
    run = run_of(case, playing.played)
    return Session.start(case, run.timeline, run.notes), playing


async def test_it_can_be_stepped_while_it_is_still_being_played(case: Case) -> None:
    session, playing = begun(case)
    app = DebuggerApp(session, to_play=playing)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0)
        screen = app.screen
        assert isinstance(screen, DebuggerScreen)
        screen.perform("step 5")
        await pilot.pause(0)
        assert not playing.done
        assert lines(pilot)[0].endswith(f"step 5 of {FIRST}")
        assert lines(pilot)[1].startswith(f" {PLAYING}")
        await settled(pilot)
        assert playing.done
        assert lines(pilot)[0].endswith(f"step 5 of {STEPS}")
        assert lines(pilot)[1].startswith(
            " this run: STALE: vcpu1 loads mailbox = 1 at 627; exact 625, cause 621"
        )
        assert screen.to_play is None
        whole = play(case.machine, case.scenario.schedule).timeline
        assert screen.now.timeline.steps == whole.steps
        assert (len(screen.now.branches), screen.now.unsaved) == (1, False)
        await press(pilot, "G")
        assert screen.now.timeline.cursor == STEPS


async def test_what_was_made_of_it_meanwhile_stays_and_the_schedule_is_a_branch(
    case: Case,
) -> None:
    session, playing = begun(case)
    app = DebuggerApp(session, to_play=playing)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0)
        screen = app.screen
        assert isinstance(screen, DebuggerScreen)
        for line in ("goto 200", "take 2", "mark on from here"):
            screen.perform(line)
        assert not playing.done
        await settled(pilot)
        steps = {each.name: len(each.timeline.steps) for each in screen.now.branches}
        assert steps == {"main": FIRST + 1, "schedule1": STEPS}
        assert screen.now.branch.name == "main"
        assert screen.now.marked == {FIRST + 1: "on from here"}
        assert screen.now.unsaved


async def test_quitting_does_not_wait_for_the_rest(case: Case) -> None:
    session, playing = begun(case)
    app = DebuggerApp(session, to_play=playing)
    async with app.run_test() as pilot:
        await pilot.pause(0)
        await pilot.app.action_quit()
    assert (app.return_code, playing.done) == (0, False)
