"""A scenario family that scales: what its guests do, whatever the language it is written in.

Every member has n vCPUs and L lines. vcpu0 publishes a word; each secondary stores to its own
words with its caches off, enables them, reads back what it stored, and reads the published word
once it knows that it is there. Every word is written once, by one vCPU, and goes from 0 to 1, so
that a version's number is its value. All pages are mapped and all vCPUs run from the start.
"""

from __future__ import annotations

from enum import Enum, unique
from typing import TypeAlias

import attrs


@attrs.frozen
class Store:
    """Store 1 to a word."""

    word: int


@attrs.frozen
class Load:
    """Load a word into a variable; every load of one vCPU names the variable it overwrites."""

    word: int
    variable: int


@attrs.frozen
class Await:
    """Load a word into a variable, again and again until it is 1."""

    word: int
    variable: int


@attrs.frozen
class Unless:
    """End the program where a variable is 0."""

    variable: int


@attrs.frozen
class Enable:
    """Turn MMU and caches on."""


Operation: TypeAlias = Store | Load | Await | Unless | Enable
Guest: TypeAlias = tuple[Operation, ...]


@unique
class Variant(Enum):
    """What a member is there to show."""

    SAFE = "safe"
    """Lines of their own, the published word found through a flag that is looked at once."""
    BUG = "bug"
    """A relay of flags, so that vcpu0-only needs long to go wrong."""
    POLLED = "polled"
    """Each secondary waits for a word on every line."""
    CONTENDED = "contended"
    """All words on one line."""


@attrs.frozen
class Member:
    """One member of the family."""

    variant: Variant
    vcpus: int
    lines: tuple[tuple[int, ...], ...]
    """Per line, its words, ascending from line to line."""
    names: tuple[str, ...]
    """Per word."""
    guests: tuple[Guest, ...]
    """Per vCPU."""
    length: int

    @property
    def name(self) -> str:
        """The member's name, as files and tables spell it."""
        suffix = f"-r{self.length}" if self.length > 1 else ""
        return f"{self.variant.value}-{self.vcpus}x{len(self.lines)}{suffix}"

    def line_of(self, word: int) -> int:
        """Return the line that a word lies on."""
        return next(line for line, words in enumerate(self.lines) if word in words)


def member(variant: Variant, vcpus: int, lines: int, *, length: int = 1) -> Member:
    """Return a member; `length` is how often a secondary reads each word back.

    Raises:
        ValueError: the variant does not come in this size.
    """
    match variant:
        case Variant.SAFE:
            return _safe(vcpus, lines, length)
        case Variant.BUG:
            return _bug(vcpus, lines, length)
        case Variant.POLLED:
            return _polled(vcpus, lines, length)
        case Variant.CONTENDED:
            return _contended(vcpus, lines, length)


def _safe(vcpus: int, lines: int, length: int) -> Member:
    _at_least("safe", vcpus, lines, length, least_lines=3)
    own = _dealt(range(2, max(lines, vcpus + 1)), vcpus)
    guests = (
        (Store(0), Enable(), Store(1)),
        *(
            (*_stored(words), Enable(), *_read_back(words, length), *_message())
            for words in own[1:]
        ),
    )
    names = ("published", "flag", *_named(own))
    return Member(Variant.SAFE, vcpus, _spread(len(names), 2, lines), names, guests, length)


def _bug(vcpus: int, lines: int, length: int) -> Member:
    """Only the last vCPU reads back, once vcpu0's flag has been passed on by all the others."""
    _at_least("bug", vcpus, lines, length, least_lines=vcpus)
    first = vcpus - 1
    words = range(first, lines)
    relay = tuple((Enable(), Await(flag - 1, 0), Store(flag)) for flag in range(1, first))
    guests = (
        (Enable(), Store(0)),
        *relay,
        (*_stored(words), Enable(), Await(first - 1, 0), *_read_back(words, length)),
    )
    names = (*(f"flag{n}" for n in range(first)), *(f"word{n}" for n in words))
    return Member(Variant.BUG, vcpus, _spread(lines, 0, lines), names, guests, length)


def _polled(vcpus: int, lines: int, length: int) -> Member:
    _at_least("polled", vcpus, lines, length, least_lines=2)
    own = _dealt(range(1, max(lines, vcpus)), vcpus)
    every = range(max(lines, vcpus))
    guests = (
        (Store(0), Enable()),
        *(
            (
                *_stored(words),
                Enable(),
                *_read_back(words, length),
                *(Await(word, 0) for word in every if word not in words),
            )
            for words in own[1:]
        ),
    )
    names = ("published", *_named(own))
    return Member(Variant.POLLED, vcpus, _spread(len(names), 1, lines), names, guests, length)


def _contended(vcpus: int, lines: int, length: int) -> Member:
    """All stores are made with caches off: a dirty line would take other words down with it.

    The length is how many words a secondary has.
    """
    _at_least("contended", vcpus, lines, length, least_lines=1)
    if lines != 1:
        raise ValueError(f"contended has one line, not {lines}")
    own = _dealt(range(2, 2 + (vcpus - 1) * length), vcpus)
    guests = (
        (Store(0), Store(1), Enable()),
        *((*_stored(words), Enable(), *_read_back(words, 1), *_message()) for words in own[1:]),
    )
    names = ("published", "flag", *_named(own))
    return Member(Variant.CONTENDED, vcpus, (tuple(range(len(names))),), names, guests, length)


def _at_least(name: str, vcpus: int, lines: int, length: int, *, least_lines: int) -> None:
    if vcpus < 2 or lines < least_lines or length < 1:
        raise ValueError(
            f"{name} has at least 2 vCPUs, {least_lines} lines and length 1, "
            f"not {vcpus}, {lines} and {length}"
        )


def _dealt(words: range, vcpus: int) -> tuple[tuple[int, ...], ...]:
    """Deal words out to the secondaries in turn."""
    return ((), *(tuple(words[first :: vcpus - 1]) for first in range(vcpus - 1)))


def _spread(words: int, alone: int, lines: int) -> tuple[tuple[int, ...], ...]:
    """Put the first words on lines of their own, and spread the others over the rest."""
    rest = lines - alone
    return (
        *((word,) for word in range(alone)),
        *(tuple(range(words)[alone + line :: rest]) for line in range(rest)),
    )


def _named(own: tuple[tuple[int, ...], ...]) -> tuple[str, ...]:
    owners = {word: vcpu for vcpu, words in enumerate(own) for word in words}
    return tuple(f"word{word}_of_vcpu{owners[word]}" for word in sorted(owners))


def _stored(words: range | tuple[int, ...]) -> Guest:
    return tuple(Store(word) for word in words)


def _read_back(words: range | tuple[int, ...], length: int) -> Guest:
    return tuple(Load(word, 1 + n) for _ in range(length) for n, word in enumerate(words))


def _message() -> Guest:
    """Look at the flag once, and at the published word if it is set."""
    return (Load(1, 0), Unless(0), Load(0, _PUBLISHED))


_PUBLISHED = 15
