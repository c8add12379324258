from __future__ import annotations

from textual import events

from tests.tui.piloting import (
    branches,
    opened,
    panel_lines,
    played,
    press,
    said,
    settled,
)


async def test_r_lists_what_can_happen_and_what_can_follow_it() -> None:
    async with opened(played(at=14), (120, 40)) as (pilot, screen):
        await press(pilot, "r z")
        assert panel_lines(pilot, screen.panes.choices) == [
            "»what can happen",
            ">1 must break without hw vcpu1              stores 1 to x around the caches "
            "(Device-nGnRnE): RAM is 1, the cached copy …",
            " 2 may break with hw     evict x from pcpu0 The line of x leaves the cache of pcpu0: "
            "the clean copy (x = 0) is dropped.",
        ]


async def test_what_is_found_at_once_is_said_of_a_choice() -> None:
    async with opened(played(at=25), (120, 40)) as (pilot, screen):
        await press(pilot, "r")
        assert panel_lines(pilot, screen.panes.choices)[0].startswith(
            ">1 stale now             vcpu1 loads x = 0 from"
        )


async def test_enter_takes_a_choice_and_keeps_the_old_future_as_a_branch() -> None:
    async with opened(played(at=14)) as (pilot, screen):
        await press(pilot, "r enter")
        assert branches(screen) == {"main": (15, 26)}
        await press(pilot, "h down enter")
        assert branches(screen) == {"main": (14, 26), "branch1": (15, 15)}
        assert said(pilot) == "branch1, from main at step 14; main is kept"
        await press(pilot, "enter enter enter")
        assert branches(screen) == {"main": (14, 26), "branch1": (18, 18)}


async def test_a_click_on_a_choice_takes_it() -> None:
    async with opened(played(at=14)) as (pilot, screen):
        await press(pilot, "r")
        await pilot.click(screen.panes.choices, offset=(10, 1))
        await settled(pilot)
        assert branches(screen) == {"main": (14, 26), "branch1": (15, 15)}


async def test_enter_twice_at_once_takes_one_event() -> None:
    async with opened(played(at=14)) as (pilot, screen):
        await press(pilot, "r down")
        for _ in range(2):
            screen.panes.choices.post_message(events.Key("enter", None))
        await settled(pilot)
        assert branches(screen) == {"main": (14, 26), "branch1": (15, 15)}


async def test_what_is_typed_behind_r_is_for_the_choices() -> None:
    async with opened(played(at=13)) as (pilot, screen):
        for key in ("r", "down", "down"):
            pilot.app.post_message(events.Key(key, None if len(key) > 1 else key))
        await settled(pilot)
        assert (screen.panes.choices.chosen, screen.now.timeline.cursor) == (2, 13)
