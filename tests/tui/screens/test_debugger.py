"""Roads not taken: what can happen, what can follow it, and the branches that come of it."""

from __future__ import annotations

import pytest

from benchmarks.long_run import POLICY, long_run
from scenarios.case import Case
from scenarios.file.reader import read_scenario
from scenarios.policy_library import load_policy
from scenarios.run import run_of
from scenarios.schedule import Playing, play
from tests.tui.piloting import (
    branches,
    lines,
    opened,
    played,
    press,
    said,
    settled,
    stops,
    type_line,
)
from tui.app import DebuggerApp
from tui.screens.debugger import DebuggerScreen
from tui.session.session import Session


async def test_u_leads_back_to_what_was_shown_before_and_its_capital_forward() -> None:
    async with opened(played(at=14)) as (pilot, screen):
        await press(pilot, "r down enter enter")
        shown = []
        for key in "uuUU":
            await press(pilot, key)
            shown.append((screen.now.branch.name, screen.now.timeline.cursor, said(pilot)[:14]))
        assert shown == [
            ("main", 14, "No instruction"),
            ("main", 14, "No run was sho"),
            ("branch1", 16, ""),
            ("branch1", 16, "No run was gon"),
        ]


async def test_what_was_made_of_the_run_meanwhile_is_kept_on_the_way_back() -> None:
    async with opened(played(at=14)) as (pilot, screen):
        await press(pilot, "r down enter")
        await type_line(pilot, "break skip")
        await press(pilot, "u")
        assert (screen.now.branch.name, len(screen.now.stops)) == ("main", 1)


async def test_what_is_typed_about_a_choice_is_refused_with_what_can_happen() -> None:
    async with opened(played(at=14), (200, 60)) as (pilot, screen):
        for line, told in (
            ("take 3", "found '3'; expected what can happen now"),
            ("switch nowhere", "found 'nowhere'; expected a branch"),
        ):
            await type_line(pilot, line)
            assert said(pilot).startswith(told), line
        assert branches(screen) == {"main": (14, 26)}


async def test_where_no_line_is_chosen_b_asks_and_offers_the_one_at_hand() -> None:
    async with opened(played(at=9)) as (pilot, screen):
        await press(pilot, "b")
        assert screen.prompt.line.value == "break vcpu0-only.c:17 "
        await press(pilot, "enter")
        assert stops(screen) == ["1: break vcpu0-only.c:17"]


async def test_c_and_its_capital_run_to_breakpoints_watches_findings_and_the_ends() -> None:
    async with opened() as (pilot, screen):
        for line in ("break skip", "tbreak vcpu1:load", "watch cache[x]"):
            await type_line(pilot, line)
        told = []
        for key in "cccccCCC":
            await press(pilot, key)
            told.append((screen.now.timeline.cursor, said(pilot)))
        assert told == [
            (14, "watch 3, cache[x]: was none, is 0 (v0)"),
            (20, "breakpoint 1, skip"),
            (25, "breakpoint 2, vcpu1:load"),
            (26, "finding: STALE: vcpu1 loads x = 0 at step 26 but wrote 1; exact step 24, caus…"),
            (26, "the run ends here"),
            (20, "breakpoint 1, skip"),
            (14, "watch 3, cache[x]: was none, is 0 (v0)"),
            (0, ""),
        ]
        assert stops(screen) == ["1: break skip", "3: watch cache[x]"]


async def test_a_count_runs_over_so_many_stops() -> None:
    async with opened() as (pilot, screen):
        await type_line(pilot, "break vcpu0-only.c:12")
        await press(pilot, "2 c")
        assert screen.now.timeline.cursor == 19


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
