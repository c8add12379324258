"""What data processing instructions and branches do to a core."""

from __future__ import annotations

import attrs

from engine.arm.core import MASK32, C, Core, N, V, Z
from engine.arm.instructions import (
    Arithmetic,
    ArithmeticOperation,
    Branch,
    BranchIf,
    CompareBranch,
    Computation,
    Condition,
    Immediate,
    Logic,
    LogicOperation,
    MoveImmediate,
    MoveKeep,
    MoveRegister,
    Operand,
    Shifted,
    ShiftKind,
    TestBranch,
)
from engine.arm.registers import MASK


def compute(core: Core, instruction: Computation) -> Core:
    """Return the core after an instruction: registers, flags, and the pc advanced or branched."""
    match instruction:
        case MoveImmediate(target, value, wide):
            return core.write(target, value, wide).step()
        case MoveKeep(target, value, shift, wide):
            kept = core.read(target, wide) & ~(0xFFFF << shift)
            return core.write(target, kept | value << shift, wide).step()
        case MoveRegister(target, source, wide):
            return core.write(target, core.read(source, wide), wide).step()
        case Arithmetic():
            return _arithmetic(core, instruction).step()
        case Logic():
            return _logic(core, instruction).step()
        case Branch() | BranchIf() | CompareBranch() | TestBranch():
            return core.jump(instruction.target) if branches(core, instruction) else core.step()


def branches(core: Core, instruction: Computation) -> bool:
    """Say whether an instruction is a branch that is taken."""
    match instruction:
        case Branch():
            return True
        case BranchIf(condition):
            return holds(condition, core.nzcv)
        case CompareBranch(register, nonzero, _, wide):
            return (core.read(register, wide) != 0) == nonzero
        case TestBranch(register, bit, nonzero):
            return bool(core.read(register) >> bit & 1) == nonzero
        case MoveImmediate() | MoveKeep() | MoveRegister() | Arithmetic() | Logic():
            return False


def holds(condition: Condition, nzcv: int) -> bool:
    """Say whether the flags meet a condition (Arm ARM C1.2.4; NV is always met, like AL)."""
    n, z, c, v = (bool(nzcv & flag) for flag in (N, Z, C, V))
    match condition:
        case Condition.EQ:
            return z
        case Condition.NE:
            return not z
        case Condition.CS:
            return c
        case Condition.CC:
            return not c
        case Condition.MI:
            return n
        case Condition.PL:
            return not n
        case Condition.VS:
            return v
        case Condition.VC:
            return not v
        case Condition.HI:
            return c and not z
        case Condition.LS:
            return not c or z
        case Condition.GE:
            return n == v
        case Condition.LT:
            return n != v
        case Condition.GT:
            return n == v and not z
        case Condition.LE:
            return n != v or z
        case Condition.AL | Condition.NV:
            return True


def _arithmetic(core: Core, instruction: Arithmetic) -> Core:
    wide = instruction.wide
    left = core.read(instruction.left, wide)
    right = _operand(core, instruction.right, wide)
    match instruction.operation:
        case ArithmeticOperation.ADD:
            result, nzcv = _add_with_carry(left, right, 0, wide)
        case ArithmeticOperation.SUB:
            # A subtraction is the addition of the complement and 1, carry included.
            result, nzcv = _add_with_carry(left, right ^ _mask(wide), 1, wide)
    return _finish(core, instruction, result, nzcv)


def _logic(core: Core, instruction: Logic) -> Core:
    wide = instruction.wide
    left = core.read(instruction.left, wide)
    right = _operand(core, instruction.right, wide)
    match instruction.operation:
        case LogicOperation.AND:
            result = left & right
        case LogicOperation.ORR:
            result = left | right
        case LogicOperation.BIC:
            result = left & ~right
        case LogicOperation.EOR:
            result = left ^ right
    # Logical instructions clear C and V (Arm ARM C6.2, ANDS).
    return _finish(core, instruction, result, _negative_and_zero(result, wide))


def _finish(core: Core, instruction: Arithmetic | Logic, result: int, nzcv: int) -> Core:
    written = core.write(instruction.target, result, instruction.wide)
    return attrs.evolve(written, nzcv=nzcv) if instruction.set_flags else written


def _operand(core: Core, operand: Operand, wide: bool) -> int:
    match operand:
        case Immediate(value):
            return value
        case Shifted(register, kind, amount):
            return _shift(core.read(register, wide), kind, amount, wide)


def _shift(value: int, kind: ShiftKind, amount: int, wide: bool) -> int:
    match kind:
        case ShiftKind.LSL:
            return value << amount & _mask(wide)
        case ShiftKind.LSR:
            return value >> amount
        case ShiftKind.ASR:
            return _signed(value, wide) >> amount & _mask(wide)


def _add_with_carry(left: int, right: int, carry: int, wide: bool) -> tuple[int, int]:
    """Return the sum and its flags, as AddWithCarry() of the Arm ARM's shared pseudocode."""
    unsigned = left + right + carry
    signed = _signed(left, wide) + _signed(right, wide) + carry
    result = unsigned & _mask(wide)
    carried = C if unsigned != result else 0
    overflowed = V if signed != _signed(result, wide) else 0
    return result, _negative_and_zero(result, wide) | carried | overflowed


def _negative_and_zero(result: int, wide: bool) -> int:
    return (N if _signed(result, wide) < 0 else 0) | (Z if result == 0 else 0)


def _signed(value: int, wide: bool) -> int:
    sign = 1 << (63 if wide else 31)
    return (value ^ sign) - sign


def _mask(wide: bool) -> int:
    return MASK if wide else MASK32
