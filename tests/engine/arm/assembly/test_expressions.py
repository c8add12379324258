from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.arm.a64.register_moves import MoveImmediate
from engine.arm.assembly.expressions import is_bitmask, is_wide_move
from engine.arm.program import Instruction


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0x1F", 31),
        ("0b101", 5),
        ("017", 15),
        ("0", 0),
        ("1 + 2 * 3", 7),
        ("1 << 2 | 1", 5),
        ("1 | 2 + 4", 7),
        ("1 | 6 - 4", 3),
        ("(1 << 2) | 1", 5),
        ("8 >> 2 << 1", 4),
        ("7 - 3 - 2", 2),
        ("6 & ~2 ^ 1", 5),
        ("-(2 - 3)", 1),
        ("--1", 1),
        ("-1 >> 60", 15),
        ("~0xffffffffffffffff", 0),
        ("-1 ^ 0xffffffffffffffff", 0),
        ("-0x8000000000000000", 1 << 63),
        ("~0xff00000000000000", (1 << 56) - 1),
        ("flag", 0x4000_0000),
        ("payload - flag", 0x40),
    ],
)
def test_an_expression_has_the_value_gnu_as_gives_it(
    guest: Callable[[str], tuple[Instruction, ...]], text: str, value: int
) -> None:
    assert guest(f"ldr x0, ={text}") == (MoveImmediate(0, value),)


def bitmasks() -> frozenset[int]:
    """Return every value a 64-bit logical instruction encodes, built from the definition."""
    found = set()
    for size in (2, 4, 8, 16, 32, 64):
        for ones in range(1, size):
            run = f"{'1' * ones:0>{size}}"
            elements = (run[rotation:] + run[:rotation] for rotation in range(size))
            found |= {int(element * (64 // size), 2) for element in elements}
    return frozenset(found)


BITMASKS = bitmasks()
near_bitmasks = st.builds(
    lambda value, bit: value ^ (1 << bit), st.sampled_from(sorted(BITMASKS)), st.integers(0, 63)
)


def test_every_bitmask_is_one() -> None:
    assert len(BITMASKS) == 5334
    assert all(is_bitmask(value, wide=True) for value in BITMASKS)
    halves = {value % 2**32 for value in BITMASKS if value >> 32 == value % 2**32}
    assert all(is_bitmask(value, wide=False) for value in halves)


@given(near_bitmasks | st.integers(0, 2**64 - 1) | st.integers(0, 2**16))
def test_nothing_else_is_a_bitmask(value: int) -> None:
    assert is_bitmask(value, wide=True) == (value in BITMASKS)
    low = value % 2**32
    assert is_bitmask(low, wide=False) == (low * 2**32 + low in BITMASKS)


sixteenths = st.sampled_from((0, 0, 0xFFFF, 0xFFFF, 1, 0x8000)) | st.integers(0, 0xFFFF)


@given(st.tuples(sixteenths, sixteenths, sixteenths, sixteenths))
def test_a_wide_move_makes_16_bits_among_all_zeros_or_all_ones(
    quarters: tuple[int, int, int, int],
) -> None:
    value = sum(quarter * 65536**n for n, quarter in enumerate(quarters))
    plain = quarters.count(0) >= 3 or quarters.count(0xFFFF) >= 3
    assert is_wide_move(value, wide=True) == plain
    narrow = 0 in quarters[:2] or 0xFFFF in quarters[:2]
    assert is_wide_move(value % 2**32, wide=False) == narrow
