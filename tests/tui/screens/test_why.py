"""Why a value is what it is: asked with a key, a click or a line, and gone back along."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from tests.tui.piloting import lines, opened, played, press, said, type_line
from tui.commands.why import answer
from tui.presenters.panels.answers import Answer
from tui.screens.debugger import DebuggerScreen
from tui.widgets.heading import Heading
from tui.widgets.panels.tables import ActorPanel, MemoryPanel
from tui.widgets.sentence_bar import StandingLine


def question(screen: DebuggerScreen) -> str:
    shown = screen.panes.why.answer
    return "" if shown is None else shown.question


async def click_on(pilot: Pilot[None], panel: type, text: str) -> None:
    region = pilot.app.screen.query_one(panel).region
    rows = enumerate(lines(pilot)[region.y : region.bottom])
    y, x = next((y, line.index(text)) for y, line in rows if text in line)
    await pilot.click(panel, offset=(x, y))
    await pilot.pause()


async def test_with_nothing_chosen_w_answers_for_the_finding() -> None:
    async with opened(played(at=24), (120, 40)) as (pilot, screen):
        await press(pilot, "w")
        assert screen.panes.why.answer == Answer(
            "the finding at hand, at step 24", answer(screen.now, "")
        )
        assert [line for line in lines(pilot) if line.startswith("» flushes [why] stops")]


async def test_without_a_finding_w_says_how_to_choose_a_value() -> None:
    async with opened(played(policy="upstream")) as (pilot, screen):
        await press(pilot, "w")
        assert said(pilot) == (
            "Choose a value first: click one, or Tab to vCPUs or memory, then arrows."
        )
        assert screen.panes.why.answer is None


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


async def test_enter_and_a_click_on_a_line_of_the_answer_go_to_its_step() -> None:
    async with opened(played(at=24), (120, 40)) as (pilot, screen):
        await press(pilot, "w")
        reached = []
        for keys in (
            "enter",
            "down down down down down enter",
            "end enter",
            "home down down enter",
        ):
            await press(pilot, keys)
            reached.append(screen.now.timeline.cursor)
        assert reached == [26, 14, 24, 0]
        assert question(screen) == "the finding at hand, at step 24"


async def test_what_cannot_be_asked_for_is_said_and_a_good_question_takes_that_away() -> None:
    async with opened(size=(200, 60)) as (pilot, screen):
        await type_line(pilot, "why 1")
        assert said(pilot) == (
            "found '1'; expected ram[WORD], cache[WORD], sees[ACTOR][WORD], sctlr[VCPU].BIT, "
            "hcr[VCPU].BIT, WORD or finding N"
        )
        await type_line(pilot, "why x")
        assert (said(pilot), question(screen)) == ("", "x, at step 0")


async def test_an_answer_that_is_of_another_run_is_forgotten() -> None:
    async with opened(played(at=14), (120, 40)) as (pilot, screen):
        await type_line(pilot, "why x")
        await type_line(pilot, "goto 15")
        assert question(screen) == "x, at step 14"
        await type_line(pilot, "goto 14")
        await type_line(pilot, "take evict x")
        assert question(screen) == ""
