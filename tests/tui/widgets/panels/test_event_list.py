from __future__ import annotations

import attrs

from engine.timeline import Timeline
from tests.tui.piloting import lines, opened, played, press
from tui.widgets.panels.event_list import KEPT_ROWS, EventList

LONG = 100_000


def stretched(timeline: Timeline) -> Timeline:
    """A timeline of `LONG` steps, the same few over and over."""
    steps, ghosts = timeline.steps, timeline.ghosts
    rounds = LONG // len(steps) + 1
    return attrs.evolve(
        timeline,
        steps=(steps * rounds)[:LONG],
        ghosts=(ghosts[:1] + ghosts[1:] * rounds)[: LONG + 1],
        cursor=0,
    )


async def test_of_a_hundred_thousand_steps_only_those_in_sight_are_made_into_rows() -> None:
    short = played(policy="upstream")
    async with opened(short.at(stretched(short.timeline)), (120, 40)) as (pilot, screen):
        events = screen.query_one(EventList)
        for key in ("G", "left", "pageup", "g", "right"):
            await pilot.press(key)
        await press(pilot, "G")
        assert screen.now.timeline.cursor == LONG
        assert [line for line in lines(pilot) if ">100000 vcpu" in line]
        assert len(events._kept) < KEPT_ROWS / 4


async def test_the_arrows_choose_an_event_and_enter_goes_there() -> None:
    async with opened(size=(120, 40)) as (pilot, screen):
        await press(pilot, "tab tab tab tab tab down down down enter")
        assert screen.now.timeline.cursor == 3
        await press(pilot, "end")
        assert screen.now.timeline.cursor == 3
        await press(pilot, "enter up up enter home enter")
        assert screen.now.timeline.cursor == 0
        await press(pilot, "pagedown enter")
        assert screen.now.timeline.cursor == screen.query_one(EventList).rows_in_sight


async def test_a_step_forward_stays_with_the_keys_of_the_screen() -> None:
    async with opened(size=(120, 40)) as (pilot, screen):
        await press(pilot, "tab tab tab tab tab l l right x")
        assert screen.now.timeline.cursor == 24
        assert screen.query_one(EventList).chosen == 24
