from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual import events
from textual.pilot import Pilot

from tests.tui.piloting import lines, played, press, running, said, type_line
from tui.app import DebuggerApp, Mode
from tui.screens.picker import PickerScreen
from tui.screens.tour import TourScreen


@asynccontextmanager
async def touring(
    at: int = 0, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[Pilot[None], TourScreen]]:
    app = DebuggerApp(played(at=at), mode=Mode.TOUR)
    async with running(app, size) as pilot:
        assert isinstance(app.screen, TourScreen)
        yield pilot, app.screen


def where(pilot: Pilot[None]) -> str:
    return lines(pilot)[1].strip()


TURNS = {
    "space": 1,
    "pagedown right": 14,
    "space space space space space space": 26,
    "space space space space space space space": 26,
    "space space backspace": 1,
    "space space pageup left": 0,
    "space l l": 3,
    "space l l space": 14,
    "space l l backspace": 1,
    "x space": 26,
}


async def test_a_presenters_keys_turn_the_pages_and_others_still_step() -> None:
    async with touring() as (pilot, screen):
        reached = {}
        for keys in TURNS:
            for key in ("g", *keys.split()):
                pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
            await pilot.pause()
            reached[keys] = screen.now.timeline.cursor
        assert reached == TURNS


async def test_it_says_which_note_it_is_and_how_far_beyond() -> None:
    async with touring() as (pilot, _):
        told = []
        for keys in ("g", "space space", "s", "G space"):
            await press(pilot, keys)
            told.append(where(pilot))
        assert told == [
            "5 notes to come",
            "note 2 of 5",
            "note 4 of 5, 2 steps on",
            "the end",
        ]
        assert said(pilot) == "That was the last page."
        await press(pilot, "g backspace")
        assert said(pilot) == "This is the first page."


async def test_the_note_is_on_the_board() -> None:
    async with touring() as (pilot, _):
        await press(pilot, "space space")
        assert "No instruction asks for this." in " ".join(lines(pilot))


async def test_the_verdict_is_kept_for_the_end() -> None:
    async with touring() as (pilot, _):
        assert "exact step 24" not in " ".join(lines(pilot))
        await press(pilot, "G")
        assert "exact step 24" in " ".join(" ".join(lines(pilot)).split())


async def test_it_opens_at_a_step() -> None:
    async with touring(at=15) as (pilot, _):
        assert where(pilot) == "note 3 of 5"


async def test_a_counterexample_has_the_notes_up_to_where_it_was_looked_for() -> None:
    async with touring(at=14) as (pilot, screen):
        await press(pilot, "e")
        assert where(pilot) == "note 2 of 2"
        await press(pilot, "u space")
        assert (where(pilot), screen.now.timeline.cursor) == ("note 3 of 5", 15)


async def test_all_of_the_debugger_is_there_too() -> None:
    async with touring(size=(120, 40)) as (pilot, screen):
        await type_line(pilot, "break skip")
        await press(pilot, "c")
        assert screen.now.timeline.cursor == 20
        await press(pilot, "r down enter")
        assert screen.now.branch.name == "branch1"


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)], ids=str)
async def test_within_a_note_nothing_moves(size: tuple[int, int]) -> None:
    async with touring(16, size) as (pilot, screen):
        places = set()
        for step in range(16, 25):
            screen.session = screen.now.seek(step)
            await pilot.pause(0)
            places.add(tuple(str(widget.region) for widget in screen.query("*")))
        assert len(places) == 1


async def test_at_the_start_it_says_which_keys_do_what_here() -> None:
    async with touring(size=(120, 40)) as (pilot, _):
        assert (
            "The start: nothing has happened yet. Space turns the page, l steps forward, h back, "
            "? explains."
        ) in " ".join(" ".join(lines(pilot)).split())


async def test_it_does_not_play_by_itself() -> None:
    async with touring() as (pilot, screen):
        before = said(pilot)
        await press(pilot, "plus minus")
        assert (said(pilot), screen.playback.pace.playing) == (before, False)


async def test_escape_leads_to_the_picker() -> None:
    async with touring() as (pilot, _):
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, PickerScreen)
