"""The scrubber: clicked, dragged along, and marked with what there is in the run."""

from __future__ import annotations

from textual import events
from textual.pilot import Pilot

from tests.tui.piloting import lines, opened, played, press, type_line
from tui.presenters.scrubber.lanes import LABEL
from tui.screens.debugger import DebuggerScreen
from tui.widgets.scrubber import Scrubber

COLUMNS = 2
"""The columns of a step of the headline at 80 columns."""


async def drag(pilot: Pilot[None], columns: list[int], row: int = 1) -> list[int]:
    """Hold the button down over one column after the other; return the step after each."""
    screen = pilot.app.screen
    assert isinstance(screen, DebuggerScreen)
    reached = []
    await pilot.mouse_down(Scrubber, offset=(columns[0], row))
    for column in columns:
        # What the mouse is over does not matter any more: the scrubber has captured it.
        await pilot._post_mouse_events([events.MouseMove], Scrubber, offset=(column, row), button=1)
        await pilot.pause()
        reached.append(screen.now.timeline.cursor)
    await pilot.mouse_up(Scrubber, offset=(columns[-1], row))
    await pilot.pause()
    return reached


def ruler(pilot: Pilot[None], columns: int = COLUMNS) -> dict[int, str]:
    """Return the marks by step."""
    line = lines(pilot)[pilot.app.screen.query_one(Scrubber).region.y].ljust(80)
    steps = enumerate(line[LABEL::columns])
    return {step: mark for step, mark in steps if mark != " "}


async def test_a_click_goes_to_the_step_of_its_column_in_any_lane() -> None:
    async with opened() as (pilot, screen):
        reached = []
        for row, step in ((0, 3), (1, 0), (2, 15), (3, 26), (4, 24)):
            for side in range(COLUMNS):
                await pilot.click(Scrubber, offset=(LABEL + COLUMNS * step + side, row))
                await pilot.pause()
                reached.append((step, screen.now.timeline.cursor))
        assert [step for step, _ in reached] == [at for _, at in reached]


async def test_a_click_beside_the_steps_goes_to_the_nearest() -> None:
    async with opened(played(at=9)) as (pilot, screen):
        await pilot.click(Scrubber, offset=(0, 1))
        await pilot.pause()
        assert screen.now.timeline.cursor == 0
        await pilot.click(Scrubber, offset=(79, 1))
        await pilot.pause()
        assert screen.now.timeline.cursor == 26


async def test_a_drag_goes_along_the_steps_and_ends_where_the_button_is_let_go() -> None:
    async with opened() as (pilot, screen):
        columns = [LABEL + COLUMNS * step for step in (4, 5, 9, 20, 3)]
        assert await drag(pilot, columns) == [4, 5, 9, 20, 3]
        await pilot.hover(Scrubber, offset=(LABEL + COLUMNS * 12, 1))
        assert screen.now.timeline.cursor == 3
        assert pilot.app.mouse_captured is None


async def test_the_mouse_over_it_alone_does_nothing() -> None:
    async with opened() as (pilot, screen):
        await pilot.hover(Scrubber, offset=(LABEL + COLUMNS * 12, 1))
        assert screen.now.timeline.cursor == 0


async def test_the_ruler_marks_the_cursor_the_finding_stops_bookmarks_and_no_return() -> None:
    async with opened() as (pilot, _):
        assert ruler(pilot) == {0: "▼", 14: "n", 20: "C", 24: "E", 26: "!"}
        await type_line(pilot, "break vcpu0-only.c:17")
        await type_line(pilot, "goto 3")
        await type_line(pilot, "mark here")
        await press(pilot, "x")
        before = {3: "*", 9: "b", 14: "n", 20: "C", 21: "b", 24: "▼", 26: "!"}
        assert ruler(pilot) == before
        await type_line(pilot, "disable 1")
        await type_line(pilot, "unmark 3")
        assert ruler(pilot) == {14: "n", 20: "C", 24: "▼", 26: "!"}


async def test_another_run_is_drawn_anew() -> None:
    async with opened(played(at=14)) as (pilot, _):
        await press(pilot, "r down enter G")
        assert ruler(pilot, columns=4) == {15: "▼"}
        await press(pilot, "u")
        assert ruler(pilot) == {14: "▼", 20: "C", 24: "E", 26: "!"}
