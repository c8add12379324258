"""Every interleaving explored from the screen: told, shown as a branch, limited, cancelled."""

from __future__ import annotations

from collections.abc import Callable

import attrs
import pytest
from textual.widgets import OptionList

from engine.explorer.explore import explore
from engine.explorer.limits import Limits
from tests.tui.piloting import WIDE, lines, opened, played, press, said, settled, type_line
from tui.screens.choice import ChoiceScreen
from tui.screens.picker import PickerScreen
from tui.session.session import Session
from tui.widgets.answer_line import Explored
from tui.widgets.command_bar import CommandBar


async def test_from_a_step_the_shortest_counterexample_follows_as_a_branch() -> None:
    async with opened(played(at=14), WIDE) as (pilot, screen):
        before = screen.now.timeline
        await press(pilot, "e")
        assert said(pilot).startswith("From step 14: unsafe, stale in 12 more steps: ")
        found = screen.now.timeline
        assert (screen.now.branch.name, found.cursor) == ("stale1", 14)
        assert found.events[:14] == before.events[:14]
        assert screen.now.branches.names == ("main", "stale1")
        await press(pilot, "x")
        assert screen.now.timeline.cursor == screen.now.timeline.findings[0].exact


async def test_the_whole_scenario_is_explored_from_its_start() -> None:
    async with opened(played(at=14), WIDE) as (pilot, screen):
        await press(pilot, "E")
        assert said(pilot).startswith("From the start: unsafe, stale in 13 steps: ")
        assert (screen.now.timeline.cursor, len(screen.now.timeline.steps)) == (0, 13)
        assert "the shortest stale run from the start on" in lines(pilot)[0]


async def test_what_is_safe_leaves_the_run_as_it_is() -> None:
    async with opened(played(policy="upstream", at=14), WIDE) as (pilot, screen):
        before = screen.now
        await press(pilot, "e")
        assert said(pilot).startswith("From step 14: safe, no finding in any interleaving: ")
        assert screen.now is before


async def test_the_former_run_comes_back_with_a_key_and_the_counterexample_with_another() -> None:
    async with opened(played(at=14), WIDE) as (pilot, screen):
        before = screen.now.timeline.steps
        await press(pilot, "E")
        found = screen.now.timeline.steps
        await press(pilot, "right u")
        assert (screen.now.timeline.steps, screen.now.timeline.cursor) == (before, 14)
        assert "A secondary vCPU enables its caches" in lines(pilot)[0]
        await press(pilot, "U")
        assert (screen.now.timeline.steps, screen.now.timeline.cursor) == (found, 1)


async def test_every_panel_shows_the_counterexample() -> None:
    async with opened(played(at=14), (120, 40)) as (pilot, _):
        await press(pilot, "E G")
        text = "\n".join(lines(pilot))
        assert ">13 vcpu1 STALE ldr x3, [x1]" in text
        assert "STALE: vcpu1 loads x = 0 at step 13" in text
        assert "SKIPPED: vcpu->vcpu_id == 0 is false, 1 == 0" in text


async def test_among_several_kinds_one_chooses() -> None:
    async with opened(played(at=14)) as (pilot, screen):
        timeline = screen.now.timeline
        known = explore(timeline.machine, timeline.ghost, limits=Limits())
        both = attrs.evolve(known, counterexamples=known.counterexamples * 2)
        screen.post_message(Explored(timeline, 14, both))
        await settled(pilot)
        assert isinstance(pilot.app.screen, ChoiceScreen)
        assert pilot.app.screen.query_one(OptionList).option_count == 2
        await press(pilot, "escape")
        assert screen.now.branch.name == "main"
        screen.post_message(Explored(timeline, 14, both))
        await settled(pilot)
        await press(pilot, "down enter")
        assert pilot.app.screen is screen
        assert screen.now.branch.name == "stale1"


async def test_while_it_explores_the_run_can_be_gone_through_and_escape_cancels(
    session: Callable[..., Session], contended: str
) -> None:
    async with opened(session(contended, "upstream"), WIDE) as (pilot, screen):
        screen.action_explore_all()
        assert screen.answer_line.busy
        await pilot.press("right")
        assert screen.now.timeline.cursor == 1
        while not said(pilot).startswith("From the start: exploring, "):
            await pilot.pause(0.01)
        screen.action_explore_here()
        assert screen.answer_line.said.text == "Still at work: Esc cancels."
        await press(pilot, "escape")
        assert not screen.answer_line.busy
        assert said(pilot).startswith("From the start: undetermined")
        assert said(pilot).endswith(": cancelled")
        assert pilot.app.screen is screen
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, PickerScreen)


@pytest.mark.parametrize("key", ["q", "ctrl+c"])
async def test_quitting_while_it_explores_is_clean(
    key: str, session: Callable[..., Session], contended: str
) -> None:
    async with opened(session(contended, "upstream")) as (pilot, screen):
        screen.action_explore_all()
        await pilot.pause(0)
        assert screen.answer_line.busy
        await pilot.press(key)
    assert pilot.app.return_code == 0


async def test_a_click_in_the_footer_explores() -> None:
    async with opened(played(at=14), (120, 40)) as (pilot, screen):
        at = lines(pilot)[-1].index("explore")
        await pilot.click(CommandBar, offset=(at, 0))
        await settled(pilot)
        assert ": unsafe, stale" in said(pilot)
        assert screen.now.branch.name == "stale1"


async def test_what_was_explored_is_not_shown_in_another_run() -> None:
    async with opened(played(at=14), WIDE) as (pilot, screen):
        timeline = screen.now.timeline
        known = explore(timeline.machine, timeline.ghost, limits=Limits())
        await type_line(pilot, "policy upstream")
        before = screen.now
        screen.post_message(Explored(timeline, 14, known))
        await settled(pilot)
        assert screen.now is before
        assert said(pilot) == (
            "The run that was explored is not the one that is shown: explore once more."
        )
