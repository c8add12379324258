"""Locks: what needs no operation of its own, because nobody waits; see `engine.policy.locks`."""

from __future__ import annotations

from functools import partial
from typing import Final

from engine.compiler.lower.build import ZERO, operate, sequence
from engine.compiler.lower.calls import lock, lock_arguments
from engine.compiler.lower.lowering import KernelCall, KernelRow, Lowering, row
from engine.policy.c_types import INT, VOID, LockKind
from engine.policy.expressions import Assignment, Constant, Expression, ObjectValue, TryLock
from engine.policy.locks import lock_call
from engine.policy.operators import BinaryOperator

KERNEL: Final[list[KernelRow[Expression]]] = []
kernel = partial(row, KERNEL)


@kernel(
    r"(?:raw_)?spin_trylock(?:_irqsave|_irq|_bh)?",
    r"(?:read|write)_trylock(?:_irqsave|_irq|_bh)?",
    "mutex_trylock",
    r"down_(?:read|write)_trylock",
    arguments=0,
    variadic=True,
)
def trylock(lowering: Lowering, call: KernelCall) -> Expression:
    """Take a lock if it is free, and give whether it was."""
    found = lock_call(call.name)
    assert found is not None
    pointer, *_ = lock_arguments(lowering, call.node, found)
    return TryLock(lock(lowering, pointer, found.kinds).address, found.shared, INT)


@kernel(
    *("spin_lock_init", "raw_spin_lock_init", "mutex_init", "rwlock_init", "init_rwsem"),
    arguments=1,
)
def lock_init(lowering: Lowering, call: KernelCall) -> Expression:
    """Make a lock one that nobody holds."""
    thing = lock(lowering, call.given[0], _kinds_of(call.name))
    return sequence(Assignment(thing.address, ZERO, INT), Constant(0, VOID))


@kernel(
    *("spin_is_locked", "raw_spin_is_locked", "mutex_is_locked", "rwsem_is_locked"), arguments=1
)
def is_locked(lowering: Lowering, call: KernelCall) -> Expression:
    """Whether anybody holds a lock."""
    thing = lock(lowering, call.given[0], _kinds_of(call.name))
    return operate(BinaryOperator.UNEQUAL, ObjectValue(thing.address, INT), ZERO)


def _kinds_of(name: str) -> tuple[LockKind, ...]:
    if name.startswith("raw_"):
        return (LockKind.RAW_SPIN,)
    if name.startswith("spin"):
        return (LockKind.SPIN,)
    if "mutex" in name:
        return (LockKind.MUTEX,)
    return (LockKind.RWSEM,) if "rwsem" in name else (LockKind.RWLOCK,)
