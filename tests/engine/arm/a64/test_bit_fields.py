from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.arm.a64.computation import Computation
from engine.arm.core import Core
from engine.arm.program import Instruction

ALL = 2**64 - 1


@pytest.mark.parametrize(
    ("text", "x1", "x2", "result"),
    [
        ("ubfx x0, x1, #4, #8", 0xABC, 0, 0xAB),
        ("sbfx x0, x1, #4, #8", 0xABC, 0, ALL - 0xFF + 0xAB),
        ("bfxil x0, x1, #4, #8", 0xABC, 0, 0xFFFF_FFFF_FFFF_FFAB),
        ("ubfiz x0, x1, #4, #8", 0xABC, 0, 0xBC0),
        ("sbfiz x0, x1, #4, #8", 0xABC, 0, ALL - 0xFFF + 0xBC0),
        ("bfi x0, x1, #4, #8", 0xABC, 0, 0xFFFF_FFFF_FFFF_FBCF),
        ("bfc x0, #4, #8", 0, 0, 0xFFFF_FFFF_FFFF_F00F),
        ("sxtw x0, w1", 0x8000_0000, 0, 0xFFFF_FFFF_8000_0000),
        ("uxtb w0, w1", 0x1FF, 0, 0xFF),
        ("clz x0, x1", 1, 0, 63),
        ("clz w0, w1", 0, 0, 32),
        ("rbit x0, x1", 1, 0, 1 << 63),
        ("rev x0, x1", 0x01_02, 0, 0x0201 << 48),
        ("rev16 x0, x1", 0x0102_0304, 0, 0x0201_0403),
        ("rev32 x0, x1", 0x0102_0304, 0, 0x0403_0201),
        ("madd x0, x1, x2, x2", 5, 7, 42),
        ("mul x0, x1, x2", ALL, 2, ALL - 1),
        ("msub x0, x1, x2, xzr", 1, 1, ALL),
        ("udiv x0, x1, x2", ALL, 2, ALL >> 1),
        ("sdiv x0, x1, x2", ALL - 6, 2, ALL - 2),
        ("extr x0, x1, x2, #8", 0xAB, 0xCD00, 0xAB00_0000_0000_00CD),
    ],
)
def test_fields_counts_products_and_quotients(
    guest: Callable[[str], tuple[Instruction, ...]], text: str, x1: int, x2: int, result: int
) -> None:
    (instruction,) = guest(text)
    assert isinstance(instruction, Computation)
    before = Core.reset().write(0, ALL).write(1, x1).write(2, x2)
    assert instruction.compute(before) == before.write(0, result).step()


@pytest.mark.parametrize("text", ["udiv x0, x1, x2", "sdiv x0, x1, x2", "udiv w0, w1, w2"])
def test_a_division_by_zero_gives_zero(
    guest: Callable[[str], tuple[Instruction, ...]], text: str
) -> None:
    (instruction,) = guest(text)
    assert isinstance(instruction, Computation)
    assert instruction.compute(Core.reset().write(0, 5).write(1, 7)).read(0) == 0


def test_the_one_signed_quotient_that_does_not_fit_comes_round(
    guest: Callable[[str], tuple[Instruction, ...]],
) -> None:
    (instruction,) = guest("sdiv x0, x1, x2")
    assert isinstance(instruction, Computation)
    before = Core.reset().write(1, 1 << 63).write(2, ALL)
    assert instruction.compute(before).read(0) == 1 << 63
