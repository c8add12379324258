"""Roads not taken: what can happen, what can follow it, and the branches that come of it."""

from __future__ import annotations

from textual import events
from textual.pilot import Pilot

from tests.tui.piloting import lines, opened, played, press, said, settled, type_line
from tui.screens.compare import CompareScreen
from tui.screens.debugger import DebuggerScreen
from tui.widgets.panels.panel import Panel


def branches(screen: DebuggerScreen) -> dict[str, tuple[int, int]]:
    """Return each branch's step and how many it has."""
    every = (branch for branch in screen.now.branches)
    return {each.name: (each.timeline.cursor, len(each.timeline.steps)) for each in every}


def panel_lines(pilot: Pilot[None], panel: Panel) -> list[str]:
    region = panel.region
    shown = lines(pilot)[region.y : region.bottom]
    return [line for each in shown if (line := each[region.x : region.right].rstrip())]


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


async def test_the_branches_are_drawn_as_a_tree_with_what_is_found_in_them() -> None:
    async with opened(played(at=14), (120, 40)) as (pilot, screen):
        await press(pilot, "r down enter enter")
        for line in ("goto 15", "take fill x on pcpu0", "switch main", "goto 20", "take 2"):
            await type_line(pilot, line)
        await press(pilot, "R")
        assert panel_lines(pilot, screen.panes.branches) == [
            " main: 26 steps, stale, left at 20",
            " ├ branch1 from step 14: 16 steps, not finished, left at 15",
            " │ └ branch2 from step 15: 16 steps, not finished, left at…",
            ">└ branch3 from step 20: 21 steps, not finished, at step 21",
        ]


async def test_enter_in_the_tree_switches_to_where_a_branch_was_left() -> None:
    async with opened(played(at=14)) as (pilot, screen):
        await press(pilot, "r down enter enter R up enter")
        assert (screen.now.branch.name, screen.now.timeline.cursor) == ("main", 14)
        assert said(pilot).startswith("branch main")
        await press(pilot, "down enter")
        assert (screen.now.branch.name, screen.now.timeline.cursor) == ("branch1", 16)


async def test_d_on_another_branch_of_the_tree_compares_with_it() -> None:
    async with opened(played(at=14)) as (pilot, _):
        await press(pilot, "r down enter R up d")
        screen = pilot.app.screen
        assert isinstance(screen, CompareScreen)
        assert screen.now.names == ("branch1", "main")
        assert (screen.now.row, screen.now.differences.first) == (15, 15)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, DebuggerScreen)


async def test_u_leads_back_to_what_was_shown_before_and_its_capital_forward() -> None:
    async with opened(played(at=14)) as (pilot, screen):
        await press(pilot, "r down enter enter")
        shown = []
        for key in "uuUU":
            await press(pilot, key)
            shown.append((screen.now.branch.name, screen.now.timeline.cursor, said(pilot)[:14]))
        assert shown == [
            ("main", 14, "No instruction"),
            ("main", 14, "No run was sho"),
            ("branch1", 16, ""),
            ("branch1", 16, "No run was gon"),
        ]


async def test_what_was_made_of_the_run_meanwhile_is_kept_on_the_way_back() -> None:
    async with opened(played(at=14)) as (pilot, screen):
        await press(pilot, "r down enter")
        await type_line(pilot, "break skip")
        await press(pilot, "u")
        assert (screen.now.branch.name, len(screen.now.stops)) == ("main", 1)


async def test_what_is_typed_about_a_choice_is_refused_with_what_can_happen() -> None:
    async with opened(played(at=14), (200, 60)) as (pilot, screen):
        for line, told in (
            ("take 3", "found '3'; expected what can happen now"),
            ("switch nowhere", "found 'nowhere'; expected a branch"),
        ):
            await type_line(pilot, line)
            assert said(pilot).startswith(told), line
        assert branches(screen) == {"main": (14, 26)}


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
