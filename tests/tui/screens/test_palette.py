from __future__ import annotations

import pytest
from rich.style import Style
from textual import events
from textual.command import Command as Found
from textual.command import CommandInput, CommandList, CommandPalette
from textual.pilot import Pilot
from textual.widgets import OptionList

from tests.tui.piloting import compared, opened, played, press, running, settled
from tui.app import DebuggerApp, Mode
from tui.files.configuration import Configuration
from tui.keys.command import Command
from tui.keys.keymap import Keymap
from tui.presenters.layout import Pane
from tui.screens.compare import CompareScreen
from tui.screens.debugger import DebuggerScreen
from tui.screens.help import HelpScreen
from tui.screens.palette import Palette

THEME = "Theme"


def titles(app: DebuggerApp) -> list[str]:
    return [command.title for command in app.get_system_commands(app.screen)]


async def give(pilot: Pilot[None], words: str, title: str) -> None:
    """Open the palette, type words, and take the command that comes first: the one of the title."""
    await press(pilot, "ctrl+p")
    palette = pilot.app.screen
    assert isinstance(palette, CommandPalette)
    palette.query_one(CommandInput).value = words
    await settled(pilot)
    hits = palette.query_one(CommandList)
    first = hits.get_option_at_index(0)
    assert isinstance(first, Found)
    assert first.hit.text == title
    # The first time, it highlights what comes first.
    while pilot.app.screen is palette:
        await press(pilot, "enter")


@pytest.mark.parametrize("mode", Mode, ids=lambda mode: mode.value)
async def test_the_palette_lists_every_command_of_the_screen(mode: Mode) -> None:
    app = DebuggerApp(played(), mode=mode)
    async with running(app):
        commands: tuple[Command, ...] = getattr(Keymap(), mode.value)
        assert titles(app) == [*(command.title for command in commands), THEME]


async def test_so_it_does_in_the_list_of_scenarios() -> None:
    app = DebuggerApp()
    async with running(app):
        assert titles(app) == [*(command.title for command in Keymap().picker), THEME]


async def test_a_comparison_has_a_palette_of_its_own() -> None:
    async with compared() as (pilot, _):
        assert isinstance(pilot.app, DebuggerApp)
        assert titles(pilot.app) == [*(each.title for each in Keymap().compare), THEME]


async def test_beside_a_command_stand_its_keys_as_the_user_has_them_and_its_name() -> None:
    configuration = Configuration(keys={"exact": ("f5", "ctrl+x")})
    async with opened(configuration=configuration) as (pilot, screen):
        (exact,) = (
            each.help
            for each in pilot.app.get_system_commands(screen)
            if each.title.startswith("To the exact step")
        )
        assert exact == "Keys: F5, Ctrl+X; in the configuration: exact"
        await press(pilot, "f5")
        assert screen.now.timeline.cursor == 24


async def test_a_command_given_in_the_palette_does_what_its_key_does() -> None:
    async with opened() as (pilot, screen):
        await give(pilot, "exact step", "To the exact step: from here on memory is stale")
        assert isinstance(pilot.app.screen, DebuggerScreen)
        assert screen.now.timeline.cursor == 24


async def test_a_command_that_shows_a_panel_shows_it() -> None:
    async with opened() as (pilot, screen):
        await give(pilot, "branches tree", "The branches, as a tree")
        assert pilot.app.screen is screen
        assert Pane.BRANCHES in screen.panes.seen


async def test_a_command_of_the_app_is_done_from_any_screen() -> None:
    async with compared() as (pilot, _):
        await give(pilot, "explain", "Explain the screen and its keys")
        assert isinstance(pilot.app.screen, HelpScreen)


async def test_in_a_comparison_both_sides_follow_a_command_of_the_palette() -> None:
    async with compared() as (pilot, screen):
        await give(pilot, "diverge", "To the first divergence, then to that in memory")
        assert isinstance(pilot.app.screen, CompareScreen)
        assert (screen.now.row, screen.now.differences.first) == (5, 5)


def typed_at_once(pilot: Pilot[None], keys: str) -> None:
    """Type keys without waiting for what follows from any of them."""
    named = {"enter": "\r", "escape": "\x1b"}
    for key in keys.split():
        character = key if len(key) == 1 else named.get(key)
        pilot.app.post_message(events.Key(key, character))


@pytest.mark.parametrize(
    "keys",
    [
        "ctrl+p ctrl+p escape colon ctrl+p enter enter enter escape r",
        "ctrl+p enter enter",
        "ctrl+p enter enter escape escape",
        "ctrl+p ctrl+p ctrl+p down ctrl+p down escape enter enter colon",
        "ctrl+p down enter enter enter ctrl+p down enter ctrl+p",
        "question_mark escape escape ctrl+p escape ctrl+p",
        "d down enter enter ctrl+p enter",
        "p enter escape escape ctrl+p",
    ],
)
@pytest.mark.parametrize("pause", [False, True])
async def test_keys_typed_faster_than_the_palette_opens_and_leaves_do_no_harm(
    keys: str, pause: bool
) -> None:
    async with opened() as (pilot, screen):
        for each in (keys, keys):
            if pause:
                await press(pilot, "ctrl+p")
            typed_at_once(pilot, each)
            await settled(pilot)
        while pilot.app.screen is not screen and len(pilot.app.screen_stack) > 2:
            await press(pilot, "escape")
        assert screen.is_running


async def test_a_command_given_twice_at_once_is_done_once() -> None:
    async with opened() as (pilot, screen):
        await press(pilot, "ctrl+p")
        pilot.app.screen.query_one(CommandInput).value = "one step forward"
        await settled(pilot)
        typed_at_once(pilot, "enter enter enter enter")
        await settled(pilot)
        assert (pilot.app.screen, screen.now.timeline.cursor) == (screen, 1)


async def test_a_palette_that_was_opened_over_what_is_left_is_left_too() -> None:
    app = DebuggerApp()
    async with running(app) as pilot:
        typed_at_once(pilot, "enter ctrl+p")
        await settled(pilot)
        await settled(pilot)
        assert [type(each).__name__ for each in app.screen_stack].count("Palette") <= 1
        while not isinstance(app.screen, DebuggerScreen):
            await press(pilot, "escape")
        assert isinstance(app.screen, DebuggerScreen)


async def test_a_choice_that_is_made_twice_at_once_leaves_what_it_was_asked_from() -> None:
    async with opened() as (pilot, screen):
        await press(pilot, "P")
        for _ in range(3):
            pilot.app.screen.query_one(OptionList).action_select()
        await settled(pilot)
        assert pilot.app.screen is screen


async def test_a_click_on_a_command_that_is_no_more_is_for_nobody() -> None:
    async with opened() as (pilot, screen):
        await press(pilot, "ctrl+p")
        palette = pilot.app.screen
        hits = palette.query_one(CommandList)
        await pilot.hover(CommandList, offset=(5, 6))
        region = hits.region
        click = events.Click(
            hits, 5, 6, 0, 0, 1, False, False, False, region.x + 5, region.y + 6,
            Style.from_meta({"option": 6}),
        )  # fmt: skip
        hits.clear_options()
        hits.post_message(click)
        await settled(pilot)
        assert pilot.app.screen is palette
        await press(pilot, "escape")
        assert pilot.app.screen is screen


async def test_a_crash_is_never_a_good_end() -> None:
    def fail() -> None:
        raise ZeroDivisionError

    async def crash(app: DebuggerApp) -> None:
        async with running(app):
            app.call_later(fail)
            app.exit()

    app = DebuggerApp(played())
    with pytest.raises(ZeroDivisionError):
        await crash(app)
    app.exit()
    assert app.return_code == 1


async def test_what_is_typed_as_it_is_left_looks_for_nothing() -> None:
    async with opened() as (pilot, _):
        await press(pilot, "ctrl+p")
        palette = pilot.app.screen
        assert isinstance(palette, Palette)
        palette.dismiss()
        await pilot.pause()
        palette._gather_commands("step")
        palette._list_visible = not palette._list_visible
        await palette._watch__show_busy()
        await settled(pilot)
        assert pilot.app.screen is not palette
        assert palette.is_cleared
