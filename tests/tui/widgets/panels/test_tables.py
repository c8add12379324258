from __future__ import annotations

import pytest
from textual.pilot import Pilot

from tests.tui.piloting import lines, opened, played, press, question
from tui.commands.why import answer
from tui.presenters.panels.answers import Answer
from tui.widgets.heading import Heading
from tui.widgets.panels.tables import ActorPanel, MemoryPanel
from tui.widgets.sentence_bar import StandingLine


async def click_on(pilot: Pilot[None], panel: type, text: str) -> None:
    region = pilot.app.screen.query_one(panel).region
    rows = enumerate(lines(pilot)[region.y : region.bottom])
    y, x = next((y, line.index(text)) for y, line in rows if text in line)
    await pilot.click(panel, offset=(x, y))
    await pilot.pause()


@pytest.mark.parametrize(
    ("keys", "asked"),
    [
        ("tab tab w", "sees[vcpu1][x]"),
        ("tab tab left left left left w", "ram[x]"),
        ("tab tab left w", "sees[vcpu0][x]"),
        ("tab w", "sctlr[vcpu0]"),
        ("tab down w", "sctlr[vcpu1]"),
        ("tab down down right enter", "sctlr[vcpu1].M"),
        ("tab down right right right right enter", "hcr[vcpu1]"),
    ],
)
async def test_the_arrows_choose_a_value_and_w_or_enter_asks_why(keys: str, asked: str) -> None:
    async with opened(played(at=24)) as (pilot, screen):
        await press(pilot, keys)
        assert question(screen) == f"{asked}, at step 24"
        assert screen.panes.why.answer == Answer(question(screen), answer(screen.now, asked))


@pytest.mark.parametrize(
    ("step", "keys", "chosen"),
    [
        (2, "tab", "sctlr[vcpu0]"),
        (14, "tab tab", "cache[x]"),
        (15, "tab tab", "ram[x]"),
        (22, "tab", "hcr[vcpu1]"),
        (24, "tab tab", "sees[vcpu1][x]"),
    ],
)
async def test_the_value_that_the_step_changed_is_chosen_first(
    step: int, keys: str, chosen: str
) -> None:
    async with opened(played(at=step)) as (pilot, screen):
        await press(pilot, keys)
        assert screen.panes.vcpus.asks + screen.panes.memory.asks == chosen


@pytest.mark.parametrize(
    ("panel", "text", "asked"),
    [
        (MemoryPanel, "0 v0 ≥v1 STALE", "sees[vcpu1][x]"),
        (MemoryPanel, "1 v1", "ram[x]"),
        (MemoryPanel, "0 v0 latent", "cache[x]"),
        (ActorPanel, "0xc807c663f", "hcr[vcpu0]"),
        (StandingLine, "STALE for vcpu1", "sees[vcpu1][x]"),
        (Heading, "exact 24", "finding 1"),
    ],
)
async def test_a_click_on_a_value_asks_why(panel: type, text: str, asked: str) -> None:
    async with opened(played(at=24)) as (pilot, screen):
        await click_on(pilot, panel, text)
        assert question(screen) == f"{asked}, at step 24"


async def test_a_click_on_what_is_no_value_asks_nothing() -> None:
    async with opened(played(at=24)) as (pilot, screen):
        for panel, text in ((MemoryPanel, "word"), (MemoryPanel, "x  "), (ActorPanel, "vcpu0")):
            await click_on(pilot, panel, text)
        assert question(screen) == ""
