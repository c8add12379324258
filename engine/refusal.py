"""Refusals: what was found, what was expected in its place, and where; why, and what to do."""

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
    cause: str = ""
    """What has likely led to it, where that can be said."""
    way: str = ""
    """A way forward, where one is near."""

    def __str__(self) -> str:
        """Return the error as one line, with the place first."""
        return f"{'' if self.place is None else self.place}{self.sentence}"

    @property
    def sentence(self) -> str:
        """What was found and what was expected, wherever that is."""
        return f"found {self.what_was_found}; expected {self.what_to_do}"

    @property
    def what_was_found(self) -> str:
        """What was found, with its likely cause."""
        return f"{self.found}, {self.cause}" if self.cause else self.found

    @property
    def what_to_do(self) -> str:
        """What was expected, with the way forward."""
        return f"{self.expected}; {self.way}" if self.way else self.expected

    @property
    def file(self) -> str:
        """The file that is wrong, empty where it is none."""
        return self.place.file if isinstance(self.place, InFile) else ""

    @property
    def line(self) -> int:
        """The line of the file, from 1; 0 where it is not known."""
        return (self.place.line or 0) if isinstance(self.place, InFile) else 0

    @property
    def column(self) -> int:
        """The column of the line, from 1; 0 where it is not known."""
        return (self.place.column or 0) if isinstance(self.place, InFile) else 0

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

    @classmethod
    def unknown(
        cls,
        found: str,
        wanted: str,
        known: Iterable[str],
        kind: str,
        place: Whereabouts | None = None,
    ) -> RefusedError:
        """Return the error for an unknown name: those that are close to it, else all there are."""
        names = tuple(known)
        if not names:
            return cls(found, f"{kind}, but there is none", place)
        way = suggestion(names, wanted)
        more = ", …" if len(names) > _LISTED else ""
        listed = "" if way else f": {', '.join(names[:_LISTED])}{more}"
        return cls(found, f"{kind}{listed}", place, way=way)

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
    return f"did you mean {' or '.join(near)}?" if near else ""
