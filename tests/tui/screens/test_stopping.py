"""Breakpoints, watches and bookmarks on the screen: set, listed, stopped at, taken away."""

from __future__ import annotations

from textual import events
from textual.pilot import Pilot

from tests.tui.piloting import lines, opened, played, press, said, settled, type_line
from tui.screens.debugger import DebuggerScreen
from tui.widgets.panels.listings import SourcePanel
from tui.widgets.panels.panel import Panel
from tui.widgets.panels.stop_panel import StopPanel


def stops(screen: DebuggerScreen) -> list[str]:
    setup = screen.now.setup
    return [
        f"{each.number}: {each.command(setup)}{'' if each.enabled else ', disabled'}"
        for each in screen.now.stops
    ]


def panel_lines(pilot: Pilot[None], panel: Panel) -> list[str]:
    region = panel.region
    return [
        line[region.x : region.right].strip() for line in lines(pilot)[region.y : region.bottom]
    ]


async def test_b_sets_a_breakpoint_on_the_chosen_line_and_takes_it_away() -> None:
    async with opened(played(at=9), (120, 40)) as (pilot, screen):
        await press(pilot, "tab tab tab b")
        assert stops(screen) == ["1: break vcpu0-only.c:17"]
        assert said(pilot) == "1: break vcpu0-only.c:17, at steps 9, 21"
        assert [line for line in lines(pilot) if "●17     *vcpu_hcr(vcpu)" in line]
        await press(pilot, "down down b")
        assert stops(screen) == ["1: break vcpu0-only.c:17", "2: break vcpu0-only.c:19"]
        await press(pilot, "up up b")
        assert stops(screen) == ["2: break vcpu0-only.c:19"]
        assert said(pilot) == "1 breakpoint deleted"


async def test_b_sets_one_on_a_label_of_a_program() -> None:
    async with opened(played(at=15), (120, 40)) as (pilot, screen):
        await press(pilot, "tab tab tab tab b")
        assert stops(screen) == ["1: break vcpu1:enable"]
        await press(pilot, "enter")
        assert stops(screen) == []


async def test_where_no_line_is_chosen_b_asks_and_offers_the_one_at_hand() -> None:
    async with opened(played(at=9)) as (pilot, screen):
        await press(pilot, "b")
        assert screen.prompt.line.value == "break vcpu0-only.c:17 "
        await press(pilot, "enter")
        assert stops(screen) == ["1: break vcpu0-only.c:17"]


async def test_a_click_in_the_gutter_sets_a_breakpoint_and_another_takes_it_away() -> None:
    async with opened(played(at=20), (120, 40)) as (pilot, screen):
        for shown in (["1: break vcpu0-only.c:12"], []):
            await pilot.click(SourcePanel, offset=(2, 3))
            await pilot.pause()
            assert stops(screen) == shown
        await pilot.click("#program0", offset=(1, 3))
        await pilot.pause()
        assert stops(screen) == ["2: break vcpu1:enable"]


async def test_a_click_beside_the_gutter_or_where_nothing_can_stop_sets_none() -> None:
    async with opened(played(at=20), (120, 40)) as (pilot, screen):
        for offset in ((30, 3), (2, 1), (2, 0)):
            await pilot.click(SourcePanel, offset=offset)
            await pilot.pause()
        assert (stops(screen), screen.now.timeline.cursor) == ([], 20)


async def test_c_and_its_capital_run_to_breakpoints_watches_findings_and_the_ends() -> None:
    async with opened() as (pilot, screen):
        for line in ("break skip", "tbreak vcpu1:load", "watch cache[x]"):
            await type_line(pilot, line)
        told = []
        for key in "cccccCCC":
            await press(pilot, key)
            told.append((screen.now.timeline.cursor, said(pilot)))
        assert told == [
            (14, "watch 3, cache[x]: was none, is 0 (v0)"),
            (20, "breakpoint 1, skip"),
            (25, "breakpoint 2, vcpu1:load"),
            (26, "finding: STALE: vcpu1 loads x = 0 at step 26 but wrote 1; exact step 24, caus…"),
            (26, "the run ends here"),
            (20, "breakpoint 1, skip"),
            (14, "watch 3, cache[x]: was none, is 0 (v0)"),
            (0, ""),
        ]
        assert stops(screen) == ["1: break skip", "3: watch cache[x]"]


async def test_a_count_runs_over_so_many_stops() -> None:
    async with opened() as (pilot, screen):
        await type_line(pilot, "break vcpu0-only.c:12")
        await press(pilot, "2 c")
        assert screen.now.timeline.cursor == 19


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
