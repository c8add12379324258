"""Panes are focused, brought forward, zoomed and hidden, and lie there again the next time."""

from __future__ import annotations

from collections.abc import Coroutine

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import OptionList

from tests.tui.piloting import lines, opened, played, press, running, said, settled, type_line
from tui.app import DebuggerApp, Mode
from tui.files.remembered import Keeper
from tui.presenters.layout import Arrangement, Pane
from tui.screens.choice import ToggleScreen
from tui.screens.controllers import arrangement
from tui.screens.debugger import DebuggerScreen
from tui.screens.picker import PickerScreen
from tui.screens.tour import TourScreen
from tui.widgets.panels.deck_tabs import DeckTabs

LOW = ["vcpus", "memory", "source", "programs"]
TALL = [*LOW, "events", "flushes"]
WIDE = [*LOW, "events", "choices", "flushes"]


def focused(screen: DebuggerScreen) -> str:
    pane = screen.panes.focused
    return "" if pane is None else pane.value


def seen(screen: DebuggerScreen) -> list[str]:
    return [pane.value for pane in screen.panes.seen]


def marked(pilot: Pilot[None]) -> str:
    """Return the header of the panel that is marked as the one with the focus."""
    (line,) = (line for line in lines(pilot) if "»" in line)
    return line.partition("»")[2].split()[0]


@pytest.mark.parametrize(
    ("size", "order"), [((80, 24), LOW), ((120, 40), TALL), ((200, 60), WIDE)], ids=str
)
async def test_tab_goes_through_all_that_is_seen_and_back(
    size: tuple[int, int], order: list[str]
) -> None:
    async with opened(size=size) as (pilot, screen):
        there, back = [], []
        for _ in range(len(order) + 1):
            await press(pilot, "tab")
            there.append(focused(screen))
        for _ in order:
            await press(pilot, "shift+tab")
            back.append(focused(screen))
        assert there == [*order, order[0]]
        assert back == [*reversed(order)]


async def test_the_panel_with_the_focus_is_marked_without_colour() -> None:
    async with opened(size=(120, 40)) as (pilot, _):
        shown = []
        for _ in TALL:
            await press(pilot, "tab")
            shown.append(marked(pilot))
        assert shown == ["vCPU", "word", "kvm_toggle_cache()", "vcpu0", "[events]", "[flushes]"]


async def test_brackets_turn_the_tabs_of_the_deck_with_the_focus_else_of_the_last() -> None:
    async with opened(size=(120, 40)) as (pilot, screen):
        fronts = []
        for keys in ("]", "]", "[", "B", "[", "[", "]"):
            await press(pilot, keys)
            fronts.append((*seen(screen)[-2:], focused(screen)))
        assert fronts == [
            ("choices", "flushes", ""),
            ("branches", "flushes", ""),
            ("choices", "flushes", ""),
            ("choices", "stops", "stops"),
            ("choices", "why", "why"),
            ("choices", "flushes", "flushes"),
            ("choices", "why", "why"),
        ]


@pytest.mark.parametrize(
    ("key", "pane"), [("r", "choices"), ("R", "branches"), ("B", "stops"), ("w", "why")]
)
async def test_a_key_brings_its_pane_forward_and_the_arrows_to_it(key: str, pane: str) -> None:
    for size in ((80, 24), (120, 40), (200, 60)):
        async with opened(size=size) as (pilot, screen):
            await press(pilot, key)
            assert (focused(screen), pane in seen(screen)) == (pane, True)


async def test_a_click_on_a_tab_brings_its_pane_forward() -> None:
    async with opened() as (pilot, screen):
        shown = []
        for name in ("events", "why", "code"):
            tabs = screen.query(DeckTabs).first()
            await pilot.click(tabs, offset=(lines(pilot)[tabs.region.y].index(name), 0))
            await pilot.pause()
            shown.append(seen(screen)[3:])
        assert shown == [["events"], ["why"], ["source", "programs"]]


async def test_z_gives_a_panel_the_whole_screen_and_back() -> None:
    async with opened() as (pilot, screen):
        await press(pilot, "z")
        assert said(pilot) == "Tab first chooses the panel to zoom."
        before = seen(screen)
        for again in ("z", "escape"):
            await press(pilot, "tab z")
            assert (seen(screen), focused(screen)) == (["vcpus"], "vcpus")
            await press(pilot, again)
            assert (seen(screen), focused(screen)) == (before, "vcpus")
            await press(pilot, "escape")
            assert (seen(screen), focused(screen)) == (before, "")


async def test_what_is_asked_for_while_one_is_zoomed_is_zoomed_in_its_place() -> None:
    async with opened() as (pilot, screen):
        await press(pilot, "tab z w")
        assert (seen(screen), focused(screen)) == (["why"], "why")
        await press(pilot, "x z")
        assert (seen(screen)[-1], screen.now.timeline.cursor) == ("why", 24)


async def test_panels_are_hidden_and_shown_again() -> None:
    async with opened() as (pilot, screen):
        await press(pilot, "o")
        assert isinstance(pilot.app.screen, ToggleScreen)
        await press(pilot, "space down enter escape")
        assert seen(screen) == ["memory", "source", "programs"]
        await press(pilot, "o")
        options = pilot.app.screen.query_one(OptionList).options
        assert [str(option.prompt) for option in options][:3] == [
            "[ ] lanes",
            "[ ] vcpus",
            "[x] memory",
        ]
        await pilot.click(OptionList, offset=(2, 0))
        await press(pilot, "escape")
        assert seen(screen) == ["lanes", "memory", "source", "programs"]


async def test_a_pane_that_is_hidden_and_asked_for_is_shown_again() -> None:
    async with opened(size=(120, 40)) as (pilot, screen):
        hidden = frozenset({Pane.WHY, Pane.STOPS, Pane.FLUSHES})
        screen.panes.arrangement = Arrangement(hidden=hidden)
        await pilot.pause()
        assert seen(screen) == ["lanes", *LOW, "events"]
        await press(pilot, "w")
        assert seen(screen) == ["lanes", *LOW, "events", "why"]


async def test_everything_can_be_hidden_and_nothing_breaks() -> None:
    async with opened() as (pilot, screen):
        screen.panes.arrangement = Arrangement(hidden=frozenset(Pane))
        for keys in ("tab", "]", "z", "x", "b", "escape"):
            await press(pilot, keys)
        assert screen.now.timeline.cursor == 24
        await press(pilot, "r")
        assert seen(screen) == ["choices"]


async def test_escape_leads_out_of_one_thing_after_the_other() -> None:
    async with opened() as (pilot, screen):
        await press(pilot, "r z")
        await type_line(pilot, "goto 3")
        for left in ((["choices"], "choices"), (["lanes", *LOW[:2], "choices"], "choices")):
            assert (seen(screen), focused(screen)) == left
            await press(pilot, "escape")
        assert focused(screen) == ""
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, PickerScreen)


async def test_the_layout_is_remembered() -> None:
    async with opened(keeper=Keeper.of_user()) as (pilot, screen):
        await press(pilot, "R o down enter escape")
        before = screen.panes.arrangement
    assert before == Arrangement(frozenset({Pane.VCPUS}), {"only": Pane.BRANCHES})
    async with opened(keeper=Keeper.of_user()) as (pilot, screen):
        assert screen.panes.arrangement == before
        assert seen(screen) == ["lanes", "memory", "branches"]


async def test_a_tour_has_the_remembered_layout_and_leaves_it_as_it_is() -> None:
    async with opened(keeper=Keeper.of_user()) as (pilot, screen):
        await press(pilot, "R o down enter escape")
        before = screen.panes.arrangement
    tour = DebuggerApp(played(at=24), mode=Mode.TOUR, keeper=Keeper.of_user())
    async with running(tour) as pilot:
        assert isinstance(tour.screen, TourScreen)
        assert tour.screen.panes.arrangement == before
        await press(pilot, "w")
    assert Keeper.of_user().arrangement == before


async def test_without_files_the_layout_is_forgotten() -> None:
    async with opened() as (pilot, _):
        await press(pilot, "R o down enter escape")
    async with opened() as (_, screen):
        assert screen.panes.arrangement == Arrangement()


async def test_a_zoom_shows_every_row_that_the_deck_did() -> None:
    for keys, last in (("] G", ">26 vcpu1 STALE ldr x3"), ("w end", "from here on vcpu1 sees")):
        async with opened() as (pilot, _):
            await press(pilot, f"tab tab tab {keys}")
            for _ in range(3):
                assert [line for line in lines(pilot) if last in line], keys
                await press(pilot, "z")


async def test_keys_that_come_at_once_are_all_for_what_the_first_ones_open() -> None:
    reached = []
    for keys in ("w down down enter", "tab tab left left", "tab down right"):
        async with opened(played(at=24)) as (pilot, screen):
            slowly = []
            for key in keys.split():
                await press(pilot, key)
            slowly = [focused(screen), screen.panes.vcpus.asks, screen.panes.memory.asks]
            step = screen.now.timeline.cursor
        async with opened(played(at=24)) as (pilot, screen):
            for key in keys.split():
                pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
            await settled(pilot)
            fast = [focused(screen), screen.panes.vcpus.asks, screen.panes.memory.asks]
            reached.append((fast == slowly, screen.now.timeline.cursor == step))
    assert reached == [(True, True)] * 3


@pytest.mark.parametrize("size", [(1, 1), (20, 5), (300, 4)])
async def test_where_no_pane_has_room_nothing_that_is_typed_waits_for_one(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrangement, "PATIENCE", float("inf"))
    async with opened(played(at=14), size=size) as (pilot, screen):
        for keys in ("r", "R", "B", "w"):
            await press(pilot, keys)
        await press(pilot, "right")
        assert screen.now.timeline.cursor == 15
        await pilot.resize_terminal(200, 60)
        await press(pilot, "r")
        assert focused(screen) == "choices"


async def test_a_pane_that_is_waited_for_in_vain_is_waited_for_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waited = []

    async def in_vain(laid_out: Coroutine[None, None, bool], patience: float) -> bool:
        waits = not screen._arranger._laid_out.is_set()
        waited.append(waits)
        laid_out.close()
        if waits:
            raise TimeoutError
        return True

    async with opened(played(at=14), size=(120, 40)) as (pilot, screen):
        monkeypatch.setattr(arrangement, "wait_for", in_vain)
        screen._arranger._laid_out.clear()
        await press(pilot, "right right right")
        assert (waited, screen.now.timeline.cursor) == ([True, False, False], 17)
