"""Whatever is pressed, at whatever size, the app lives and its timeline is valid."""

from __future__ import annotations

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.timeline import Timeline
from scenarios.library import load_scenario
from scenarios.policy_library import load_policy
from tui.app import DebuggerApp, Mode
from tui.keys import DEBUGGER, EVERYWHERE, OF_QUIZ, OF_TOUR, PICKER
from tui.screens.run_screen import RunScreen

KEYS = sorted(
    {
        key
        for command in (*DEBUGGER, *PICKER, *OF_TOUR, *OF_QUIZ, *EVERYWHERE)
        for key in command.keys
    }
    - {"q"}
    | {"a", "1", "space", "tab", "shift+tab", "ctrl+l", "f5", "slash", "colon"}
)
SIZES = [(80, 24), (120, 40), (61, 18), (30, 8)]


def valid(timeline: Timeline) -> bool:
    states = [timeline.initial, *(step.after for step in timeline.steps)]
    return (
        0 <= timeline.cursor <= len(timeline.steps)
        and timeline.machine is states[timeline.cursor]
        and len(timeline.ghosts) == len(states)
    )


async def press(keys: list[str], size: tuple[int, int], policy: str, mode: Mode) -> None:
    app = DebuggerApp(load_scenario("secondary-stale-line"), load_policy(policy), mode=mode)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()
        assert app.is_running
        for screen in app.screen_stack:
            if isinstance(screen, RunScreen):
                assert valid(screen.here)
    assert app.return_code == 0 or app.return_code is None


@settings(max_examples=5, deadline=None)
@given(
    keys=st.lists(st.sampled_from(KEYS), min_size=12, max_size=20),
    size=st.sampled_from(SIZES),
    policy=st.sampled_from(["upstream", "vcpu0-only"]),
    mode=st.sampled_from(Mode),
)
def test_any_keys_leave_the_app_alive_and_the_timeline_valid(
    keys: list[str], size: tuple[int, int], policy: str, mode: Mode
) -> None:
    asyncio.run(press(keys, size, policy, mode))
