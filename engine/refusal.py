"""Refusals: what was found, what was expected in its place, and where; and how that is worded."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final, TypeAlias

import attrs

_SHOWN: Final = 40
_LISTED: Final = 12
_COMPARED: Final = 64
_OFFERED: Final = 1_000


@attrs.frozen
class KeyPath:
    """A key of a document in TOML or JSON."""

    path: str
    """Such as `vcpu[1].registers.x2`, counted from 0; empty for the document as a whole."""

    def __str__(self) -> str:
        """Return it as errors begin."""
        return f"{self.path}: " if self.path else ""


@attrs.frozen
class InFile:
    """A key of a file, or a place in it."""

    file: str
    key_path: str = ""
    line: int | None = None
    """From 1, where it is known."""
    column: int | None = None

    def __str__(self) -> str:
        """Return it as errors begin: the place as compilers write it, then the key."""
        numbers = (number for number in (self.line, self.column) if number is not None)
        return f"{':'.join((self.file, *map(str, numbers)))}: {KeyPath(self.key_path)}"


@attrs.frozen
class ListEntry:
    """An entry of a list of texts."""

    index: int
    text: str

    def __str__(self) -> str:
        """Return it as errors begin: lists are counted from 1."""
        return f"entry {self.index + 1}: "


@attrs.frozen
class Column:
    """A character of a line that was typed, from 1."""

    number: int

    def __str__(self) -> str:
        """Return it as errors begin."""
        return f"column {self.number}: "


Whereabouts: TypeAlias = KeyPath | InFile | ListEntry | Column


@attrs.frozen
class RefusedError(Exception):
    """Something that was given is wrong: what was found, and what was expected."""

    found: str
    expected: str
    place: Whereabouts | None = None
    """None where the whole of what was typed is meant."""
    more: tuple[RefusedError, ...] = ()
    """What else is wrong, as far as it was read."""

    def __str__(self) -> str:
        """Return the error as one line, with the place first."""
        place = "" if self.place is None else str(self.place)
        return f"{place}found {self.found}; expected {self.expected}"

    @property
    def key_path(self) -> str:
        """The key or the entry that is wrong, empty where it is neither."""
        match self.place:
            case KeyPath(path) | InFile(key_path=path):
                return path
            case ListEntry(index):
                return f"[{index}]"
            case Column() | None:
                return ""

    def at(self, place: Whereabouts) -> RefusedError:
        """Return the same error at another place."""
        return attrs.evolve(self, place=place)

    def in_file(self, file: str) -> RefusedError:
        """Return the same error of a key in a document as one in its file."""
        match self.place:
            case InFile():
                return self
            case KeyPath(path):
                return self.at(InFile(file, path))
            case ListEntry() | Column() | None:
                return self.at(InFile(file))


def quote(text: str) -> str:
    """Return text as messages show it: quoted, printable and not too long."""
    shown = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return f"'{shown}'" if shown.isprintable() else ascii(shown)


def suggestion(known: Iterable[str], wanted: str) -> str:
    """Return a question about the names closest to an unknown one, empty if none is close."""
    near = get_close_matches(wanted[:_COMPARED], tuple(known)[:_OFFERED], n=3)
    return f"; did you mean {' or '.join(near)}?" if near else ""


def one_of(known: Iterable[str], wanted: str, kind: str) -> str:
    """Return what is expected in place of an unknown name: those closest to it, else all."""
    names = tuple(known)
    if not names:
        return f"{kind}, but there is none"
    more = ", …" if len(names) > _LISTED else ""
    return kind + (suggestion(names, wanted) or f": {', '.join(names[:_LISTED])}{more}")
