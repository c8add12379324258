from __future__ import annotations

import asyncio

import pytest
from textual.widgets import Static

from tests.tui.piloting import compared, lines, opened, press, running
from tui.app import DebuggerApp
from tui.files.configuration import Configuration
from tui.keys.keymap import Keymap
from tui.screens.compare import CompareScreen
from tui.screens.help import HelpScreen, help_text
from tui.screens.picker import PickerScreen


@pytest.mark.parametrize("key", ["escape", "question_mark", "enter", "space", "q"])
async def test_it_opens_over_any_screen_and_closes_again(key: str) -> None:
    async with running(DebuggerApp()) as pilot:
        await press(pilot, "question_mark")
        assert isinstance(pilot.app.screen, HelpScreen)
        await press(pilot, key)
        assert isinstance(pilot.app.screen, PickerScreen)
    async with compared() as (pilot, _):
        await press(pilot, f"question_mark {key}")
        assert isinstance(pilot.app.screen, CompareScreen)


async def test_it_scrolls_to_its_end() -> None:
    async with opened() as (pilot, _):
        await press(pilot, "question_mark")
        assert "KVM must make sure that what a guest wrote" in lines(pilot)[2]
        await pilot.press("end")
        async with asyncio.timeout(60):
            while "Escape closes this page." not in "\n".join(lines(pilot)):
                await pilot.pause()


@pytest.mark.parametrize("size", [(80, 24), (60, 18)], ids=str)
async def test_all_of_it_is_there(size: tuple[int, int]) -> None:
    async with opened(size=size) as (pilot, _):
        await press(pilot, "question_mark")
        text = pilot.app.screen.query_one("#help Static", Static)
        assert str(text.content) == help_text(Keymap())
        assert text.size.height >= len(help_text(Keymap()).splitlines())


async def test_at_80_columns_no_line_of_it_is_wrapped() -> None:
    async with opened() as (pilot, _):
        await press(pilot, "question_mark")
        text = pilot.app.screen.query_one("#help Static", Static)
        assert text.size.height == len(help_text(Keymap()).splitlines())


async def test_it_shows_the_users_own_keys() -> None:
    keys = {"exact": ("ctrl+x", "f5")}
    async with opened(configuration=Configuration(keys=keys), size=(80, 400)) as (pilot, _):
        await press(pilot, "question_mark")
        text = "\n".join(lines(pilot))
        assert "Ctrl+X, F5  To the exact step" in text
        assert "  x         To the exact step" not in text


async def test_keys_of_the_screen_below_do_nothing() -> None:
    async with opened() as (pilot, screen):
        await press(pilot, "question_mark l x 5 escape l")
        assert screen.now.timeline.cursor == 1


async def test_q_closes_it_and_only_then_quits() -> None:
    async with opened() as (pilot, screen):
        await press(pilot, "question_mark q")
        assert (pilot.app.screen, pilot.app.return_code) == (screen, None)
        await pilot.press("q")
    assert pilot.app.return_code == 0
