from __future__ import annotations

from tests.tui.piloting import opened, panel_lines, played, press, said, type_line
from tui.screens.compare import CompareScreen
from tui.screens.debugger import DebuggerScreen


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
