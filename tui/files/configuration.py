"""The user's configuration: the theme, the speed of playing, and keys of their own."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import attrs

from engine.refusal import KeyPath, RefusedError, quote
from scenarios.errors import describe, did_you_mean, key_path, unknown
from scenarios.file.structuring import structure
from scenarios.file.toml import MOST_BYTES, decode, parse
from scenarios.library import read_file
from tui.keys.command import Command
from tui.keys.names import key_named

SLOWEST: Final = 0.5
FASTEST: Final = 1_000
"""Steps a second."""


@attrs.frozen
class Configuration:
    """What the user wants otherwise; None and what is not there leave things as they are."""

    theme: str | None = None
    speed: float | None = None
    """In steps a second, `SLOWEST` to `FASTEST`."""
    keys: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    """Textual's names of the keys, at least one, that replace a command's own, by its name."""


@attrs.frozen
class _ConfigurationTable:
    theme: str | None = None
    speed: float | None = None
    keys: dict[str, str | tuple[str, ...]] = attrs.field(factory=dict)


def read_configuration(
    path: Path | None, *, groups: Mapping[str, Sequence[Command]], themes: Sequence[str]
) -> Configuration:
    """Return the configuration in a file, which is empty where there is no file.

    `groups` are the commands by the name of the screen that has them; on one screen no two
    commands may share a key.

    Raises:
        RefusedError: the file cannot be read, or something in it is wrong.
    """
    if path is None or not os.path.exists(path):
        return Configuration()
    file = str(path)
    document = parse(decode(read_file(file, MOST_BYTES), file), file, "a configuration")
    table = structure(document, _ConfigurationTable, file)
    try:
        return Configuration(
            theme=_theme(table.theme, themes),
            speed=_speed(table.speed),
            keys=_keys(table.keys, groups),
        )
    except RefusedError as refused:
        raise refused.in_file(file) from None


def _theme(name: str | None, themes: Sequence[str]) -> str | None:
    if name is not None and name not in themes:
        raise unknown(quote(name), name, themes, "a theme", KeyPath("theme"))
    return name


def _speed(speed: float | None) -> float | None:
    if speed is not None and not SLOWEST <= speed <= FASTEST:
        expected = f"{SLOWEST} to {FASTEST} steps a second"
        raise RefusedError(describe(speed), expected, KeyPath("speed"))
    return speed


def _keys(
    table: Mapping[str, str | tuple[str, ...]], groups: Mapping[str, Sequence[Command]]
) -> Mapping[str, tuple[str, ...]]:
    known = {command.name: None for commands in groups.values() for command in commands}
    for name in table:
        if name not in known:
            found = f"the unknown command {quote(name)}"
            place, way = KeyPath(key_path("keys", name)), did_you_mean(name, known)
            raise RefusedError(found, "a command's name", place, way=way)
    keys = {name: _keys_of(written, key_path("keys", name)) for name, written in table.items()}
    for screen, commands in groups.items():
        _refuse_shared(screen, commands, keys)
    return keys


def _keys_of(written: str | tuple[str, ...], path: str) -> tuple[str, ...]:
    if isinstance(written, str):
        return (_key(written, path),)
    if not written:
        raise RefusedError("an empty array", "one key or more", KeyPath(path))
    return tuple(dict.fromkeys(_key(key, f"{path}[{index}]") for index, key in enumerate(written)))


def _key(written: str, path: str) -> str:
    try:
        return key_named(written)
    except RefusedError as refused:
        raise refused.at(KeyPath(path)) from None


def _refuse_shared(
    screen: str, commands: Sequence[Command], keys: Mapping[str, tuple[str, ...]]
) -> None:
    """Refuse a key of the user's that two commands of a screen would have."""
    owners: dict[str, str] = {}
    for command in commands:
        for key in keys.get(command.name, command.keys):
            owner = owners.setdefault(key, command.name)
            # The user is to be told where they wrote the key.
            mine, other = command.name, owner
            if mine not in keys:
                mine, other = other, mine
            if mine != other and mine in keys:
                raise RefusedError(
                    f"{key!r}, a key of {other!r} too",
                    f"a key that no other command of the {screen} screen has",
                    KeyPath(key_path("keys", mine)),
                )
