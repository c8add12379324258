from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.arm.a64.bit_fields import (
    BitField,
    Extract,
    FieldKind,
    OneRegister,
    OneRegisterOperation,
    TwoRegisterOperation,
    TwoRegisters,
)
from engine.arm.a64.computation import Computation
from engine.arm.core import Core
from engine.arm.program import Instruction
from engine.refusal import RefusedError

ZEROS, SIGNED, KEPT = FieldKind.UNSIGNED, FieldKind.SIGNED, FieldKind.KEPT
MADD = TwoRegisterOperation.MULTIPLY_ADD


@pytest.mark.parametrize(
    ("text", "instruction"),
    [
        ("ubfx x0, x1, #16, #4", BitField(ZEROS, 0, 1, 16, 0, 4)),
        ("sbfiz w0, w1, #3, #5", BitField(SIGNED, 0, 1, 0, 3, 5, False)),
        ("bfi x10, x9, #32, #3", BitField(KEPT, 10, 9, 0, 32, 3)),
        ("bfxil x0, x1, #8, #8", BitField(KEPT, 0, 1, 8, 0, 8)),
        ("bfc x0, #4, #60", BitField(KEPT, 0, 31, 0, 4, 60)),
        ("sxtw x0, w1", BitField(SIGNED, 0, 1, 0, 0, 32)),
        ("uxtb w0, w1", BitField(ZEROS, 0, 1, 0, 0, 8, False)),
        ("clz w5, w3", OneRegister(OneRegisterOperation.CLZ, 5, 3, False)),
        ("mul x0, x1, x2", TwoRegisters(MADD, 0, 1, 2)),
        ("madd x0, x1, x2, x3", TwoRegisters(MADD, 0, 1, 2, 3)),
        ("extr x0, x1, x2, #8", Extract(0, 1, 2, 8)),
    ],
)
def test_what_takes_registers_apart_and_puts_them_together(
    guest: Callable[[str], tuple[Instruction, ...]], text: str, instruction: Instruction
) -> None:
    assert guest(text) == (instruction,)


def test_what_is_computed_flows_into_the_target() -> None:
    assert set(BitField(KEPT, 10, 9, 0, 32, 3).flows()) == {(9, 10)}
    assert set(TwoRegisters(MADD, 0, 1, 2, 3).flows()) == {(1, 0), (2, 0), (3, 0)}
    assert set(Extract(0, 1, 2, 8).flows()) == {(1, 0), (2, 0)}


@pytest.mark.parametrize(("text", "most"), [("x0, x1, x2, #64", 63), ("w0, w1, w2, #32", 31)])
def test_a_window_on_two_registers_begins_within_them(
    guest: Callable[[str], tuple[Instruction, ...]], text: str, most: int
) -> None:
    assert guest(f"extr {text[:-2]}{most}")
    with pytest.raises(RefusedError, match=f"from 0 to {most}"):
        guest(f"extr {text}")


@pytest.mark.parametrize(
    ("text", "left", "right", "quotient"),
    [
        ("udiv x0, x1, x2", 100, 7, 14),
        ("udiv x0, x1, x2", -1, 2, 2**63 - 1),
        ("udiv x0, x1, x2", 100, 0, 0),
        ("udiv w0, w1, w2", -1, 2, 2**31 - 1),
        ("sdiv x0, x1, x2", -100, 7, -14),
        ("sdiv x0, x1, x2", 100, -7, -14),
        ("sdiv x0, x1, x2", -100, -7, 14),
        ("sdiv x0, x1, x2", -100, 0, 0),
        ("sdiv x0, x1, x2", 2**63, -1, 2**63),
        ("sdiv w0, w1, w2", 2**31, 2, 2**32 - 2**30),
    ],
)
def test_a_quotient_is_rounded_towards_zero_and_is_zero_where_the_divisor_is(
    guest: Callable[[str], tuple[Instruction, ...]], text: str, left: int, right: int, quotient: int
) -> None:
    (instruction,) = guest(text)
    assert isinstance(instruction, Computation)
    core = Core.reset().write(1, left % 2**64).write(2, right % 2**64)
    assert instruction.compute(core).read(0) == quotient % 2**64
