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
    r"(raw_)?spin_(try|un)?lock(_irqsave|_irqrestore|_irq|_bh|_nested|_nest_lock)?"
)
_RWLOCK: Final = re.compile(r"(read|write)_(try|un)?lock(_irqsave|_irqrestore|_irq|_bh)?")
_MUTEX: Final = re.compile(r"mutex_(try|un)?lock(_interruptible|_killable)?(_nested|_io)?")
_RWSEM: Final = re.compile(r"(down|up)_(read|write)(_interruptible|_killable)?(_trylock|_nested)?")
_ENDINGS: Final = {
    "": ("", "_irqsave", "_irq", "_bh", "_nested", "_nest_lock"),
    "try": ("", "_irqsave", "_irq", "_bh"),
    "un": ("", "_irqrestore", "_irq", "_bh"),
}
"""How names of spinning locks end that lock, try to, or unlock."""


def lock_call(name: str) -> LockCall | None:
    """Return what a function does with a lock, or None if the kernel has no such function."""
    if (match := _SPIN.fullmatch(name)) is not None:
        raw, way, suffix = match.groups(default="")
        return _spinning(LockKind.RAW_SPIN if raw else LockKind.SPIN, way, suffix)
    if (match := _RWLOCK.fullmatch(name)) is not None:
        mode, way, suffix = match.groups(default="")
        return _spinning(LockKind.RWLOCK, way, suffix, shared=mode == "read")
    if (match := _MUTEX.fullmatch(name)) is not None:
        way, gives, suffix = match.groups(default="")
        if (way and (gives or suffix)) or (gives and suffix == "_io"):
            return None
        count = _count(suffix)
        return LockCall((LockKind.MUTEX,), way == "un", False, way == "try", count, bool(gives))
    if (match := _RWSEM.fullmatch(name)) is not None:
        way, mode, gives, suffix = match.groups(default="")
        releases, tries = way == "up", suffix == "_trylock"
        if (gives and tries) or (releases and (gives or suffix)):
            return None
        shared, count = mode == "read", _count(suffix)
        return LockCall((LockKind.RWSEM,), releases, shared, tries, count, bool(gives))
    return None


def _spinning(kind: LockKind, way: str, suffix: str, *, shared: bool = False) -> LockCall | None:
    if suffix not in _ENDINGS[way]:
        return None
    return LockCall((kind,), way == "un", shared, way == "try", _count(suffix))


def _count(suffix: str) -> int:
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
