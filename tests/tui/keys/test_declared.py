from __future__ import annotations

import re
from ast import literal_eval
from collections import Counter

import pytest

from tui.app import DebuggerApp
from tui.commands.prompt import NAMES
from tui.keys.command import Command
from tui.keys.declared import (
    COMPARE,
    DEBUGGER,
    EVERYWHERE,
    MORE,
    OF_QUIZ,
    OF_TOUR,
    PICKER,
    QUIZZED,
)
from tui.keys.names import key_named
from tui.presenters.layout import Pane
from tui.screens.compare import CompareScreen
from tui.screens.controllers.arrangement import Arranger
from tui.screens.controllers.guest_asker import GuestAsker
from tui.screens.controllers.playback import Playback
from tui.screens.controllers.prompt_line import PromptLine
from tui.screens.controllers.requests import Requests
from tui.screens.debugger import DebuggerScreen
from tui.screens.picker import PickerScreen
from tui.screens.quiz import QuizScreen
from tui.screens.tour import TourScreen

SCREENS: dict[type, tuple[Command, ...]] = {
    DebuggerScreen: (*DEBUGGER, MORE),
    CompareScreen: (*COMPARE, MORE),
    PickerScreen: (*PICKER, MORE),
    TourScreen: (*OF_TOUR, *DEBUGGER, MORE),
    QuizScreen: (*OF_QUIZ, *QUIZZED, MORE),
}
_OF_DEBUGGER = (Arranger, GuestAsker, Playback, PromptLine, Requests)
CONTROLLERS: dict[type, tuple[type, ...]] = {
    DebuggerScreen: _OF_DEBUGGER,
    TourScreen: _OF_DEBUGGER,
    CompareScreen: (Playback,),
}
"""What has actions for a screen that owns it."""
EVERY = tuple({command: None for commands in SCREENS.values() for command in commands})


def called(command: Command) -> str:
    """Return the name of the action."""
    return command.action.partition("(")[0]


def given(command: Command, action: str) -> str | None:
    """Return the text that an action of this name is given, None if it is another."""
    match = re.fullmatch(rf"{action}\((.+)\)", command.action)
    return None if match is None else str(literal_eval(match[1]))


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.__name__)
def test_every_command_is_an_action_of_its_screen(screen: type) -> None:
    owners = (screen, *CONTROLLERS.get(screen, ()))
    for each in SCREENS[screen]:
        assert [hasattr(owner, f"action_{called(each)}") for owner in owners].count(True) == 1


def test_what_every_screen_does_is_an_action_of_the_app() -> None:
    actions = [called(command) for command in EVERYWHERE]
    assert actions == ["app.help", "app.quit"]
    assert all(hasattr(DebuggerApp, f"action_{action.removeprefix('app.')}") for action in actions)


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.__name__)
def test_on_one_screen_no_two_commands_have_a_name_in_common(screen: type) -> None:
    names = Counter(command.name for command in (*SCREENS[screen], *EVERYWHERE))
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("commands", [DEBUGGER, COMPARE, PICKER, OF_TOUR, OF_QUIZ])
def test_no_key_does_two_things(commands: tuple[Command, ...]) -> None:
    keys = Counter(key for each in (*commands, MORE, *EVERYWHERE) for key in each.keys)
    assert [key for key, count in keys.items() if count > 1] == []


def test_every_key_can_be_written_in_the_configuration() -> None:
    keys = [key for command in (*EVERY, *EVERYWHERE) for key in command.keys]
    assert [key for key in keys if key_named(key) != key] == []


def test_names_are_words_that_a_configuration_file_can_have() -> None:
    names = [command.name for command in (*EVERY, *EVERYWHERE)]
    assert [name for name in names if not re.fullmatch(r"[a-z]+(-[a-z]+)*", name)] == []


def test_the_prompt_understands_what_keys_give_it() -> None:
    lines = [line for command in EVERY if (line := given(command, "do")) is not None]
    assert len(lines) > 10
    assert [line for line in lines if line.split()[0] not in NAMES] == []
    begun = [text for command in EVERY if (text := given(command, "prompt_for")) is not None]
    assert [text for text in begun if text.split()[0] not in NAMES] == []


def test_what_is_shown_by_a_key_is_a_pane() -> None:
    shown = [name for command in EVERY if (name := given(command, "show")) is not None]
    assert [Pane(name) for name in shown] == [Pane.CHOICES, Pane.BRANCHES, Pane.STOPS]


def test_no_command_is_without_a_key_or_a_title() -> None:
    assert [each.name for each in (*EVERY, *EVERYWHERE) if not each.keys or not each.title] == []
