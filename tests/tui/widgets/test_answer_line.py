from __future__ import annotations

from engine.explorer.explore import explore
from engine.explorer.limits import Limits
from tests.tui.piloting import WIDE, opened, played, press, said, settled
from tui.screens.help import HelpScreen
from tui.widgets.answer_line import Explored


async def test_a_search_that_reaches_its_limit_is_undetermined() -> None:
    async with opened(played(policy="upstream"), WIDE, limits=Limits(1)) as (pilot, _):
        await press(pilot, "e")
        assert said(pilot).startswith("From the start: undetermined after ")
        assert said(pilot).endswith(": the limit on states was reached")


async def test_the_answer_is_taken_up_under_the_help() -> None:
    async with opened(played(at=14)) as (pilot, screen):
        await press(pilot, "question_mark")
        assert isinstance(pilot.app.screen, HelpScreen)
        screen.action_explore_all()
        await settled(pilot)
        assert screen.now.branch.name == "stale1"


async def test_an_answer_waits_until_nothing_is_typed_any_more() -> None:
    async with opened(played(at=14), WIDE) as (pilot, screen):
        timeline = screen.now.timeline
        known = explore(timeline.machine, timeline.ghost, limits=Limits())
        await pilot.press("colon", *"goto")
        screen.post_message(Explored(timeline, 14, known))
        await settled(pilot)
        assert (screen.now.branch.name, screen.prompt.line.value) == ("main", "goto")
        await press(pilot, "escape")
        assert screen.now.branch.name == "stale1"
