from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.arm.a64.exclusives import (
    ATOMICS,
    AtomicOperation,
    AtomicUpdate,
    ClearExclusive,
    CompareAndSwap,
    LoadExclusive,
    StoreExclusive,
)
from engine.arm.core import Core
from engine.arm.program import Instruction

ADD, SWAP = AtomicOperation.ADD, AtomicOperation.SWAP


@pytest.mark.parametrize(
    ("text", "instruction"),
    [
        ("ldxr x0, [x1]", LoadExclusive(0, 1)),
        ("ldaxr w0, [sp]", LoadExclusive(0, 32, 4)),
        ("stxr w2, x0, [x1]", StoreExclusive(2, 0, 1)),
        ("stlxr wzr, w0, [x1]", StoreExclusive(31, 0, 1, 4)),
        ("clrex", ClearExclusive()),
        ("swp x0, x2, [x1]", AtomicUpdate(SWAP, 0, 2, 1)),
        ("swpal w0, wzr, [x1]", AtomicUpdate(SWAP, 0, 31, 1, 4)),
        ("ldadd x0, x2, [x1]", AtomicUpdate(ADD, 0, 2, 1)),
        ("ldsmaxa x0, x2, [x1]", AtomicUpdate(AtomicOperation.SIGNED_MAXIMUM, 0, 2, 1)),
        ("stclrl w0, [x1]", AtomicUpdate(AtomicOperation.CLEAR, 0, 31, 1, 4)),
        ("cas x0, x2, [x1]", CompareAndSwap(0, 2, 1)),
        ("casal w0, w2, [x1]", CompareAndSwap(0, 2, 1, 4)),
    ],
)
def test_exclusive_and_atomic_accesses(
    guest: Callable[[str], tuple[Instruction, ...]], text: str, instruction: Instruction
) -> None:
    assert guest(text) == (instruction,)


def test_every_order_has_a_mnemonic() -> None:
    assert sorted(name for name in ATOMICS if name.startswith(("cas", "swp", "ldset"))) == [
        *("cas", "casa", "casal", "casl", "ldset", "ldseta", "ldsetal", "ldsetl"),
        *("swp", "swpa", "swpal", "swpl"),
    ]


@pytest.mark.parametrize(
    ("operation", "old", "value", "made"),
    [
        (AtomicOperation.SWAP, 5, 3, 3),
        (AtomicOperation.ADD, 2**32 - 1, 2, 1),
        (AtomicOperation.CLEAR, 7, 5, 2),
        (AtomicOperation.EXCLUSIVE_OR, 7, 5, 2),
        (AtomicOperation.SET, 6, 1, 7),
        (AtomicOperation.SIGNED_MAXIMUM, 2**32 - 1, 1, 1),
        (AtomicOperation.SIGNED_MINIMUM, 2**32 - 1, 1, 2**32 - 1),
        (AtomicOperation.UNSIGNED_MAXIMUM, 2**32 - 1, 1, 2**32 - 1),
        (AtomicOperation.UNSIGNED_MINIMUM, 2**32 - 1, 1, 1),
    ],
)
def test_what_an_update_makes_of_a_word(
    operation: AtomicOperation, old: int, value: int, made: int
) -> None:
    core = Core.reset().write(0, 2**32 + value)
    assert AtomicUpdate(operation, 0, 2, 1, 4).made(old, core) == made


@pytest.mark.parametrize("text", ["stxr w0, x0, [x1]", "stxr w1, x0, [x1]"])
def test_a_status_in_a_register_that_is_used_is_refused(
    guest: Callable[[str], tuple[Instruction, ...]], text: str
) -> None:
    with pytest.raises(Exception, match="a register that is neither stored nor the base"):
        guest(text)
