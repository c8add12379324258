from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.arm.a64.data_processing import Arithmetic, ArithmeticOperation, Logic, LogicOperation
from engine.arm.a64.operand_forms import Immediate, Shifted, ShiftKind
from engine.arm.a64.register_moves import MoveImmediate, MoveKeep, MoveRegister
from engine.arm.program import Instruction

ADD, SUB = ArithmeticOperation.ADD, ArithmeticOperation.SUB
AND, ORR = LogicOperation.AND, LogicOperation.ORR
BIC, EOR = LogicOperation.BIC, LogicOperation.EOR
LSL, LSR, ASR = ShiftKind.LSL, ShiftKind.LSR, ShiftKind.ASR
ALL = 2**64 - 1


@pytest.mark.parametrize(
    ("text", "instruction"),
    [
        ("mov x0, #1", MoveImmediate(0, 1)),
        ("mov x0, 0xffff000000000000", MoveImmediate(0, 0xFFFF << 48)),
        ("mov x0, #-1", MoveImmediate(0, ALL)),
        ("mov x0, #~0x12340000", MoveImmediate(0, ALL - 0x12340000)),
        ("mov x0, #0x5555555555555555", MoveImmediate(0, 0x5555555555555555)),
        ("mov w0, #-2", MoveImmediate(0, 0xFFFFFFFE, False)),
        ("mov w0, #0xffffffff", MoveImmediate(0, 0xFFFFFFFF, False)),
        ("mov w0, #0x0ff00ff0", MoveImmediate(0, 0x0FF00FF0, False)),
        ("mov xzr, #1", MoveImmediate(31, 1)),
        ("mov x1, x2", MoveRegister(1, 2)),
        ("mov w1, wzr", MoveRegister(1, 31, False)),
        ("mov lr, fp", MoveRegister(30, 29)),
        ("mov ip0, ip1", MoveRegister(16, 17)),
        ("MOV X1, Xzr", MoveRegister(1, 31)),
        ("movz x1, #0xffff, lsl #48", MoveImmediate(1, 0xFFFF << 48)),
        ("movz w1, #1, LSL 16", MoveImmediate(1, 0x10000, False)),
        ("movn x1, #0", MoveImmediate(1, ALL)),
        ("movn w1, #1, lsl #16", MoveImmediate(1, 0xFFFEFFFF, False)),
        ("movk x1, #7", MoveKeep(1, 7)),
        ("movk x1, #65535, lsl #32", MoveKeep(1, 65535, 32)),
        ("movk w1, #1, lsl #16", MoveKeep(1, 1, 16, False)),
        ("mov sp, x1", MoveRegister(32, 1)),
        ("mov x29, sp", MoveRegister(29, 32)),
        ("adr x1, payload", MoveImmediate(1, 0x4000_0040)),
        ("adrp x1, payload", MoveImmediate(1, 0x4000_0000)),
        ("adr x1, .", MoveImmediate(1, 0x20_0000)),
        ("adr x1, 1f; 1:", MoveImmediate(1, 0x20_0004)),
        ("adrp x1, here; here:", MoveImmediate(1, 0x20_0000)),
        ("ldr x1, =here; here:", MoveImmediate(1, 0x20_0004)),
    ],
)
def test_moves(
    guest: Callable[[str], tuple[Instruction, ...]], text: str, instruction: Instruction
) -> None:
    assert guest(text) == (instruction,)


@pytest.mark.parametrize(
    ("text", "instruction"),
    [
        ("add x0, x1, x2", Arithmetic(ADD, 0, 1, Shifted(2))),
        ("add x0, x1, :lo12:payload", Arithmetic(ADD, 0, 1, Immediate(0x40))),
        ("add x0, x1, #4095", Arithmetic(ADD, 0, 1, Immediate(4095))),
        ("add x0, x1, #1, lsl #12", Arithmetic(ADD, 0, 1, Immediate(4096))),
        ("add x0, x1, #1, lsl #0", Arithmetic(ADD, 0, 1, Immediate(1))),
        ("add x0, x1, #0xfff000", Arithmetic(ADD, 0, 1, Immediate(0xFFF000))),
        ("add x0, x1, #-1", Arithmetic(SUB, 0, 1, Immediate(1))),
        ("sub w0, w1, #-4096", Arithmetic(ADD, 0, 1, Immediate(4096), False, False)),
        ("adds x0, x1, x2, lsl #63", Arithmetic(ADD, 0, 1, Shifted(2, LSL, 63), True)),
        ("sub w0, w1, w2, asr #31", Arithmetic(SUB, 0, 1, Shifted(2, ASR, 31), False, False)),
        ("subs xzr, x1, #2", Arithmetic(SUB, 31, 1, Immediate(2), True)),
        ("cmp x1, #2", Arithmetic(SUB, 31, 1, Immediate(2), True)),
        ("cmp w1, w2, lsr #1", Arithmetic(SUB, 31, 1, Shifted(2, LSR, 1), True, False)),
        ("cmp xzr, x1", Arithmetic(SUB, 31, 31, Shifted(1), True)),
        ("cmp x1, #-2", Arithmetic(ADD, 31, 1, Immediate(2), True)),
        ("cmn x1, x2", Arithmetic(ADD, 31, 1, Shifted(2), True)),
        ("neg x0, x1", Arithmetic(SUB, 0, 31, Shifted(1))),
        ("negs w0, w1, lsl #2", Arithmetic(SUB, 0, 31, Shifted(1, LSL, 2), True, False)),
    ],
)
def test_arithmetic(
    guest: Callable[[str], tuple[Instruction, ...]], text: str, instruction: Instruction
) -> None:
    assert guest(text) == (instruction,)


@pytest.mark.parametrize(
    ("text", "instruction"),
    [
        ("and x0, x1, x2", Logic(AND, 0, 1, Shifted(2))),
        ("and x0, x1, #~4", Logic(AND, 0, 1, Immediate(ALL - 4))),
        ("and w0, w1, #~4", Logic(AND, 0, 1, Immediate(0xFFFFFFFB), False, False)),
        ("ands xzr, x1, #1", Logic(AND, 31, 1, Immediate(1), True)),
        ("orr x0, xzr, #0b101 & 4", Logic(ORR, 0, 31, Immediate(4))),
        ("orr x3, x3, #(1 << 2)", Logic(ORR, 3, 3, Immediate(4))),
        ("eor x0, x1, x2, lsr #3", Logic(EOR, 0, 1, Shifted(2, LSR, 3))),
        ("bic x0, x1, #5 - 1", Logic(BIC, 0, 1, Immediate(4))),
        ("bics w0, w1, w2", Logic(BIC, 0, 1, Shifted(2), True, False)),
        ("tst x1, #0xff", Logic(AND, 31, 1, Immediate(0xFF), True)),
        ("tst w1, w2, asr #1", Logic(AND, 31, 1, Shifted(2, ASR, 1), True, False)),
        ("lsl x0, x1, #3", Logic(ORR, 0, 31, Shifted(1, LSL, 3))),
        ("lsr w0, w1, #31", Logic(ORR, 0, 31, Shifted(1, LSR, 31), False, False)),
        ("asr x0, x1, 63", Logic(ORR, 0, 31, Shifted(1, ASR, 63))),
    ],
)
def test_logic_and_shifts(
    guest: Callable[[str], tuple[Instruction, ...]], text: str, instruction: Instruction
) -> None:
    assert guest(text) == (instruction,)
