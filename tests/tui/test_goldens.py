"""The headline on the screen: at the start, at the cause, at the exact step, at the finding."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.app import App

from scenarios.library import load_scenario
from scenarios.policy_library import load_policy
from tui.app import DebuggerApp

STEPS = {"start": 0, "cause": 20, "exact": 24, "finding": 26}


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)], ids=lambda size: f"{size[0]}")
@pytest.mark.parametrize("place", STEPS)
async def test_the_headline_looks_as_it_did(
    place: str,
    size: tuple[int, int],
    golden: Callable[[str, str], None],
    screen_text: Callable[[App[None]], str],
) -> None:
    scenario, policy = load_scenario("secondary-stale-line"), load_policy("vcpu0-only")
    app = DebuggerApp(scenario, policy, STEPS[place])
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        golden(f"headline-{place}-{size[0]}x{size[1]}", screen_text(app))
