from __future__ import annotations

from textual import events
from textual.pilot import Pilot

from tests.tui.piloting import lines, opened, played, press, settled, stops, type_line
from tui.widgets.panels.panel import Panel
from tui.widgets.panels.stop_panel import StopPanel


def panel_lines(pilot: Pilot[None], panel: Panel) -> list[str]:
    region = panel.region
    return [
        line[region.x : region.right].strip() for line in lines(pilot)[region.y : region.bottom]
    ]


async def test_the_list_shows_them_with_the_steps_at_which_they_stop() -> None:
    async with opened(size=(120, 40)) as (pilot, screen):
        await press(pilot, "B")
        panel = screen.query_one(StopPanel)
        assert panel_lines(pilot, panel)[0].startswith("None yet: b sets a breakpoint")
        for line in ("break flush if cache[x] == none", "watch ram[x]", "disable 2", "goto 14"):
            await type_line(pilot, line)
        await type_line(pilot, "mark here it is fetched")
        await press(pilot, "B")
        assert panel_lines(pilot, panel)[:3] == [
            "● 1 break flush if cache[x] == none, at step 6",
            "○ 2 watch ram[x], at step 15",
            "* step 14: here it is fetched",
        ]


async def test_enter_in_the_list_turns_one_off_and_on_and_goes_to_a_bookmark() -> None:
    async with opened(played(at=14)) as (pilot, screen):
        await type_line(pilot, "break skip")
        await type_line(pilot, "mark here it is fetched")
        await press(pilot, "g B enter")
        assert stops(screen) == ["1: break skip, disabled"]
        await press(pilot, "enter down enter")
        assert (stops(screen), screen.now.timeline.cursor) == (["1: break skip"], 14)


async def test_a_click_in_the_list_does_the_same_once() -> None:
    async with opened() as (pilot, screen):
        await type_line(pilot, "break skip")
        await press(pilot, "B")
        for shown in (["1: break skip, disabled"], ["1: break skip"]):
            await pilot.click(StopPanel, offset=(5, 0))
            await pilot.pause()
            assert stops(screen) == shown


async def test_delete_in_the_list_takes_away_what_is_chosen() -> None:
    async with opened(played(at=14)) as (pilot, screen):
        await type_line(pilot, "break skip")
        await type_line(pilot, "watch ram[x]")
        await type_line(pilot, "mark here it is fetched")
        await press(pilot, "B down delete")
        assert stops(screen) == ["1: break skip"]
        await press(pilot, "end backspace")
        assert screen.now.marked == {}
        await press(pilot, "delete delete delete enter")
        assert stops(screen) == []


async def test_m_puts_a_bookmark_with_a_text_that_is_shown_there() -> None:
    for size, where in (((80, 24), "* the line is fetched"), ((120, 40), "the line is fetched")):
        async with opened(played(at=14), size) as (pilot, screen):
            await press(pilot, "m")
            assert screen.prompt.line.value == "mark "
            await pilot.press(*"the line is fetched", "enter")
            assert screen.now.marked == {14: "the line is fetched"}
            await press(pilot, "l h")
            assert [line for line in lines(pilot) if line.strip() == where]
            await type_line(pilot, "kind bookmark")
            await press(pilot, "G p")
            assert screen.now.timeline.cursor == 14


async def test_delete_twice_at_once_takes_one_away() -> None:
    async with opened() as (pilot, screen):
        await type_line(pilot, "break skip")
        await type_line(pilot, "watch ram[x]")
        await press(pilot, "B")
        for _ in range(2):
            screen.query_one(StopPanel).post_message(events.Key("delete", None))
        await settled(pilot)
        assert stops(screen) == ["2: watch ram[x]"]
