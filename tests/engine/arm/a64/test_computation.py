from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.arm.a64.computation import Computation
from engine.arm.a64.data_processing import Arithmetic, ArithmeticOperation, Logic, LogicOperation
from engine.arm.a64.operand_forms import Immediate, Operand, Shifted, ShiftKind
from engine.arm.core import Core
from engine.arm.program import Instruction
from tests.engine.arm.a64.cores import ADD, SUB, TOP, after, core, signed, values

operands: st.SearchStrategy[Operand] = st.builds(Immediate, st.integers(0, 4095)) | st.builds(
    Shifted, st.sampled_from((2, 31)), st.sampled_from(ShiftKind), st.integers(0, 31)
)


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
