"""Exclusive and atomic accesses: the monitor's pairs, swaps, compare-and-swap, read-modify-write.

All are single-copy atomic, and so is a read-modify-write as a whole. A store exclusive succeeds
just when its vCPU has marked the line by a load exclusive, and since then nobody else has stored to
the line, and the vCPU has neither left the guest nor executed `clrex` or another store exclusive:
the granule is a line, and nothing else makes it fail (Arm ARM B2.12; what hardware may do more is
to let it fail, after which programs try again).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, unique
from functools import partial
from typing import Final, TypeAlias

import attrs

from engine.arm.a64.memory import plain_address
from engine.arm.a64.operand_forms import sign_extended
from engine.arm.assembly.operands import OperandReader, Operands
from engine.arm.core import SP, ZERO, Core


@unique
class AtomicOperation(Enum):
    """What a read-modify-write makes of what was there; the value is what `ld` and `st` precede."""

    SWAP = "swp"
    ADD = "add"
    CLEAR = "clr"
    EXCLUSIVE_OR = "eor"
    SET = "set"
    SIGNED_MAXIMUM = "smax"
    SIGNED_MINIMUM = "smin"
    UNSIGNED_MAXIMUM = "umax"
    UNSIGNED_MINIMUM = "umin"


@attrs.frozen
class LoadExclusive:
    """`ldxr` or `ldaxr`: load a word, and mark its line."""

    target: int
    base: int
    size: int = 8


@attrs.frozen
class StoreExclusive:
    """`stxr` or `stlxr`: store a word if its line is marked still, and say by 0 that it was."""

    status: int
    source: int
    base: int
    size: int = 8


@attrs.frozen
class ClearExclusive:
    """`clrex`: mark nothing any more."""


@attrs.frozen
class AtomicUpdate:
    """`swp`, `ldadd`, `stadd` and kin: load a word and store what is made of it."""

    operation: AtomicOperation
    source: int
    target: int
    base: int
    size: int = 8

    def made(self, old: int, core: Core) -> int:
        """Return what is stored over a value."""
        bits, value = 8 * self.size, core.read(self.source, self.size == _WHOLE)
        return _made(self.operation, old, value, bits) & (1 << bits) - 1


@attrs.frozen
class CompareAndSwap:
    """`cas`: load a word, and store another where it was as expected."""

    expected: int
    """The register with the value that is expected, and then with the one that was there."""
    source: int
    base: int
    size: int = 8


_WHOLE: Final = 8


def _made(operation: AtomicOperation, old: int, value: int, bits: int) -> int:
    match operation:
        case AtomicOperation.SWAP:
            return value
        case AtomicOperation.ADD:
            return old + value
        case AtomicOperation.CLEAR:
            return old & ~value
        case AtomicOperation.EXCLUSIVE_OR:
            return old ^ value
        case AtomicOperation.SET:
            return old | value
        case AtomicOperation.UNSIGNED_MAXIMUM:
            return max(old, value)
        case AtomicOperation.UNSIGNED_MINIMUM:
            return min(old, value)
        case AtomicOperation.SIGNED_MAXIMUM:
            return max(sign_extended(old, bits), sign_extended(value, bits))
        case AtomicOperation.SIGNED_MINIMUM:
            return min(sign_extended(old, bits), sign_extended(value, bits))


def _size(wide: bool) -> int:
    return _WHOLE if wide else _WHOLE // 2


def _load_exclusive(operands: Operands) -> LoadExclusive:
    target = operands.register()
    operands.comma()
    return LoadExclusive(target.number, plain_address(operands, target), _size(target.wide))


def _store_exclusive(operands: Operands) -> StoreExclusive:
    status = operands.register(False, "it gets 0 or 1")
    operands.comma()
    source = operands.register()
    operands.comma()
    base = plain_address(operands, source)
    # Constrained unpredictable (Arm ARM C6.2, STXR).
    if status.number != ZERO and status.number in (source.number, base) and base != SP:
        expected = "a register that is neither stored nor the base"
        raise operands.error(status.token, expected)
    return StoreExclusive(status.number, source.number, base, _size(source.wide))


def _clrex(_: Operands) -> ClearExclusive:
    return ClearExclusive()


def _update(operands: Operands, *, operation: AtomicOperation, loads: bool) -> AtomicUpdate:
    source = operands.register()
    target = ZERO
    operands.comma()
    if loads:
        target = operands.register(source.wide).number
        operands.comma()
    base = plain_address(operands, source)
    return AtomicUpdate(operation, source.number, target, base, _size(source.wide))


def _compare_and_swap(operands: Operands) -> CompareAndSwap:
    expected = operands.register()
    operands.comma()
    source = operands.register(expected.wide)
    operands.comma()
    base = plain_address(operands, source)
    return CompareAndSwap(expected.number, source.number, base, _size(expected.wide))


AtomicAccess: TypeAlias = AtomicUpdate | CompareAndSwap
"""What loads and stores a word in one."""

Exclusive: TypeAlias = LoadExclusive | StoreExclusive | ClearExclusive

_ORDERS: Final = ("", "a", "l", "al")
"""Acquire, release: everything is in order here."""
_COMPUTED: Final = tuple(o for o in AtomicOperation if o is not AtomicOperation.SWAP)

ATOMICS: Final[Mapping[str, OperandReader[AtomicAccess]]] = {
    **{f"cas{order}": _compare_and_swap for order in _ORDERS},
    **{
        f"swp{order}": partial(_update, operation=AtomicOperation.SWAP, loads=True)
        for order in _ORDERS
    },
    **{
        f"ld{operation.value}{order}": partial(_update, operation=operation, loads=True)
        for operation in _COMPUTED
        for order in _ORDERS
    },
    **{
        f"st{operation.value}{order}": partial(_update, operation=operation, loads=False)
        for operation in _COMPUTED
        for order in ("", "l")
    },
}
"""Read-modify-writes of one word."""

EXCLUSIVES: Final[Mapping[str, OperandReader[Exclusive]]] = {
    "ldxr": _load_exclusive,
    "ldaxr": _load_exclusive,
    "stxr": _store_exclusive,
    "stlxr": _store_exclusive,
    "clrex": _clrex,
}
"""What goes by the monitor of a vCPU."""
