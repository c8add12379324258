"""What every panel does: rows chosen with the arrows, scrolled, and painted where they differ."""

from __future__ import annotations

from textual import events

from tests.tui.piloting import lines, opened, played, press
from tui.screens.debugger import DebuggerScreen
from tui.widgets.panels.event_list import EventList
from tui.widgets.panels.flush_panel import FlushPanel
from tui.widgets.panels.panel import Panel


def chosen(screen: DebuggerScreen) -> dict[str, int]:
    """Return the row that is chosen in each panel that has one."""
    panels = screen.query(Panel)
    return {str(panel.id): panel.chosen for panel in panels if panel.chosen is not None}


async def test_the_arrows_go_from_row_to_row_and_stop_at_the_ends() -> None:
    async with opened(size=(120, 40)) as (pilot, screen):
        await press(pilot, "shift+tab shift+tab")
        rows = []
        for key in ("down", "down", "up", "end", "down", "pageup", "home", "up", "pagedown"):
            await press(pilot, key)
            rows.append(chosen(screen))
        assert rows == [{"events": row} for row in (1, 2, 1, 26, 26, 21, 0, 0, 5)]
        assert screen.now.timeline.cursor == 0


async def test_the_chosen_row_is_always_in_sight() -> None:
    async with opened(size=(120, 40)) as (pilot, screen):
        await press(pilot, "shift+tab shift+tab")
        region = screen.query_one(EventList).region
        for row in range(1, 27):
            await pilot.press("down")
            shown = [line[region.x :] for line in lines(pilot)[region.y : region.bottom]]
            assert [line for line in shown if line[1:].startswith(f"{row:>2} ")], row


async def test_enter_on_a_flush_goes_to_its_step() -> None:
    async with opened(size=(120, 40)) as (pilot, screen):
        await press(pilot, "shift+tab enter")
        assert screen.now.timeline.cursor == 6
        await press(pilot, "down enter")
        assert (screen.now.timeline.cursor, chosen(screen)) == (20, {"flushes": 1})


async def test_a_panel_that_is_not_seen_takes_no_focus() -> None:
    async with opened() as (pilot, screen):
        screen.set_focus(screen.query_one(FlushPanel))
        await pilot.pause()
        assert screen.focused is None


async def test_a_panel_that_is_covered_gives_the_focus_up() -> None:
    async with opened(played(at=14)) as (pilot, screen):
        await press(pilot, "r")
        assert chosen(screen) == {"choices": 0}
        await pilot.click("DeckTabs", offset=(10, 0))
        await pilot.pause()
        assert chosen(screen) == {}
        await press(pilot, "enter")
        assert screen.now.timeline.cursor == 14


async def test_the_mouse_wheel_scrolls_what_does_not_fit() -> None:
    async with opened(played(at=24), (120, 40)) as (pilot, screen):
        await press(pilot, "w")
        for panel in (screen.panes.source, screen.panes.why, screen.query_one(EventList)):
            before = panel.scroll_y
            down = before < panel.max_scroll_y
            wheel = events.MouseScrollDown if down else events.MouseScrollUp
            await pilot._post_mouse_events([wheel], panel, offset=(5, 2))
            await pilot.pause()
            assert panel.scroll_y != before, panel
        assert screen.now.timeline.cursor == 24


async def test_the_chosen_row_is_kept_while_another_window_is_looked_at() -> None:
    async with opened(size=(120, 40)) as (pilot, screen):
        await press(pilot, "shift+tab shift+tab down down")
        before = chosen(screen)
        for event in (events.AppBlur(), events.AppFocus()):
            pilot.app.post_message(event)
            await pilot.pause()
        assert chosen(screen) == before == {"events": 2}
