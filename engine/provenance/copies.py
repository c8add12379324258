"""Where the version of a word that a copy has comes from: its write, fills and write-backs."""

from __future__ import annotations

from engine.machine.effects import Copy, Filled, Stored
from engine.provenance.bits import type_made
from engine.provenance.missed import behind_since, missed
from engine.provenance.past import Past
from engine.provenance.reasons import (
    AtStart,
    CopyMover,
    Dropped,
    Fetched,
    NeverCached,
    Reason,
    Written,
    WroteBack,
)


def way(past: Past, at: int, word: int, copy: Copy) -> list[Reason]:
    """Return how the version that a copy has came there, back to its write or the start."""
    reasons: list[Reason] = []
    while True:
        version = past.copy(at, word, copy)
        assert version is not None
        at = past.copy_since(at, word, copy)
        if not at:
            return [*reasons, AtStart(None, word, version, copy)]
        stored = _stored(past, at, word, version.number)
        if stored is not None:
            return [
                *reasons,
                Written(at, stored),
                *type_made(past, at - 1, stored.actor, stored.word, stored.alias),
            ]
        if copy is Copy.CACHE:
            reasons.append(Fetched(at, word, version, _filled(past, at, word)))
            copy = Copy.RAM
        else:
            reasons.append(WroteBack(at, word, version, mover(past, at, word)))
            copy = Copy.CACHE
        at -= 1


def made(past: Past, at: int, word: int, number: int) -> list[Reason]:
    """Return the store that made a version."""
    since = past.since(at, lambda when: past.newest(when, word) >= number)
    if not since:
        return [_oldest(past, word, number)]
    stored = _stored(past, since, word, number)
    assert stored is not None
    return [
        Written(since, stored),
        *type_made(past, since - 1, stored.actor, stored.word, stored.alias),
    ]


def reasons_of_ram(past: Past, at: int, word: int) -> list[Reason]:
    """Return how what RAM has got there, and what has not brought a newer version to it."""
    version = past.copy(at, word, Copy.RAM)
    assert version is not None
    reasons = way(past, at, word, Copy.RAM)
    if version.number < past.newest(at, word):
        reasons += _behind(past, at, word, Copy.RAM, version.number)
    return reasons


def reasons_of_cached(past: Past, at: int, word: int) -> list[Reason]:
    """Return how the cached copy came or went, and what has not cleared an old one away."""
    version = past.copy(at, word, Copy.CACHE)
    if version is None:
        left = past.copy_since(at, word, Copy.CACHE)
        return [Dropped(left, word, mover(past, left, word)) if left else NeverCached(None, word)]
    reasons = way(past, at, word, Copy.CACHE)
    if version.number < past.newest(at, word):
        reasons += _behind(past, at, word, Copy.CACHE, version.number)
    return reasons


def _behind(past: Past, at: int, word: int, copy: Copy, number: int) -> list[Reason]:
    """Return the first store that a copy of version `number` is behind, the last, and why still."""
    first = made(past, at, word, number + 1)
    last = made(past, at, word, past.newest(at, word))
    return [*first, *last, *missed(past, word, behind_since(past, at, word, copy), at)]


def mover(past: Past, at: int, word: int) -> CopyMover:
    """Return what made a word's line leave the caches, or be written back, in a step."""
    line = past.line_of(word)
    effects = past.step(at).effects
    return next(each for each in effects if isinstance(each, CopyMover) and each.line == line)


def _oldest(past: Past, word: int, number: int) -> AtStart:
    """Return where a version was at the start that is no older than `number`."""
    ram, cached = past.copy(0, word, Copy.RAM), past.copy(0, word, Copy.CACHE)
    assert ram is not None
    if cached is not None and ram.number < number:
        return AtStart(None, word, cached, Copy.CACHE)
    return AtStart(None, word, ram, Copy.RAM)


def _stored(past: Past, at: int, word: int, number: int) -> Stored | None:
    for effect in past.step(at).effects:
        if isinstance(effect, Stored) and effect.word == word and effect.version.number == number:
            return effect
    return None


def _filled(past: Past, at: int, word: int) -> Filled:
    line = past.line_of(word)
    effects = past.step(at).effects
    return next(each for each in effects if isinstance(each, Filled) and each.line == line)
