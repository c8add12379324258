from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.arm.a64.memory import Load, Store
from engine.arm.a64.register_moves import MoveImmediate
from engine.arm.program import Instruction


@pytest.mark.parametrize(
    ("text", "instruction"),
    [
        ("ldr x0, [x1]", Load(0, 1)),
        ("ldr xzr, [x1, #8]", Load(31, 1, 8)),
        ("ldr x0, [x1, 32760]", Load(0, 1, 32760)),
        ("ldr x0, [x1, #-256]", Load(0, 1, -256)),
        ("ldr x0, [x1, #255]", Load(0, 1, 255)),
        ("ldar x0, [x1]", Load(0, 1, acquire=True)),
        ("ldar x0, [x1, #0]", Load(0, 1, acquire=True)),
        ("str x2, [x1]", Store(2, 1)),
        ("STR XZR, [LR, #2 * 8]", Store(31, 30, 16)),
        ("stlr x2, [x1]", Store(2, 1, release=True)),
        ("ldr x0, =flag", MoveImmediate(0, 0x4000_0000)),
        ("ldr x0, =payload + 8", MoveImmediate(0, 0x4000_0048)),
        ("ldr x0, =0x123456789abcdef0", MoveImmediate(0, 0x123456789ABCDEF0)),
        ("ldr x0, =-1", MoveImmediate(0, 2**64 - 1)),
        ("ldr w0, =0x12345678", MoveImmediate(0, 0x12345678, False)),
    ],
)
def test_loads_and_stores(
    guest: Callable[[str], tuple[Instruction, ...]], text: str, instruction: Instruction
) -> None:
    assert guest(text) == (instruction,)
