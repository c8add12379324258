from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.arm.a64.branches import (
    BranchCondition,
    BranchIf,
    CompareBranch,
    TestBranch,
    UnconditionalBranch,
    holds,
)
from engine.arm.a64.computation import Computation
from engine.arm.a64.data_processing import Arithmetic, ArithmeticOperation, Logic, LogicOperation
from engine.arm.a64.operand_forms import Immediate, Operand, Shifted, ShiftKind
from engine.arm.a64.register_moves import MoveImmediate, MoveKeep, MoveRegister
from engine.arm.core import Core
from engine.arm.program import Instruction

ADD, SUB = ArithmeticOperation.ADD, ArithmeticOperation.SUB
TOP = 1 << 63

corners = st.sampled_from((0, 1, 2, 0x7FFF_FFFF, 1 << 31, 0xFFFF_FFFF, TOP - 1, TOP, 2**64 - 1))
values = corners | st.integers(0, 2**64 - 1)
operands: st.SearchStrategy[Operand] = st.builds(Immediate, st.integers(0, 4095)) | st.builds(
    Shifted, st.sampled_from((2, 31)), st.sampled_from(ShiftKind), st.integers(0, 31)
)


def core(x1: int = 0, x2: int = 0, nzcv: int = 0) -> Core:
    return Core((0, x1, x2, *(0,) * 28), nzcv, 10)


def after(x0: int, x1: int = 0, x2: int = 0, nzcv: int = 0) -> Core:
    return Core((x0, x1, x2, *(0,) * 28), nzcv, 11)


def signed(value: int, width: int) -> int:
    return int.from_bytes(value.to_bytes(width // 8, "big"), "big", signed=True)


def operand_value(operand: Operand, x2: int, width: int) -> int:
    """Return the operand, shifted by multiplication and division."""
    if isinstance(operand, Immediate):
        return operand.value
    assert isinstance(operand, Shifted)
    value = x2 % (1 << width) if operand.register == 2 else 0
    scale = 1 << operand.amount
    if operand.kind is ShiftKind.LSL:
        return value * scale % (1 << width)
    if operand.kind is ShiftKind.LSR:
        return value // scale
    if operand.kind is ShiftKind.ROR:
        return value // scale + value % scale * (1 << width) // scale
    return signed(value, width) // scale % (1 << width)


def flags(*, n: bool, z: bool, c: bool, v: bool) -> int:
    return 8 * n + 4 * z + 2 * c + v


@given(values, values, operands, st.sampled_from(ArithmeticOperation), st.booleans())
def test_additions_and_subtractions_agree_with_unbounded_integers(
    x1: int, x2: int, operand: Operand, operation: ArithmeticOperation, wide: bool
) -> None:
    width = 64 if wide else 32
    left, right = x1 % (1 << width), operand_value(operand, x2, width)
    sign = 1 if operation is ADD else -1
    exact = signed(left, width) + sign * signed(right, width)
    result = (left + sign * right) % (1 << width)
    nzcv = flags(
        n=result >= 2 ** (width - 1),
        z=result == 0,
        c=left + right >= (1 << width) if operation is ADD else left >= right,
        v=not -(2 ** (width - 1)) <= exact < 2 ** (width - 1),
    )
    before = core(x1, x2, nzcv=0b0101)
    silent = Arithmetic(operation, 0, 1, operand, False, wide)
    assert silent.compute(before) == after(result, x1, x2, nzcv=0b0101)
    flagged = Arithmetic(operation, 0, 1, operand, True, wide)
    assert flagged.compute(before) == after(result, x1, x2, nzcv)


@given(values, values, operands, st.sampled_from(LogicOperation), st.booleans())
def test_logical_instructions_agree_with_bits_taken_one_at_a_time(
    x1: int, x2: int, operand: Operand, operation: LogicOperation, wide: bool
) -> None:
    width = 64 if wide else 32
    right = operand_value(operand, x2, width)
    truth = {
        LogicOperation.AND: "0001",
        LogicOperation.ORR: "0111",
        LogicOperation.EOR: "0110",
        LogicOperation.BIC: "0010",
        LogicOperation.ORN: "1011",
        LogicOperation.EON: "1001",
    }[operation]
    pairs = zip(f"{x1 % (1 << width):064b}", f"{right:064b}", strict=True)
    result = int("".join(truth[int(a + b, 2)] for a, b in pairs), 2) % (1 << width)
    nzcv = flags(n=result >= 2 ** (width - 1), z=result == 0, c=False, v=False)
    before = core(x1, x2, nzcv=0b0011)
    silent = Logic(operation, 0, 1, operand, False, wide)
    assert silent.compute(before) == after(result, x1, x2, nzcv=0b0011)
    flagged = Logic(operation, 0, 1, operand, True, wide)
    assert flagged.compute(before) == after(result, x1, x2, nzcv)


@pytest.mark.parametrize(
    ("operation", "left", "right", "wide", "result", "nzcv"),
    [
        (ADD, 2**64 - 1, 1, True, 0, 0b0110),
        (ADD, TOP - 1, 1, True, TOP, 0b1001),
        (ADD, 2**32 - 1, 1, True, 2**32, 0b0000),
        (ADD, 2**32 - 1, 1, False, 0, 0b0110),
        (ADD, 2**31 - 1, 1, False, 2**31, 0b1001),
        (SUB, 5, 5, True, 0, 0b0110),
        (SUB, 4, 5, True, 2**64 - 1, 0b1000),
        (SUB, TOP, 1, True, TOP - 1, 0b0011),
        (SUB, 0, 0, False, 0, 0b0110),
        (SUB, 0, 1, False, 2**32 - 1, 0b1000),
    ],
)
def test_flags_at_the_corners(
    operation: ArithmeticOperation, left: int, right: int, wide: bool, result: int, nzcv: int
) -> None:
    instruction = Arithmetic(operation, 0, 1, Shifted(2), True, wide)
    assert instruction.compute(core(left, right)) == after(result, left, right, nzcv)


def test_a_comparison_writes_flags_only() -> None:
    compare = Arithmetic(SUB, 31, 1, Immediate(3), True)
    assert compare.compute(core(3)) == after(0, 3, nzcv=0b0110)


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


def test_a_branch_goes_to_its_target() -> None:
    assert UnconditionalBranch(3).compute(core(1)) == core(1).jump(3)


@pytest.mark.parametrize(
    ("value", "wide", "zero"), [(0, True, True), (1 << 32, True, False), (1 << 32, False, True)]
)
def test_cbz_and_cbnz_look_at_the_register_at_its_width(value: int, wide: bool, zero: bool) -> None:
    before = core(value)
    assert CompareBranch(1, False, 3, wide).compute(before).pc == (3 if zero else 11)
    assert CompareBranch(1, True, 3, wide).compute(before).pc == (11 if zero else 3)


@pytest.mark.parametrize("bit", [0, 31, 32, 63])
def test_tbz_and_tbnz_look_at_one_bit(bit: int) -> None:
    one, others = core(1 << bit), core(2**64 - 1 - (1 << bit))
    assert TestBranch(1, bit, True, 3).compute(one) == one.jump(3)
    assert TestBranch(1, bit, False, 3).compute(one) == one.step()
    assert TestBranch(1, bit, True, 3).compute(others) == others.step()
    assert TestBranch(1, bit, False, 3).compute(others) == others.jump(3)


@pytest.mark.parametrize(
    ("condition", "met"),
    # Column k is for NZCV = k, from 0000 to 1111.
    [
        (BranchCondition.EQ, "0000111100001111"),
        (BranchCondition.NE, "1111000011110000"),
        (BranchCondition.CS, "0011001100110011"),
        (BranchCondition.CC, "1100110011001100"),
        (BranchCondition.MI, "0000000011111111"),
        (BranchCondition.PL, "1111111100000000"),
        (BranchCondition.VS, "0101010101010101"),
        (BranchCondition.VC, "1010101010101010"),
        (BranchCondition.HI, "0011000000110000"),
        (BranchCondition.LS, "1100111111001111"),
        (BranchCondition.GE, "1010101001010101"),
        (BranchCondition.LT, "0101010110101010"),
        (BranchCondition.GT, "1010000001010000"),
        (BranchCondition.LE, "0101111110101111"),
        (BranchCondition.AL, "1111111111111111"),
        (BranchCondition.NV, "1111111111111111"),
    ],
)
def test_a_condition_is_met_by_exactly_its_flags(condition: BranchCondition, met: str) -> None:
    assert "".join(str(int(holds(condition, nzcv))) for nzcv in range(16)) == met
    for nzcv in range(16):
        before = core(nzcv=nzcv)
        taken = before.jump(3) if met[nzcv] == "1" else before.step()
        assert BranchIf(condition, 3).compute(before) == taken


@given(values, values)
def test_conditions_after_a_comparison_order_signed_and_unsigned_numbers(x1: int, x2: int) -> None:
    nzcv = Arithmetic(SUB, 31, 1, Shifted(2), True).compute(core(x1, x2)).nzcv
    s1, s2 = signed(x1, 64), signed(x2, 64)
    assert {c for c in BranchCondition if holds(c, nzcv)} - {
        *(
            BranchCondition.MI,
            BranchCondition.PL,
            BranchCondition.VS,
            BranchCondition.VC,
            BranchCondition.AL,
            BranchCondition.NV,
        )
    } == {
        BranchCondition.EQ if x1 == x2 else BranchCondition.NE,
        BranchCondition.CS if x1 >= x2 else BranchCondition.CC,
        BranchCondition.HI if x1 > x2 else BranchCondition.LS,
        BranchCondition.GE if s1 >= s2 else BranchCondition.LT,
        BranchCondition.GT if s1 > s2 else BranchCondition.LE,
    }


def computed() -> list[tuple[str, str, str]]:
    """Return instructions with x0 to x3, sp and the flags before and after, all hexadecimal.

    LLVM encoded each, and QEMU's emulation executed it.
    """
    lines = Path(__file__).with_name("computed.txt").read_text("utf-8").splitlines()
    return list(zip(lines[::3], lines[1::3], lines[2::3], strict=True))


def core_of(registers: str) -> Core:
    *x, sp, nzcv = (int(value, 16) for value in registers.split())
    return Core((*x, *(0,) * 27), nzcv, 0, sp)


@pytest.mark.parametrize(("text", "before", "then"), computed())
def test_instructions_compute_what_an_emulated_cpu_computes(
    guest: Callable[[str], tuple[Instruction, ...]], text: str, before: str, then: str
) -> None:
    (instruction,) = guest(text)
    assert isinstance(instruction, Computation)
    assert instruction.compute(core_of(before)) == core_of(then).step()
