"""Nothing on the screen moves from step to step: only what a place shows is another."""

from __future__ import annotations

import pytest

from tests.tui.piloting import HEADLINE, SIZES, case, opened, played, running
from tui.app import DebuggerApp
from tui.presenters.panels.side_by_side import told_alike
from tui.screens.compare import CompareScreen
from tui.screens.keyed import KeyedScreen
from tui.session.comparison import Comparison

SCENARIOS = [
    (HEADLINE, "vcpu0-only"),
    ("vmm-reads-before-enable", "upstream"),
    ("false-sharing", "upstream"),
    ("parallel-bring-up", "never"),
]


def places(screen: KeyedScreen) -> list[tuple[str, str]]:
    return [(str(widget), str(widget.region)) for widget in screen.query("*")]


@pytest.mark.parametrize("size", [*SIZES, (60, 18)], ids=lambda size: f"{size[0]}")
@pytest.mark.parametrize(("scenario", "policy"), SCENARIOS)
async def test_no_step_of_a_run_moves_anything(
    scenario: str, policy: str, size: tuple[int, int]
) -> None:
    async with opened(played(scenario, policy), size) as (pilot, screen):
        before = places(screen)
        for step in range(1, len(screen.now.timeline.steps) + 1):
            screen.session = screen.now.seek(step)
            await pilot.pause(0)
            assert places(screen) == before, step


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}")
async def test_no_row_of_a_comparison_moves_anything(size: tuple[int, int]) -> None:
    app = DebuggerApp(Comparison.under(played(), case(policy="upstream"), told_alike))
    async with running(app, size) as pilot:
        screen = app.screen
        assert isinstance(screen, CompareScreen)
        before = places(screen)
        for row in range(1, screen.now.last + 1):
            screen.comparison = screen.now.at(row)
            await pilot.pause(0)
            assert places(screen) == before, row


async def test_the_step_at_hand_is_always_in_sight() -> None:
    for size in SIZES:
        async with opened(size=size) as (pilot, screen):
            screen.action_show("events")
            await pilot.pause()
            events = screen.query_one("#events")
            for step in range(27):
                screen.session = screen.now.seek(step)
                await pilot.pause(0)
                shown = [strip.text for strip in events.render_lines(events.size.region)]
                assert [line for line in shown if line.startswith(f">{step:>2} ")], step
