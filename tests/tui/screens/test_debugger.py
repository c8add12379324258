from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from textual import events
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Static

from engine.timeline import Timeline
from scenarios.library import load_scenario
from scenarios.policy_library import load_policy
from tui.app import DebuggerApp
from tui.screens.debugger import DebuggerScreen
from tui.screens.picker import PickerScreen
from tui.widgets.event_list import EventList
from tui.widgets.flush_panel import FlushPanel
from tui.widgets.program_panel import ProgramPanel

ScreenText = Callable[[App[None]], str]


@asynccontextmanager
async def opened(
    policy: str = "vcpu0-only", at: int | None = None, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[Pilot[None], DebuggerScreen]]:
    app = DebuggerApp(load_scenario("secondary-stale-line"), load_policy(policy), at)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, DebuggerScreen)
        yield pilot, app.screen


MOVES = {
    "right": 1,
    "l l l h": 2,
    "right left left": 0,
    "down down": 13,
    "j j j j k": 15,
    "s": 3,
    "s s s S": 4,
    "x": 24,
    "G x": 24,
    "f": 26,
    "G g": 0,
    "end home": 0,
    "pagedown pagedown": 20,
    "end pageup": 16,
    "G right": 26,
}


async def test_keys_move_through_the_run() -> None:
    async with opened() as (pilot, screen):
        assert screen.here.cursor == 0
        reached = {}
        for keys in MOVES:
            await pilot.press("g", *keys.split())
            reached[keys] = screen.here.cursor
        assert reached == MOVES


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        (
            "upstream",
            {
                "x": "No finding of this run has an exact step.",
                "f": "No finding after this step.",
            },
        ),
        (
            "vcpu0-only",
            {
                "F": "No finding before this step.",
                "k": "No guest instruction before this step.",
                "G s": "No statement of KVM's policy after this step.",
            },
        ),
    ],
)
async def test_where_there_is_nothing_to_go_to_it_says_so(
    policy: str, words: dict[str, str]
) -> None:
    async with opened(policy) as (pilot, _):
        for keys, word in words.items():
            await pilot.press(*keys.split())
            await pilot.pause()
            assert [note.message for note in pilot.app._notifications][-1] == word


async def test_it_opens_at_the_step_asked_for_or_the_nearest_end() -> None:
    async with opened(at=7) as (_, screen):
        assert screen.here.cursor == 7
    async with opened(at=1000) as (_, screen):
        assert screen.here.cursor == 26


async def test_a_click_on_an_event_goes_to_its_step() -> None:
    async with opened() as (pilot, screen):
        await pilot.click(EventList, offset=(10, 4))
        assert screen.here.cursor == 3


async def test_a_click_on_a_flush_goes_to_its_step() -> None:
    async with opened() as (pilot, screen):
        await pilot.click(FlushPanel, offset=(10, 2))
        assert screen.here.cursor == 20


async def test_a_click_on_a_header_or_below_the_last_row_does_nothing() -> None:
    async with opened() as (pilot, screen):
        await pilot.press("right")
        await pilot.click(EventList, offset=(10, 0))
        await pilot.click(FlushPanel, offset=(10, 5))
        assert screen.here.cursor == 1


async def test_a_click_in_the_footer_does_what_it_names() -> None:
    async with opened() as (pilot, screen):
        await pilot.click("CommandBar", offset=(28, 0))
        assert screen.here.cursor == 24


async def test_the_mouse_wheel_scrolls_the_events_and_leaves_the_step() -> None:
    async with opened() as (pilot, screen):
        trace = screen.query_one(EventList)
        await pilot._post_mouse_events([events.MouseScrollDown], EventList)
        await pilot.pause()
        assert trace.scroll_y > 0
        assert screen.here.cursor == 0


async def test_the_step_at_hand_is_always_in_sight_and_no_panel_moves(
    screen_text: ScreenText,
) -> None:
    async with opened() as (pilot, screen):
        regions = set()
        for step in range(1, 27):
            await pilot.press("right")
            assert f">{step:>2} " in screen_text(pilot.app)
            regions.add(tuple(str(widget.region) for widget in screen.query("*")))
        assert len(regions) == 1


async def test_with_room_every_program_is_shown_and_else_the_movers() -> None:
    async with opened(size=(120, 40)) as (_, screen):
        shown = [panel.actor for panel in screen.query(ProgramPanel) if panel.display]
        assert shown == [0, 1]
    async with opened(at=15) as (_, screen):
        shown = [panel.actor for panel in screen.query(ProgramPanel) if panel.display]
        assert shown == [1]


async def test_escape_leads_back_to_the_picker() -> None:
    async with opened() as (pilot, _):
        await pilot.press("escape")
        assert isinstance(pilot.app.screen, PickerScreen)


@pytest.mark.parametrize("key", ["q", "ctrl+c"])
async def test_quitting_leaves_no_error(key: str) -> None:
    async with opened() as (pilot, _):
        await pilot.press(key)
    assert pilot.app.return_code == 0


async def test_a_terminal_too_small_is_told_so(screen_text: ScreenText) -> None:
    async with opened(size=(30, 8)) as (pilot, screen):
        await pilot.press("x")
        assert screen.here.cursor == 24
        for size in [(1, 1), (200, 17), (59, 40)]:
            await pilot.resize_terminal(*size)
            await pilot.pause()
            shown = [widget.id for widget in screen.query("*") if widget.display and widget.region]
            assert shown == ["too-small"]
        assert screen_text(pilot.app).strip() == "Too small: the debugger needs 60 x 18."


async def test_it_comes_back_when_the_terminal_grows(screen_text: ScreenText) -> None:
    async with opened(size=(30, 8)) as (pilot, screen):
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert screen.query_one("#too-small", Static).display is False
        assert "kvm_toggle_cache() in vcpu0-only.c" in screen_text(pilot.app)


async def test_a_run_without_steps_can_be_looked_at(run: Callable[..., Timeline]) -> None:
    empty = Timeline.start(run("secondary-stale-line").initial)
    async with opened() as (pilot, screen):
        screen.timeline = empty
        for key in ("right", "x", "f", "s", "j", "G", "left"):
            await pilot.press(key)
        assert screen.here.cursor == 0
