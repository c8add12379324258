"""The kernel's lock functions, by name: which kind of lock, and what is done with it."""

from __future__ import annotations

import re
from typing import Final

import attrs

from engine.policy.c_types import LockKind


@attrs.frozen
class LockCall:
    """What a lock function does."""

    kinds: tuple[LockKind, ...]
    releases: bool
    shared: bool
    tries: bool
    arguments: int
    gives: bool = False
    """It gives 0 for a lock that was taken; no signal ends the wait, since the model has none."""


_SPIN: Final = re.compile(
    r"(raw_)?spin_(try)?(un)?lock(_irqsave|_irqrestore|_irq|_bh|_nested|_nest_lock)?"
)
_RWLOCK: Final = re.compile(r"(read|write)_(try)?(un)?lock(_irqsave|_irqrestore|_irq|_bh)?")
_MUTEX: Final = re.compile(r"mutex_(try)?(un)?lock(_interruptible|_killable)?(_nested|_io)?")
_RWSEM: Final = re.compile(r"(down|up)_(read|write)(_interruptible|_killable)?(_trylock|_nested)?")


def lock_call(name: str) -> LockCall | None:
    """Return what a function does with a lock, or None if it is no lock function."""
    if (match := _SPIN.fullmatch(name)) is not None:
        raw, tries, releases, suffix = match.groups()
        kind = LockKind.RAW_SPIN if raw else LockKind.SPIN
        return LockCall((kind,), bool(releases), False, bool(tries), _count(suffix))
    if (match := _RWLOCK.fullmatch(name)) is not None:
        mode, tries, releases, suffix = match.groups()
        shared = mode == "read"
        return LockCall((LockKind.RWLOCK,), bool(releases), shared, bool(tries), _count(suffix))
    if (match := _MUTEX.fullmatch(name)) is not None:
        tries, releases, gives, suffix = match.groups()
        if gives and (tries or releases):
            return None
        count = _count(suffix)
        return LockCall((LockKind.MUTEX,), bool(releases), False, bool(tries), count, bool(gives))
    if (match := _RWSEM.fullmatch(name)) is not None:
        way, mode, gives, suffix = match.groups()
        releases, tries = way == "up", suffix == "_trylock"
        if gives and (tries or releases):
            return None
        shared, count = mode == "read", _count(suffix)
        return LockCall((LockKind.RWSEM,), releases, shared, tries, count, bool(gives))
    return None


def _count(suffix: str | None) -> int:
    return 2 if suffix in ("_irqsave", "_irqrestore", "_nested", "_nest_lock") else 1


GUARDS: Final = {
    "mutex": LockCall((LockKind.MUTEX,), False, False, False, 1),
    "spinlock": LockCall((LockKind.SPIN,), False, False, False, 1),
    "spinlock_irq": LockCall((LockKind.SPIN,), False, False, False, 1),
    "spinlock_bh": LockCall((LockKind.SPIN,), False, False, False, 1),
    "spinlock_irqsave": LockCall((LockKind.SPIN,), False, False, False, 1),
    "raw_spinlock": LockCall((LockKind.RAW_SPIN,), False, False, False, 1),
    "raw_spinlock_irq": LockCall((LockKind.RAW_SPIN,), False, False, False, 1),
    "raw_spinlock_irqsave": LockCall((LockKind.RAW_SPIN,), False, False, False, 1),
    "read_lock": LockCall((LockKind.RWLOCK,), False, True, False, 1),
    "write_lock": LockCall((LockKind.RWLOCK,), False, False, False, 1),
    "rwsem_read": LockCall((LockKind.RWSEM,), False, True, False, 1),
    "rwsem_write": LockCall((LockKind.RWSEM,), False, False, False, 1),
}
"""What `guard(class)` and `scoped_guard(class, …)` take, by class (`DEFINE_GUARD`)."""

UNCHECKED_GUARDS: Final = frozenset({"preempt", "irq", "irqsave", "rcu", "srcu", "migrate"})
"""Guards of nothing that the model has."""
