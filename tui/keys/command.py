"""A command as it is declared: what it is called, its keys, and what it does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from string import punctuation
from typing import Final

import attrs

from tui.keys.names import character_named
from tui.presenters.key_names import KeyNames

_SPELLED: Final = {
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "escape": "Esc",
    "enter": "Enter",
    "tab": "Tab",
    "space": "Space",
    "backspace": "Bksp",
    "delete": "Del",
    "insert": "Ins",
    **{character_named(character): character for character in punctuation},
}
"""Keys by Textual's names, as readers know them."""
_WORDS: Final = frozenset({"left", "right", "up", "down"})
"""Keys that a sentence calls by a word."""


@attrs.frozen
class Command:
    """One thing the user can ask for."""

    name: str
    """What the configuration file calls it; the same on every screen that has it."""
    action: str
    """The action of the screen or the app that does it."""
    keys: tuple[str, ...]
    """Textual's names of the keys."""
    title: str
    """What it does, as the palette and the help say it; the keys of others stand as `{name}`."""
    footer: str = ""
    """Its word in the footer, shared by the two directions of a move; empty: not there."""

    @property
    def spelled(self) -> tuple[str, ...]:
        """The keys as a reader knows them."""
        return tuple(map(spelled, self.keys))


def spelled(key: str) -> str:
    """Return a key as a reader knows it, such as `Ctrl+S` or `→`."""
    *modifiers, last = key.split("+")
    name = _SPELLED.get(last, last.upper() if modifiers or len(last) > 1 else last)
    return "+".join((*(modifier.capitalize() for modifier in modifiers), name))


def key_names(commands: Iterable[Command]) -> KeyNames:
    """Return what the first key of each command is called in a sentence."""
    return KeyNames(
        {
            command.name: first if (first := command.keys[0]) in _WORDS else spelled(first)
            for command in commands
        }
    )


def prompted(name: str, line: str, keys: tuple[str, ...], title: str, footer: str = "") -> Command:
    """Return the command that does a line of the prompt, so that key and prompt do the same."""
    return Command(name, f"do({line!r})", keys, title, footer)


def without(commands: Iterable[Command], others: Iterable[Command]) -> Iterator[Command]:
    """Yield commands with the keys they have left beside others, if they have any."""
    taken = {key for other in others for key in other.keys}
    for command in commands:
        keys = tuple(key for key in command.keys if key not in taken)
        if keys:
            yield attrs.evolve(command, keys=keys)
