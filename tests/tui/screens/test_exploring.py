from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import attrs
import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import OptionList

from engine.explorer.limits import Limits
from engine.explorer.verdict import explore
from scenarios.library import load_scenario
from scenarios.policy_library import load_policy
from scenarios.reader import read_scenario
from scenarios.scenario import Scenario
from tui.app import DebuggerApp
from tui.screens.choice import ChoiceScreen
from tui.screens.debugger import DebuggerScreen
from tui.screens.help import HelpScreen
from tui.screens.picker import PickerScreen
from tui.widgets.exploring_line import Explored, ExploringLine

ScreenText = Callable[[App[None]], str]


@asynccontextmanager
async def opened(
    scenario: Scenario | None = None,
    policy: str = "vcpu0-only",
    at: int = 0,
    size: tuple[int, int] = (120, 40),
    limits: Limits | None = None,
) -> AsyncIterator[tuple[Pilot[None], DebuggerScreen]]:
    shown = load_scenario("secondary-stale-line") if scenario is None else scenario
    app = DebuggerApp(shown, load_policy(policy), at, limits=limits)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, DebuggerScreen)
        yield pilot, app.screen


def read(text: str) -> Scenario:
    return read_scenario(text.encode(), name="contended", file="contended.toml")


def line(screen: DebuggerScreen) -> ExploringLine:
    return screen.query_one(ExploringLine)


async def answered(pilot: Pilot[None], screen: DebuggerScreen) -> str:
    """Wait for the answer, and return it."""
    end = time.monotonic() + 60
    while line(screen).exploring:
        assert time.monotonic() < end, "no answer"
        await asyncio.sleep(0.01)
    await pilot.pause()
    return str(line(screen).content)


async def test_from_a_step_the_shortest_counterexample_follows_and_the_cursor_stays() -> None:
    async with opened(at=14) as (pilot, screen):
        before = screen.here
        await pilot.press("e")
        assert (await answered(pilot, screen)).startswith(
            "From step 14: UNSAFE, stale in 12 more steps: "
        )
        assert screen.here.cursor == 14
        assert screen.here.events[:14] == before.events[:14]
        await pilot.press("x")
        (finding,) = screen.here.findings
        assert screen.here.cursor == finding.exact


async def test_the_whole_scenario_is_explored_from_its_start() -> None:
    async with opened(at=14) as (pilot, screen):
        await pilot.press("E")
        assert (await answered(pilot, screen)).startswith(
            "From the start: UNSAFE, stale in 13 steps: "
        )
        assert (screen.here.cursor, len(screen.here.steps)) == (0, 13)


async def test_what_is_safe_leaves_the_run_as_it_is(screen_text: ScreenText) -> None:
    async with opened(policy="upstream", at=14) as (pilot, screen):
        before = screen.here
        await pilot.press("e")
        said = await answered(pilot, screen)
        assert said.startswith("From step 14: safe, no finding in any interleaving: ")
        assert screen.here is before
        assert said in screen_text(pilot.app)


async def test_the_former_run_comes_back_with_a_key_and_the_counterexample_with_another(
    screen_text: ScreenText,
) -> None:
    async with opened(at=14) as (pilot, screen):
        before = screen.here.steps
        await pilot.press("E")
        await answered(pilot, screen)
        found = screen.here.steps
        assert "the shortest stale run from the start on" in screen_text(pilot.app)
        await pilot.press("right", "u")
        assert (screen.here.steps, screen.here.cursor) == (before, 14)
        assert "A secondary vCPU enables its caches" in screen_text(pilot.app)
        await pilot.press("U")
        assert (screen.here.steps, screen.here.cursor) == (found, 1)


@pytest.mark.parametrize(
    ("key", "word"),
    [("u", "No run was shown before this one."), ("U", "No run was undone.")],
)
async def test_where_there_is_no_other_run_it_says_so(key: str, word: str) -> None:
    async with opened() as (pilot, _):
        await pilot.press(key)
        await pilot.pause()
        assert [note.message for note in pilot.app._notifications] == [word]


async def test_every_panel_shows_the_counterexample(screen_text: ScreenText) -> None:
    async with opened(at=14) as (pilot, screen):
        await pilot.press("E")
        await answered(pilot, screen)
        await pilot.press("G")
        await pilot.pause()
        text = screen_text(pilot.app)
        assert ">13 vcpu1 STALE ldr x3, [x1]" in text
        assert "STALE: vcpu1 loads x = 0 at step 13" in text
        assert "SKIPPED: vcpu->vcpu_id == 0 is false, 1 == 0" in text


async def test_among_several_kinds_one_chooses() -> None:
    async with opened(at=14) as (pilot, screen):
        run = screen.runs.shown
        there = run.timeline.seek(14)
        known = explore(there.machine, there.ghost)
        both = attrs.evolve(known, counterexamples=known.counterexamples * 2)
        screen.post_message(Explored(run, 14, both))
        await pilot.pause()
        assert isinstance(pilot.app.screen, ChoiceScreen)
        assert pilot.app.screen.query_one(OptionList).option_count == 2
        await pilot.press("escape")
        assert screen.here.steps is run.timeline.steps
        screen.post_message(Explored(run, 14, both))
        await pilot.pause()
        await pilot.press("down", "enter")
        await pilot.pause()
        assert pilot.app.screen is screen
        assert screen.here.steps is not run.timeline.steps


async def test_a_search_that_reaches_its_limit_is_undetermined() -> None:
    async with opened(policy="upstream", limits=Limits(1)) as (pilot, screen):
        await pilot.press("e")
        said = await answered(pilot, screen)
        assert said.startswith("From the start: undetermined after ")
        assert said.endswith(": the limit on states was reached")


async def test_while_it_explores_the_run_can_be_gone_through_and_escape_cancels(
    contended: str, screen_text: ScreenText
) -> None:
    async with opened(read(contended), "upstream") as (pilot, screen):
        screen.action_explore_all()
        await pilot.press("right")
        assert screen.here.cursor == 1
        screen.action_explore_here()
        assert "From the start: exploring, " in screen_text(pilot.app)
        screen.action_leave()
        said = await answered(pilot, screen)
        assert said.startswith("From the start: undetermined")
        assert said.endswith(": cancelled")
        assert pilot.app.screen is screen
        screen.action_leave()
        await pilot.pause()
        assert isinstance(pilot.app.screen, PickerScreen)


@pytest.mark.parametrize("key", ["q", "ctrl+c"])
async def test_quitting_while_it_explores_is_clean(contended: str, key: str) -> None:
    async with opened(read(contended), "upstream") as (pilot, screen):
        screen.action_explore_all()
        await asyncio.sleep(0.2)
        await pilot.press(key)
    assert pilot.app.return_code == 0


async def test_the_answer_is_taken_up_under_the_help() -> None:
    async with opened(at=14) as (pilot, screen):
        await pilot.press("question_mark")
        assert isinstance(pilot.app.screen, HelpScreen)
        before = screen.here.steps
        screen.action_explore_all()
        await answered(pilot, screen)
        assert screen.here.steps is not before


async def test_a_click_in_the_footer_explores(screen_text: ScreenText) -> None:
    async with opened(at=14, size=(80, 24)) as (pilot, screen):
        at = screen_text(pilot.app).splitlines()[-1].index("explore")
        await pilot.click("CommandBar", offset=(at, 0))
        assert "UNSAFE" in await answered(pilot, screen)
