from __future__ import annotations

import sys
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from textual._keyboard_protocol import FUNCTIONAL_KEYS
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.events import Key
from textual.keys import Keys, _character_to_key

from engine.refusal import RefusedError
from tui.keys.keymap import DISTINCT
from tui.keys.names import NAMED, RESERVED, key_named

NEVER_SENT = {"return", "<any>", "<scroll-up>", "<scroll-down>", "<ignore>", "ctrl-at"}
MODIFIERS = {1: "shift", 2: "alt", 4: "ctrl"}
EXPECTED = "a key, such as 'x', '?', 'enter', 'f5' or 'ctrl+x'"


def refused(written: str) -> tuple[str, str]:
    with pytest.raises(RefusedError) as error:
        key_named(written)
    return error.value.found, error.value.what_to_do


def test_every_character_has_textuals_name() -> None:
    printable = (chr(code) for code in range(sys.maxunicode + 1) if chr(code).isprintable())

    assert [each for each in printable if key_named(each) != _character_to_key(each)] == []


def test_every_key_that_textual_lists_and_sends_has_its_own_name() -> None:
    listed = {key.value for key in Keys} - NEVER_SENT - set(RESERVED)

    assert [key for key in sorted(listed) if key_named(key) != key] == []
    assert set(NAMED) <= listed


@pytest.mark.parametrize("bits", range(1, 8))
def test_keys_with_modifiers_are_spelled_as_textual_spells_what_terminals_send(bits: int) -> None:
    # With Shift alone a terminal sends the other character.
    characters = " " if bits == 1 else " a7/[]"
    codes = [*FUNCTIONAL_KEYS, *(f"{ord(character)}u" for character in characters)]
    sent = "".join(f"\x1b[{code[:-1]};{bits + 1}{code[-1]}" for code in codes)
    pressed = {event.key for event in XTermParser().feed(sent) if isinstance(event, Key)}
    modifiers = "+".join(sorted(name for bit, name in MODIFIERS.items() if bits & bit))
    names = {*NAMED, *map(_character_to_key, characters)}
    keys = {f"{modifiers}+{name}" for name in names}

    assert keys <= pressed
    assert [key for key in sorted(keys) if key_named(key) != key] == []


def test_the_declared_keys_have_their_own_names() -> None:
    declared = {key for group in DISTINCT.values() for command in group for key in command.keys}

    assert [key for key in sorted(declared) if key_named(key) != key] == []


def test_the_keys_that_textual_takes_first_are_reserved() -> None:
    taken = {
        binding.key for _, binding in App[None]()._bindings if binding.priority or binding.system
    }

    assert taken == set(RESERVED)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("x", "x"),
        ("X", "X"),
        ("é", "é"),
        ("7", "7"),
        ("?", "question_mark"),
        (":", "colon"),
        ("/", "slash"),
        ("+", "plus"),
        (",", "comma"),
        (" ", "space"),
        ("question_mark", "question_mark"),
        ("ctrl+/", "ctrl+slash"),
        ("ctrl++", "ctrl+plus"),
        ("alt+ctrl+shift+f12", "alt+ctrl+shift+f12"),
        ("shift+tab", "shift+tab"),
        ("ctrl+@", "ctrl+@"),
    ],
)
def test_a_key_may_be_written_as_its_character_or_by_its_name(written: str, name: str) -> None:
    assert key_named(written) == name


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("esc", "escape"),
        ("PgUp", "pageup"),
        ("F5", "f5"),
        ("question mark", "question_mark"),
        ("ctrl-x", "ctrl+x"),
        ("Ctrl+S", "ctrl+s"),
        ("ctrl+A", "ctrl+a"),
        ("shift+ctrl+left", "ctrl+shift+left"),
        ("Alt+Ctrl+PgUp", "alt+ctrl+pageup"),
        ("shift+a", "A"),
        ("control+x", "ctrl+x"),
    ],
)
def test_what_is_no_key_is_refused_with_the_nearest(written: str, near: str) -> None:
    assert refused(written) == (f"'{written}'", f"{EXPECTED}; did you mean {near!r}?")


@pytest.mark.parametrize("written", ["", "\t", "\x1b", "\x7f", "\u200b", "xyz", "<any>", "ctrl+"])
def test_what_is_nowhere_near_a_key_is_refused(written: str) -> None:
    found, expected = refused(written)

    assert found.isprintable()
    assert expected.startswith(EXPECTED)


@pytest.mark.parametrize(
    ("written", "use"),
    [
        ("ctrl+c", "which always quits"),
        ("ctrl+q", "which always quits"),
        ("ctrl+p", "which always opens the palette"),
    ],
)
def test_a_key_with_a_use_that_cannot_be_taken_away_is_refused(written: str, use: str) -> None:
    assert refused(written) == (f"'{written}', {use}", "another key")


@given(st.text(max_size=30))
@example("ctrl+" * 1_000)
@example("a" * 1_000)
def test_any_text_is_a_key_or_refused(text: str) -> None:
    with suppress(RefusedError):
        name = key_named(text)
        assert name
        assert "," not in name
