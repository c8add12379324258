"""The names of keys: Textual's, and how a user may write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from string import ascii_lowercase, ascii_uppercase
from typing import Final

from engine.refusal import RefusedError, quote
from scenarios.errors import did_you_mean

NAMED: Final = (
    *("space", "enter", "escape", "tab", "backspace", "delete", "insert"),
    *("home", "end", "pageup", "pagedown", "left", "right", "up", "down"),
    *(f"f{number}" for number in range(1, 25)),
)
"""Keys that are no character."""

RESERVED: Final = {
    "ctrl+c": "which always quits",
    "ctrl+q": "which always quits",
    "ctrl+p": "which always opens the palette",
}
"""Keys that are taken before any screen sees them."""

_SHORTER: Final = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}
"""Textual's names of characters where they are not Unicode's."""

_SHIFT: Final = "shift+"
_MODIFIERS: Final = (
    *("alt+", "ctrl+", _SHIFT),
    *("alt+ctrl+", "alt+shift+", "ctrl+shift+", "alt+ctrl+shift+"),
)
_WRITTEN: Final = re.compile(r"((?:[a-z]+\+)*)(.+)", re.DOTALL)
_CAPITALS: Final = {f"{_SHIFT}{small}": small.upper() for small in ascii_lowercase}
_EXPECTED: Final = "a key, such as 'x', '?', 'enter', 'f5' or 'ctrl+x'"


def key_named(written: str) -> str:
    """Return Textual's name of a key; a character may be written as it is, such as `?`.

    Raises:
        RefusedError: there is no such key, or it has a use that cannot be taken away.
    """
    name = written if written in _KEYS else _with_character_named(written)
    if name in RESERVED:
        raise RefusedError(f"{name!r}, {RESERVED[name]}", "another key")
    if name not in _KEYS and not (len(written) == 1 and written.isprintable()):
        way = did_you_mean(_tidied(written), _KEYS)
        raise RefusedError(quote(written), _EXPECTED, way=way)
    return name


def _tidied(written: str) -> str:
    """Return what was meant by a key that differs in Shift, case or order alone."""
    *modifiers, key = written.lower().split("+")
    return _CAPITALS.get(written) or "+".join((*sorted(modifiers), key))


def _with_character_named(written: str) -> str:
    parts = _WRITTEN.fullmatch(written)
    if parts is None or len(parts[2]) > 1:
        return written
    return parts[1] + character_named(parts[2])


def character_named(character: str) -> str:
    """Return Textual's name of the key that a character is typed with."""
    if character.isalnum():
        return character
    name = unicodedata.name(character, character).lower().replace("-", "_").replace(" ", "_")
    return _SHORTER.get(name, name)


def _all_keys() -> Iterable[str]:
    characters = tuple(character_named(chr(code)) for code in range(ord("!"), ord("~") + 1))
    yield from (*NAMED, *characters)
    for modifiers in _MODIFIERS:
        yield from (modifiers + key for key in NAMED)
        # With Shift alone a character is another character, and a capital has Shift in it.
        if modifiers != _SHIFT:
            yield from (modifiers + key for key in characters if key not in ascii_uppercase)
    # What most terminals send for Ctrl+Space.
    yield "ctrl+@"


_KEYS: Final = dict.fromkeys(_all_keys())
