from __future__ import annotations

from string import ascii_letters, digits, punctuation

import pytest

from tui.keys.command import Command, key_names, prompted, spelled, without
from tui.keys.names import NAMED, character_named
from tui.presenters.key_names import KeyNames


def command(name: str, *keys: str) -> Command:
    return Command(name, name, keys, f"To {name}")


@pytest.mark.parametrize(
    ("key", "reader"),
    [
        ("l", "l"),
        ("G", "G"),
        ("right", "→"),
        ("pageup", "PgUp"),
        ("space", "Space"),
        ("escape", "Esc"),
        ("insert", "Ins"),
        ("f5", "F5"),
        ("question_mark", "?"),
        ("left_square_bracket", "["),
        ("greater_than_sign", ">"),
        ("ctrl+s", "Ctrl+S"),
        ("shift+tab", "Shift+Tab"),
        ("alt+ctrl+backslash", "Alt+Ctrl+\\"),
        ("ctrl+plus", "Ctrl++"),
    ],
)
def test_a_key_is_spelled_as_readers_know_it(key: str, reader: str) -> None:
    assert spelled(key) == reader


def test_every_character_is_spelled_as_itself() -> None:
    characters = punctuation + ascii_letters + digits
    assert [spelled(character_named(each)) for each in characters] == list(characters)


def test_no_two_keys_are_spelled_alike() -> None:
    keys = [*NAMED, *map(character_named, punctuation + ascii_letters + digits)]
    assert len({*map(spelled, keys)}) == len(keys)


def test_a_command_spells_its_keys_in_their_order() -> None:
    assert command("start", "g", "home").spelled == ("g", "Home")


def test_a_sentence_calls_a_command_by_its_first_key() -> None:
    commands = (
        command("step", "right", "l"),
        command("save", "ctrl+s"),
        command("back", "shift+left"),
        command("play", "space"),
    )
    assert key_names(commands) == KeyNames(
        {"step": "right", "save": "Ctrl+S", "back": "Shift+←", "play": "Space"}
    )


def test_what_the_prompt_does_is_done_by_the_same_line() -> None:
    assert prompted("ten-forward", "step 10", ("pagedown",), "Ten steps forward", "ten") == Command(
        "ten-forward", "do('step 10')", ("pagedown",), "Ten steps forward", "ten"
    )


def test_keys_that_others_have_are_taken_away_and_with_the_last_the_command() -> None:
    step, play, leave = (
        command("step", "right", "l"),
        command("play", "space"),
        command("leave", "q"),
    )
    note = command("note", "space", "right")
    assert list(without((step, play, leave), (note,))) == [command("step", "l"), leave]
    assert list(without((step, play), ())) == [step, play]
