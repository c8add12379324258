from __future__ import annotations

import pytest

from engine.arm.a64.computation import Computation
from engine.arm.a64.register_moves import MoveImmediate, MoveKeep, MoveRegister
from engine.arm.core import Core
from tests.engine.arm.a64.cores import after, core


@pytest.mark.parametrize(
    ("instruction", "expected"),
    [
        (MoveImmediate(0, 2**64 - 1), after(2**64 - 1, 7)),
        (MoveImmediate(0, 2**32 - 1, wide=False), after(2**32 - 1, 7)),
        (MoveImmediate(31, 1), after(0, 7)),
        (MoveRegister(0, 1), after(7, 7)),
        (MoveRegister(1, 31), after(0, 0)),
    ],
)
def test_moves_write_their_target(instruction: Computation, expected: Core) -> None:
    assert instruction.compute(core(7)) == expected


def test_a_w_move_takes_the_low_half_and_clears_the_high_half() -> None:
    assert MoveRegister(1, 1, wide=False).compute(core(2**64 - 1)) == after(0, 2**32 - 1)


@pytest.mark.parametrize("shift", [0, 16, 32, 48])
def test_movk_replaces_16_bits_and_keeps_the_others(shift: int) -> None:
    expected = 2**64 - 1 - 0xFFFF * 2**shift + 0x1234 * 2**shift
    assert MoveKeep(1, 0x1234, shift).compute(core(2**64 - 1)) == after(0, expected)


def test_movk_of_a_w_register_clears_the_high_half() -> None:
    assert MoveKeep(1, 0, 16, wide=False).compute(core(2**64 - 1)) == after(0, 0xFFFF)
