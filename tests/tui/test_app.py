"""What every screen can do: themes, keys of one's own, leaving with work that was not saved."""

from __future__ import annotations

import os
from pathlib import Path

import attrs
import pytest
from textual.events import Key
from textual.geometry import NULL_REGION
from textual.pilot import Pilot
from textual.theme import Theme
from textual.widgets import OptionList

from tests.tui.piloting import case, lines, opened, played, press, running, settled, type_line
from tui.app import DebuggerApp, Mode
from tui.files.configuration import Configuration
from tui.files.remembered import Keeper
from tui.files.session_file import read_session_file, restored
from tui.keys.keymap import Keymap
from tui.screens.debugger import DebuggerScreen
from tui.screens.picker import PickerScreen
from tui.terminal.themes import DARK, THEMES
from tui.widgets.command_bar import CommandBar

NAMES = [theme.name for theme in THEMES]


def colours(pilot: Pilot[None]) -> set[str]:
    """Return the colours of what stands on the screen."""
    strips = pilot.app.screen._compositor.render_strips()
    styles = (segment.style for strip in strips for segment in strip)
    return {
        colour.triplet.hex
        for style in styles
        if style is not None
        for colour in (style.color, style.bgcolor)
        if colour is not None and colour.triplet is not None
    }


@pytest.mark.parametrize("theme", THEMES, ids=NAMES)
async def test_every_theme_is_applied_and_remembered(theme: Theme) -> None:
    async with opened(played(at=24), keeper=Keeper.of_user()) as (pilot, _):
        before = colours(pilot)
        pilot.app.theme = theme.name
        await settled(pilot)
        shown = colours(pilot)
        assert {theme.background, theme.surface, theme.panel} <= shown
        assert (shown == before) == (theme is DARK)
    async with opened(played(at=24), keeper=Keeper.of_user()) as (pilot, _):
        assert (pilot.app.theme, colours(pilot)) == (theme.name, shown)


async def test_the_configurations_theme_goes_before_the_remembered_one() -> None:
    async with opened(keeper=Keeper.of_user()) as (pilot, _):
        pilot.app.theme = NAMES[2]
    configuration = Configuration(theme=NAMES[1])
    async with opened(keeper=Keeper.of_user(), configuration=configuration) as (pilot, _):
        assert pilot.app.theme == NAMES[1]


async def test_every_screen_is_shown_in_every_theme() -> None:
    for mode in Mode:
        for name in NAMES:
            app = DebuggerApp(played(), mode=mode, configuration=Configuration(theme=name))
            async with running(app) as pilot:
                assert app.theme == name
                assert lines(pilot)[0].strip()


async def test_keys_of_ones_own_are_pressed_and_shown_in_the_footer_and_the_palette() -> None:
    keys = {"exact": ("ctrl+x", "f5"), "step": ("full_stop",), "more": ("comma",)}
    async with opened(configuration=Configuration(keys=keys)) as (pilot, screen):
        reached = []
        for key in ("full_stop", "l", "ctrl+x", "g x", "f5"):
            await press(pilot, key)
            reached.append(screen.now.timeline.cursor)
        assert reached == [1, 1, 24, 0, 24]
        assert lines(pilot)[-1].startswith(" ./← step")
        assert "Ctrl+X exact" in lines(pilot)[-1]
        entries = {each.title: each.help for each in pilot.app.get_system_commands(screen)}
        assert entries["To the exact step: from here on memory is stale"].startswith(
            "Keys: Ctrl+X, F5"
        )


async def test_a_command_can_be_given_in_the_palette() -> None:
    async with opened() as (pilot, screen):
        await press(pilot, "ctrl+p")
        await pilot.press(*"exact step")
        await settled(pilot)
        await press(pilot, "enter enter")
        assert screen.now.timeline.cursor == 24


async def test_work_that_was_not_saved_is_kept_when_one_quits() -> None:
    async with opened(played(at=20), keeper=Keeper.of_user()) as (pilot, screen):
        app = pilot.app
        assert isinstance(app, DebuggerApp)
        await type_line(pilot, "mark here it is skipped")
        made = screen.now
        await pilot.press("q")
    (kept,) = app.kept
    again = restored(read_session_file(kept), case(), kept)
    assert (again.bookmarks, again.timeline.cursor) == (made.bookmarks, 20)
    assert os.stat(kept).st_mode & 0o077 == 0 or os.stat(Path(kept).parent).st_mode & 0o077 == 0


@pytest.mark.parametrize("line", ["goto 12", "kind fill", "vcpu vcpu1", "why x", "search flush"])
async def test_where_nothing_was_made_nothing_is_kept(line: str) -> None:
    async with opened(keeper=Keeper.of_user()) as (pilot, _):
        app = pilot.app
        assert isinstance(app, DebuggerApp)
        await type_line(pilot, line)
        await pilot.press("q")
    assert app.kept == []


async def test_what_was_saved_is_not_kept_once_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with opened(keeper=Keeper.of_user()) as (pilot, _):
        app = pilot.app
        assert isinstance(app, DebuggerApp)
        for line in ("mark here", "save a.session", "quit"):
            await type_line(pilot, line)
    assert (app.kept, app.return_code) == ([], 0)


async def test_it_is_kept_when_one_goes_back_to_the_list_and_only_once() -> None:
    async with running(DebuggerApp(keeper=Keeper.of_user())) as pilot:
        app = pilot.app
        assert isinstance(app, DebuggerApp)
        await press(pilot, "enter")
        await type_line(pilot, "break flush")
        await press(pilot, "escape")
        assert isinstance(app.screen, PickerScreen)
        assert len(app.kept) == 1
        await press(pilot, "enter q")
    assert len(app.kept) == 1


async def test_it_is_kept_under_a_comparison_too_and_only_once() -> None:
    for keys in ("d enter", "d enter a"):
        async with opened(keeper=Keeper.of_user()) as (pilot, _):
            app = pilot.app
            assert isinstance(app, DebuggerApp)
            await type_line(pilot, "mark here")
            await press(pilot, keys)
            await pilot.press("q")
        assert len(app.kept) == 1, keys


async def test_without_a_place_for_it_one_can_still_quit() -> None:
    async with opened() as (pilot, _):
        app = pilot.app
        assert isinstance(app, DebuggerApp)
        await type_line(pilot, "mark here")
        await pilot.press("q")
    assert (app.kept, app.return_code) == ([], 0)


async def test_the_footer_turns_its_pages_and_every_word_is_on_one() -> None:
    async with opened() as (pilot, screen):
        pages = []
        while (page := lines(pilot)[-1]) not in pages:
            pages.append(page)
            await press(pilot, "full_stop")
        words = {command.footer for command in screen.commands if command.footer}
        assert {word for word in words if f" {word}" in " ".join(pages)} == words
        assert all(page.endswith(". more ? help q quit") for page in pages)
        await pilot.click(CommandBar, offset=(lines(pilot)[-1].index("more"), 0))
        await settled(pilot)
        assert lines(pilot)[-1] == pages[1]


async def test_from_one_run_to_the_next_through_the_list() -> None:
    async with opened() as (pilot, _):
        for scenario in ("reboot-one-vcpu", "reboot-all-vcpus"):
            await press(pilot, "escape up enter")
            screen = pilot.app.screen
            assert isinstance(screen, DebuggerScreen)
            assert screen.now.case.scenario.name == scenario


async def test_what_is_kept_when_the_program_breaks_is_kept_once() -> None:
    app = DebuggerApp(played(at=20), keeper=Keeper.of_user())

    async def use_until_it_breaks() -> None:
        async with running(app) as pilot:
            await type_line(pilot, "mark here")
            app.call_later(lambda: 1 // 0)
            await pilot.pause()

    with pytest.raises(ZeroDivisionError):
        await use_until_it_breaks()
    (kept,) = app.kept
    assert restored(read_session_file(kept), case(), kept).marked == {20: "here"}


@pytest.mark.parametrize("opens", ["ctrl+p", "d", "t"])
@pytest.mark.parametrize("turns", ["pageup", "pagedown"])
async def test_a_page_can_be_turned_before_the_list_is_there(opens: str, turns: str) -> None:
    async with opened() as (pilot, _):
        for key in (opens, turns, turns):
            pilot.app.post_message(Key(key, None))
        await settled(pilot)
        await press(pilot, "escape")
        assert pilot.app.is_running


@pytest.mark.parametrize("turns", ["pageup", "pagedown"])
async def test_a_page_is_not_turned_where_the_list_went_while_the_key_was_on_its_way(
    turns: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened() as (pilot, _):
        await press(pilot, "ctrl+p")
        await settled(pilot)
        hits = pilot.app.screen.query_one(OptionList)
        assert hits.highlighted == 0
        monkeypatch.setattr(type(hits), "scrollable_content_region", NULL_REGION)
        hits._on_resize()
        key = Key(turns, None)
        key._set_forwarded()
        await pilot.app.on_event(key)
        assert hits.highlighted == 0


@pytest.mark.parametrize("opens", ["g", "ctrl+p", "d", "question_mark", "t"])
async def test_what_is_opened_as_the_program_ends_ends_with_it(opens: str) -> None:
    async with opened() as (pilot, _):
        app = pilot.app
        app.post_message(Key(opens, None))
        app.call_later(app.exit)
        app.post_message(Key(opens, None))
    assert app.return_code == 0


async def test_a_screen_that_is_pushed_after_the_end_is_none() -> None:
    async with opened() as (pilot, _):
        app = pilot.app
        app.exit()
        app.push_screen(PickerScreen(Keymap().picker))
    assert app.return_code == 0


async def test_work_that_could_not_be_kept_is_told_once() -> None:
    async with opened(keeper=Keeper(directory=Path("/proc/nowhere"))) as (pilot, _):
        app = pilot.app
        assert isinstance(app, DebuggerApp)
        await type_line(pilot, "mark here")
        await pilot.press("q")
    assert (app.kept, len(app.lost)) == ([], 1)


async def test_where_a_sessions_files_have_changed_is_said_as_it_opens() -> None:
    begun = played()
    line = "'mine.c' has [b]changed[/b] since; the session goes on with its own copy"
    case = attrs.evolve(begun.case, session="a.session", changed=(line,))
    async with running(DebuggerApp(attrs.evolve(begun, case=case))) as pilot:
        assert [each.message for each in pilot.app._notifications] == [line]
