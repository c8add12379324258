from __future__ import annotations

import attrs
import pytest
from textual import events

from engine.timeline import Timeline
from tests.tui.piloting import lines, opened, played, press, said, type_line
from tui.screens.picker import PickerScreen
from tui.widgets.command_bar import CommandBar
from tui.widgets.panels.event_list import EventList
from tui.widgets.panels.flush_panel import FlushPanel
from tui.widgets.panels.listings import ProgramPanel
from tui.widgets.panels.panel import Panel

MOVES = {
    "right": 1,
    "l l l h": 2,
    "right left left": 0,
    "down down": 13,
    "j j j j k": 15,
    "s": 3,
    "s s s S": 4,
    "x": 24,
    "G x": 24,
    "x x": 24,
    "f": 26,
    "G F": 26,
    "G g": 0,
    "end home": 0,
    "pagedown pagedown": 20,
    "end pageup": 16,
    "G right": 26,
    "v v": 2,
    "1 5 G v v V": 16,
    "n": 6,
    "G p": 6,
    "c": 26,
    "G C": 0,
}
COUNTED = {
    "5 l": 5,
    "1 2 l": 12,
    "1 0 0 l": 26,
    "1 2 G": 12,
    "1 2 g": 12,
    "9 9 G": 0,
    "2 j": 13,
    "2 s": 4,
    "G 3 k": 15,
    "G 2 V": 24,
    "3 n": 6,
    "5 l l": 6,
}


@pytest.mark.parametrize("moves", [MOVES, COUNTED], ids=["keys", "counts"])
async def test_keys_move_through_the_run_however_fast_they_come(moves: dict[str, int]) -> None:
    async with opened() as (pilot, screen):
        reached = {}
        for keys in moves:
            for key in ("g", *keys.split()):
                pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
            await pilot.pause()
            reached[keys] = screen.now.timeline.cursor
        assert reached == moves


async def test_a_count_is_shown_while_it_is_typed() -> None:
    async with opened() as (pilot, _):
        await press(pilot, "1 2")
        assert said(pilot) == "12: count for the next command; with g or G, the step to go to"
        await press(pilot, "3 4 5 6 7 8")
        assert said(pilot).startswith("345678: count")


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        (
            "upstream",
            {
                "x": "no finding of this run has an exact step",
                "f": "no finding after this step",
                "3 n": "only 2 times, not 3",
                "G l": "the run ends here, step 27 of 27: vcpu1 loads x = 1 from RAM "
                "(Normal Write-Ba…",
            },
        ),
        (
            "vcpu0-only",
            {
                "h": "the run starts here",
                "F": "no finding before this step",
                "k": "no instruction before this; still at the start",
                "G s": "no statement of the policy after this; still at step 26",
                "9 9 G": "found step 99; expected a step from 0 to 26, or +N or -N",
            },
        ),
    ],
)
async def test_where_there_is_nothing_to_go_to_it_says_so(
    policy: str, words: dict[str, str]
) -> None:
    async with opened(played(policy=policy)) as (pilot, _):
        told = {}
        for keys in words:
            await press(pilot, f"g {keys}")
            told[keys] = said(pilot)
        assert told == words


async def test_it_opens_at_the_step_asked_for_or_the_nearest_end() -> None:
    for at, shown in ((7, 7), (1000, 26)):
        async with opened(played(at=at)) as (pilot, _):
            assert lines(pilot)[0].endswith(f"step {shown} of 26")


async def test_a_click_on_an_event_or_a_flush_goes_to_its_step() -> None:
    async with opened(size=(120, 40)) as (pilot, screen):
        await pilot.click(EventList, offset=(10, 3))
        assert screen.now.timeline.cursor == 3
        await pilot.click(FlushPanel, offset=(10, 1))
        assert screen.now.timeline.cursor == 20


async def test_a_click_on_a_header_or_below_the_last_row_does_nothing() -> None:
    async with opened(size=(200, 60)) as (pilot, screen):
        await press(pilot, "right")
        await pilot.click(EventList, offset=(10, 0))
        await pilot.click(EventList, offset=(10, 28))
        await pilot.click(FlushPanel, offset=(10, 9))
        assert screen.now.timeline.cursor == 1


async def test_a_click_in_the_footer_does_what_it_names() -> None:
    async with opened() as (pilot, screen):
        reached = {}
        for word in ("step", "KVM", "exact", "finding"):
            await press(pilot, "g")
            await pilot.click(CommandBar, offset=(lines(pilot)[-1].index(word), 0))
            reached[word] = screen.now.timeline.cursor
        assert reached == {"step": 1, "KVM": 3, "exact": 24, "finding": 26}


async def test_the_mouse_wheel_scrolls_the_events_and_leaves_the_step() -> None:
    async with opened(size=(120, 40)) as (pilot, screen):
        trace = screen.query_one(EventList)
        await pilot._post_mouse_events([events.MouseScrollDown], EventList, offset=(5, 2))
        await pilot.pause()
        assert trace.scroll_y > 0
        assert screen.now.timeline.cursor == 0


async def test_with_room_every_program_is_shown_and_else_that_of_who_moved_last() -> None:
    shown = {}
    for size in ((200, 60), (80, 24)):
        async with opened(played(at=15), size) as (_pilot, screen):
            seen = [panel for panel in screen.query(ProgramPanel) if panel.region]
            shown[size] = [panel.header.strip() for panel in seen]
    assert shown == {
        (200, 60): ["vcpu0 program", "vcpu1 program"],
        (80, 24): ["vcpu1 program"],
    }


async def test_escape_leads_back_to_the_picker() -> None:
    async with opened() as (pilot, _):
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, PickerScreen)


@pytest.mark.parametrize("key", ["q", "ctrl+c", "ctrl+q"])
async def test_quitting_leaves_no_error(key: str) -> None:
    async with opened() as (pilot, _):
        await pilot.press(key)
    assert pilot.app.return_code == 0


async def test_a_run_without_steps_can_be_looked_at() -> None:
    session = played()
    empty = session.at(Timeline.start(session.timeline.initial))
    async with opened() as (pilot, screen):
        screen.session = attrs.evolve(empty)
        for key in ("right", "x", "f", "s", "j", "G", "left", "n", "c", "space", "w", "r", "e"):
            await press(pilot, key)
        assert (screen.now.timeline.cursor, len(screen.now.timeline.steps)) == (0, 13)


async def test_while_no_panel_is_chosen_none_is_marked() -> None:
    async with opened() as (pilot, screen):
        assert [panel for panel in screen.query(Panel) if panel.chosen is not None] == []
        assert [line for line in lines(pilot) if line.startswith("»")] == []


async def test_escape_with_a_count_typed_only_clears_the_count_and_so_does_a_click() -> None:
    async with opened(size=(120, 40)) as (pilot, screen):
        await press(pilot, "1 2 escape")
        assert (said(pilot), pilot.app.screen) == ("", screen)
        await press(pilot, "l 5")
        await pilot.click(EventList, offset=(10, 3))
        await press(pilot, "l")
        assert screen.now.timeline.cursor == 4


async def test_the_list_of_scenarios_lies_over_the_run_and_leads_back_to_it() -> None:
    async with opened(played(at=14)) as (pilot, screen):
        await type_line(pilot, "mark here")
        await press(pilot, "escape")
        picker = pilot.app.screen
        assert isinstance(picker, PickerScreen)
        assert (picker._scenario, picker._policy) == ("secondary-stale-line", "vcpu0-only")
        await press(pilot, "escape")
        assert pilot.app.screen is screen
        assert (screen.now.marked, screen.now.timeline.cursor) == ({14: "here"}, 14)
