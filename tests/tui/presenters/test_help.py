from __future__ import annotations

import pytest

from tui.keys.command import Command, key_names
from tui.keys.keymap import Keymap
from tui.presenters.help import HOW_TO, LETTERS, QUESTION, READING
from tui.presenters.key_names import NO_KEY
from tui.presenters.scrubber import ruler
from tui.presenters.steps import signs
from tui.screens.help import WIDTH, help_text

SCREENS = ["debugger", "compare", "picker", "tour", "quiz"]


def words(text: str) -> str:
    """Return text on one line, however it was wrapped."""
    return " ".join(text.split())


def commands(keymap: Keymap, screen: str) -> tuple[Command, ...]:
    every: tuple[Command, ...] = getattr(keymap, screen)
    return every


@pytest.mark.parametrize("screen", SCREENS)
def test_every_command_of_every_screen_is_explained(screen: str) -> None:
    text = words(help_text(Keymap()))
    assert [one.title for one in commands(Keymap(), screen) if one.title not in text] == []


@pytest.mark.parametrize("screen", ["debugger", "compare", "picker"])
def test_beside_each_command_stand_its_keys(screen: str) -> None:
    text = words(help_text(Keymap()))
    missing = [
        pair
        for one in commands(Keymap(), screen)
        if (pair := f"{', '.join(one.spelled)} {one.title}") not in text
    ]
    assert missing == []


def test_what_a_screen_shares_with_the_debugger_is_not_said_twice() -> None:
    text = words(help_text(Keymap()))
    shared = ("To the finding before", "Quit", "Play twice as fast", "More keys in the footer")
    assert {title: text.count(title) for title in shared} == dict.fromkeys(shared, 1)


def test_the_keys_are_those_that_the_user_has_given() -> None:
    text = words(help_text(Keymap({"step": ("ctrl+n", "greater_than_sign")})))
    assert "Ctrl+N, > One step forward" in text
    assert "→, l One step forward" not in text


def test_what_it_says_of_a_key_is_said_of_the_users_own() -> None:
    keymap = Keymap({"exact": ("ctrl+x",), "end": ("f9",), "next-event": ("f6",), "why": ("X",)})
    text, usual = words(help_text(keymap)), words(help_text(Keymap()))
    pairs = [
        ("x goes to the exact step, f to the finding", "Ctrl+X goes to the exact step, f to the"),
        ("why? w answers for the finding", "why? X answers for the finding"),
        ("with g or G, the step to go to", "with g or F9, the step to go to"),
        ("Choose the kind of event for n and p", "Choose the kind of event for F6 and p"),
        ("Search the events; n and p go on", "Search the events; F6 and p go on"),
    ]
    assert [(old in usual, new in text, old in text) for old, new in pairs] == (
        [(True, True, False)] * len(pairs)
    )


def test_every_command_that_is_spoken_of_is_there() -> None:
    text = help_text(Keymap())
    assert [sign for sign in ("{", "}", NO_KEY) if sign in text] == []


def test_the_words_and_signs_of_the_screen_are_explained() -> None:
    text = words(help_text(Keymap()))
    keys = key_names(Keymap().debugger)
    pairs = (*READING, *((sign, keys.fill(how)) for sign, how in HOW_TO), *LETTERS)
    assert [pair for pair in pairs if words(" ".join(pair)) not in text] == []
    assert (*signs.MEANINGS, *ruler.MEANINGS) == LETTERS
    assert words(QUESTION) in text


def test_no_line_is_wider_than_the_page() -> None:
    wide = Keymap({"step": ("ctrl+right_square_bracket", "ctrl+shift+left")})
    lines = [line for keymap in (Keymap(), wide) for line in help_text(keymap).split("\n")]
    assert [line for line in lines if len(line) > WIDTH] == []
