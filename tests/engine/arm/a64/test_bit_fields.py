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
