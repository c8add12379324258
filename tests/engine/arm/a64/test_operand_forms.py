from __future__ import annotations

import pytest

from engine.arm.a64.operand_forms import (
    Extended,
    ExtensionKind,
    Immediate,
    Operand,
    Shifted,
    ShiftKind,
    mask_of,
    operand_value,
    registers_of,
    shifted_value,
    sign_extended,
)
from engine.arm.core import Core

TOP = 1 << 63


@pytest.mark.parametrize(
    ("kind", "amount", "wide", "result"),
    [
        (ShiftKind.LSL, 1, True, 0x2),
        (ShiftKind.LSR, 1, True, 0x4000_0000_0000_0000),
        (ShiftKind.ASR, 1, True, 0xC000_0000_0000_0000),
        (ShiftKind.ROR, 1, True, 0xC000_0000_0000_0000),
    ],
)
def test_a_shift_drops_repeats_or_brings_round_what_leaves_the_register(
    kind: ShiftKind, amount: int, wide: bool, result: int
) -> None:
    assert shifted_value(TOP | 1, kind, amount, wide) == result


def test_a_shift_of_a_w_register_has_32_bits() -> None:
    value = 0x8000_0001
    assert [shifted_value(value, kind, 4, wide=False) for kind in ShiftKind] == [
        {
            ShiftKind.LSL: 0x10,
            ShiftKind.LSR: 0x0800_0000,
            ShiftKind.ASR: 0xF800_0000,
            ShiftKind.ROR: 0x1800_0000,
        }[kind]
        for kind in ShiftKind
    ]


@pytest.mark.parametrize(
    ("operand", "wide", "value", "registers"),
    [
        (Immediate(5), True, 5, ()),
        (Shifted(1), True, 0x1_8000_0080, (1,)),
        (Shifted(1), False, 0x8000_0080, (1,)),
        (Shifted(1, ShiftKind.LSL, 4), False, 0x800, (1,)),
        (Extended(1, ExtensionKind.UXTB, 1), True, 0x100, (1,)),
        (Extended(1, ExtensionKind.SXTB, 0), True, 0xFFFF_FFFF_FFFF_FF80, (1,)),
        (Extended(1, ExtensionKind.SXTW, 0), True, 0xFFFF_FFFF_8000_0080, (1,)),
        (Extended(1, ExtensionKind.SXTW, 0), False, 0x8000_0080, (1,)),
    ],
)
def test_an_operand_comes_to_as_many_bits_as_the_instruction_has(
    operand: Operand, wide: bool, value: int, registers: tuple[int, ...]
) -> None:
    core = Core.reset().write(1, 0x1_8000_0080)
    assert operand_value(core, operand, wide) == value
    assert tuple(registers_of(operand)) == registers


def test_bits_are_read_as_a_signed_number() -> None:
    assert [sign_extended(value, 8) for value in (0, 0x7F, 0x80, 0xFF)] == [0, 127, -128, -1]
    assert (mask_of(wide=True), mask_of(wide=False)) == (2**64 - 1, 2**32 - 1)
