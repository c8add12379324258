from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from textual.app import App
from textual.pilot import Pilot

from scenarios.library import load_scenario
from scenarios.policy_library import load_policy
from tui.app import DebuggerApp, Mode
from tui.screens.picker import PickerScreen
from tui.screens.tour import TourScreen

ScreenText = Callable[[App[None]], str]


@asynccontextmanager
async def touring(
    at: int = 0, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[Pilot[None], TourScreen]]:
    scenario, policy = load_scenario("secondary-stale-line"), load_policy("vcpu0-only")
    app = DebuggerApp(scenario, policy, at, mode=Mode.TOUR)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, TourScreen)
        yield pilot, app.screen


TURNS = {
    "space": 1,
    "pagedown right": 14,
    "space space space space space space": 26,
    "space space space space space space space": 26,
    "space space backspace": 1,
    "space space pageup left": 0,
    "space l l": 3,
    "space l l space": 14,
    "space l l backspace": 1,
    "x space": 26,
}


async def test_a_presenters_keys_turn_the_pages_and_others_still_step() -> None:
    async with touring() as (pilot, screen):
        reached = {}
        for keys in TURNS:
            await pilot.press("g", *keys.split())
            reached[keys] = screen.here.cursor
        assert reached == TURNS


async def test_it_says_which_note_it_is_and_how_far_beyond(screen_text: ScreenText) -> None:
    async with touring() as (pilot, _):
        assert "5 notes to come" in screen_text(pilot.app)
        await pilot.press("space", "space")
        text = screen_text(pilot.app)
        assert "note 2 of 5" in text
        assert "No instruction asks for this." in text
        await pilot.press("s")
        assert "note 4 of 5, 2 steps on" in screen_text(pilot.app)
        await pilot.press("G", "space")
        await pilot.pause()
        assert [note.message for note in pilot.app._notifications] == ["That was the last page."]


async def test_the_verdict_is_kept_for_the_end(screen_text: ScreenText) -> None:
    async with touring() as (pilot, _):
        assert "exact step 24" not in screen_text(pilot.app)
        await pilot.press("G")
        assert "exact step 24" in screen_text(pilot.app)


async def test_it_opens_at_a_step(screen_text: ScreenText) -> None:
    async with touring(at=15) as (pilot, _):
        assert "note 3 of 5" in screen_text(pilot.app)


async def test_a_counterexample_has_the_notes_up_to_where_it_was_looked_for(
    screen_text: ScreenText,
) -> None:
    async with touring(at=14) as (pilot, screen):
        await pilot.press("e")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert "note 2 of 2" in screen_text(pilot.app)
        await pilot.press("u", "space")
        assert "note 3 of 5" in screen_text(pilot.app)
        assert screen.here.cursor == 15


async def test_escape_leads_to_the_picker() -> None:
    async with touring() as (pilot, _):
        await pilot.press("escape")
        assert isinstance(pilot.app.screen, PickerScreen)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)], ids=lambda size: f"{size[0]}")
async def test_it_looks_as_it_did(
    size: tuple[int, int], golden: Callable[[str, str], None], screen_text: ScreenText
) -> None:
    async with touring(size=size) as (pilot, _):
        await pilot.press("space", "space", "space", "space")
        await pilot.pause()
        golden(f"tour-{size[0]}x{size[1]}", screen_text(pilot.app))
