from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.arm.a64.branches import BranchCondition
from engine.arm.a64.computation import FLAGS
from engine.arm.a64.conditionals import ConditionalCompare, ConditionalSelect, OtherwiseKind
from engine.arm.a64.data_processing import ArithmeticOperation
from engine.arm.a64.operand_forms import Immediate, Shifted
from engine.arm.program import Instruction

ADD, SUB = ArithmeticOperation.ADD, ArithmeticOperation.SUB
EQ, NE, CS, CC = (BranchCondition(name) for name in ("eq", "ne", "cs", "cc"))
PLUS, INVERTED, NEGATED = OtherwiseKind.PLUS_ONE, OtherwiseKind.INVERTED, OtherwiseKind.NEGATED


@pytest.mark.parametrize(
    ("text", "instruction"),
    [
        ("csel x0, x1, x2, eq", ConditionalSelect(EQ, 0, 1, 2)),
        ("csinc w0, w1, wzr, hs", ConditionalSelect(CS, 0, 1, 31, PLUS, False)),
        ("cset x0, ne", ConditionalSelect(EQ, 0, 31, 31, PLUS)),
        ("csetm x0, lo", ConditionalSelect(CS, 0, 31, 31, INVERTED)),
        ("cinc x0, x1, eq", ConditionalSelect(NE, 0, 1, 1, PLUS)),
        ("cneg w0, w1, cs", ConditionalSelect(CC, 0, 1, 1, NEGATED, False)),
        ("ccmp x1, x2, #4, ne", ConditionalCompare(SUB, NE, 1, Shifted(2), 4)),
        ("ccmn w1, #31, #0, eq", ConditionalCompare(ADD, EQ, 1, Immediate(31), 0, False)),
    ],
)
def test_what_the_flags_decide(
    guest: Callable[[str], tuple[Instruction, ...]], text: str, instruction: Instruction
) -> None:
    assert guest(text) == (instruction,)


def test_flags_and_both_registers_come_into_what_is_selected() -> None:
    assert set(ConditionalSelect(EQ, 0, 1, 2).flows()) == {(1, 0), (2, 0), (FLAGS, 0)}
    assert set(ConditionalCompare(SUB, NE, 1, Shifted(2), 4).flows()) == {(1, FLAGS), (2, FLAGS)}
