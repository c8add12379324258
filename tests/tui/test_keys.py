from __future__ import annotations

from collections import Counter

import pytest

from scenarios.library import load_scenario
from scenarios.policy_library import load_policy
from tui.app import DebuggerApp
from tui.keys import (
    DEBUGGER,
    EVERYWHERE,
    OF_QUIZ,
    OF_TOUR,
    PICKER,
    QUIZ,
    TOUR,
    Command,
    footer_entries,
)
from tui.screens.debugger import DebuggerScreen
from tui.screens.help import HelpScreen
from tui.screens.picker import PickerScreen
from tui.screens.quiz import QuizScreen
from tui.screens.tour import TourScreen

SCREENS = [
    (DebuggerScreen, DEBUGGER),
    (PickerScreen, PICKER),
    (TourScreen, TOUR),
    (QuizScreen, QUIZ),
]


@pytest.mark.parametrize(("screen", "commands"), SCREENS)
def test_every_command_is_an_action_of_its_screen(
    screen: type, commands: tuple[Command, ...]
) -> None:
    actions = [one.action.partition("(")[0] for one in commands]
    assert [action for action in actions if not hasattr(screen, f"action_{action}")] == []


def test_what_every_screen_does_is_an_action_of_the_app() -> None:
    assert [
        one.action for one in EVERYWHERE if not hasattr(DebuggerApp, f"action_{one.action}")
    ] == []


@pytest.mark.parametrize("commands", [DEBUGGER, PICKER, TOUR, QUIZ])
def test_no_key_does_two_things(commands: tuple[Command, ...]) -> None:
    keys = Counter(key for command in (*commands, *EVERYWHERE) for key in command.keys)
    assert [key for key, count in keys.items() if count > 1] == []


def test_the_footer_shares_a_word_between_the_two_directions() -> None:
    assert [(entry.keys, entry.word) for entry in footer_entries((*DEBUGGER, *EVERYWHERE))] == [
        ("←→", "step"),
        ("↑↓", "guest"),
        ("s/S", "KVM"),
        ("x", "exact"),
        ("f/F", "finding"),
        ("e/E", "explore"),
        ("u/U", "undo"),
        ("g/G", "ends"),
        ("?", "help"),
        ("q", "quit"),
    ]


def test_a_tour_takes_keys_from_moves_that_have_others() -> None:
    keys = {command.action: command.keys for command in TOUR}
    assert (keys["next_note"], keys["forward"]) == (("space", "pagedown", "right"), ("l",))
    assert "ten_forward" not in keys


def test_the_help_lists_every_command() -> None:
    text = HelpScreen.text()
    commands = (*DEBUGGER, *PICKER, *OF_TOUR, *OF_QUIZ, *EVERYWHERE)
    assert [one.title for one in commands if one.title not in " ".join(text.split())] == []


async def test_the_palette_lists_every_command_of_the_screen() -> None:
    app = DebuggerApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        titles = [command.title for command in app.get_system_commands(app.screen)]
        assert titles == [*(one.title for one in (*PICKER, *EVERYWHERE)), "Theme"]


async def test_a_command_can_be_given_in_the_palette() -> None:
    app = DebuggerApp(load_scenario("secondary-stale-line"), load_policy("vcpu0-only"))
    async with app.run_test() as pilot:
        await pilot.press("ctrl+p", *"exact step")
        await pilot.pause(1.0)
        await pilot.press("enter")
        await pilot.pause(0.5)
        assert isinstance(app.screen, DebuggerScreen)
        assert app.screen.here.cursor == 24
