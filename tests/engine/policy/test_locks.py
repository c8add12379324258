"""What the kernel's lock functions do, by name."""

from __future__ import annotations

import pytest

from engine.policy.c_types import LockKind
from engine.policy.locks import LockCall, lock_call


@pytest.mark.parametrize(
    ("name", "does"),
    [
        ("spin_lock", LockCall((LockKind.SPIN,), False, False, False, 1)),
        ("raw_spin_unlock_irqrestore", LockCall((LockKind.RAW_SPIN,), True, False, False, 2)),
        ("spin_trylock_bh", LockCall((LockKind.SPIN,), False, False, True, 1)),
        ("mutex_unlock", LockCall((LockKind.MUTEX,), True, False, False, 1)),
        ("mutex_lock_killable", LockCall((LockKind.MUTEX,), False, False, False, 1, gives=True)),
        (
            "mutex_lock_interruptible_nested",
            LockCall((LockKind.MUTEX,), False, False, False, 2, gives=True),
        ),
        ("mutex_unlock_killable", None),
        ("down_read_interruptible", LockCall((LockKind.RWSEM,), False, True, False, 1, gives=True)),
        ("up_write_killable", None),
        ("read_lock", LockCall((LockKind.RWLOCK,), False, True, False, 1)),
        ("write_unlock_bh", LockCall((LockKind.RWLOCK,), True, False, False, 1)),
        ("down_read_trylock", LockCall((LockKind.RWSEM,), False, True, True, 1)),
        ("up_write", LockCall((LockKind.RWSEM,), True, False, False, 1)),
        ("spin_lock_init", None),
        ("rcu_read_lock", None),
        ("down", None),
    ],
)
def test_a_lock_function_is_known_by_its_name(name: str, does: LockCall | None) -> None:
    assert lock_call(name) == does


@pytest.mark.parametrize(
    "name",
    [
        *("spin_tryunlock", "spin_lock_irqrestore", "spin_unlock_irqsave", "spin_unlock_nested"),
        *("raw_spin_trylock_nested", "read_tryunlock", "read_lock_irqrestore"),
        *("write_unlock_irqsave", "mutex_tryunlock", "mutex_unlock_nested", "mutex_unlock_io"),
        *("mutex_trylock_nested", "mutex_trylock_killable", "mutex_lock_killable_io"),
        *("up_read_trylock", "up_write_nested", "up_read_killable", "down_read_killable_trylock"),
    ],
)
def test_a_name_that_only_looks_like_a_lock_functions_is_not_known(name: str) -> None:
    assert lock_call(name) is None
