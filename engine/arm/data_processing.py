"""Moves, arithmetic and logic as GNU as writes them, each read into one of the model's."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from engine.arm.core import MASK32, ZERO
from engine.arm.expressions import between, constant, is_bitmask, is_wide_move, unsigned
from engine.arm.instructions import (
    Arithmetic,
    ArithmeticOperation,
    Immediate,
    Instruction,
    Logic,
    LogicOperation,
    MoveImmediate,
    MoveKeep,
    MoveRegister,
    Operand,
    Shifted,
    ShiftKind,
)
from engine.arm.operands import Operands, Reader, Register
from engine.arm.registers import MASK

_IMMEDIATE12: Final = (1 << 12) - 1
_IMMEDIATE16: Final = (1 << 16) - 1
_SHIFTS: Final = {kind.value: kind for kind in ShiftKind}
_ADD: Final = ArithmeticOperation.ADD
_SUB: Final = ArithmeticOperation.SUB
_OPPOSITE: Final = {_ADD: _SUB, _SUB: _ADD}


def _mov(operands: Operands) -> Instruction:
    target = operands.register()
    operands.comma()
    if operands.at_register():
        source = operands.register(target.wide)
        return MoveRegister(target.number, source.number, target.wide)
    value, start = constant(operands)
    bits = unsigned(operands, value, start, target.wide)
    if is_wide_move(bits, target.wide):
        return MoveImmediate(target.number, bits, target.wide)
    if not is_bitmask(bits, target.wide):
        load = f"ldr {target.token.text}, =value"
        expected = f"a value that one movz, movn or orr makes (try {load}, or movz and movk)"
        raise operands.error(start, expected, operands.since(start))
    operands.not_zero(target)
    return MoveImmediate(target.number, bits, target.wide)


def _mov16(operands: Operands, *, inverted: bool) -> Instruction:
    target, value, shift = _immediate16(operands)
    bits = value << shift
    mask = MASK if target.wide else MASK32
    return MoveImmediate(target.number, bits ^ mask if inverted else bits, target.wide)


def _movk(operands: Operands) -> Instruction:
    target, value, shift = _immediate16(operands)
    return MoveKeep(target.number, value, shift, target.wide)


def _immediate16(operands: Operands) -> tuple[Register, int, int]:
    target = operands.register()
    operands.comma()
    value = between(operands, 0, _IMMEDIATE16, "a 16-bit value")
    shifts = (0, 16, 32, 48) if target.wide else (0, 16)
    shift = _left_shift(operands, shifts) if operands.accept(",") else 0
    return target, value, shift


def _left_shift(operands: Operands, amounts: tuple[int, ...]) -> int:
    operands.expect("lsl", "lsl")
    amount, start = constant(operands)
    if amount not in amounts:
        expected = f"a shift of {' or '.join(map(str, amounts))}"
        raise operands.error(start, expected, operands.since(start))
    return amount


def _shifted(operands: Operands, wide: bool) -> Shifted:
    register = operands.register(wide).number
    if not operands.accept(","):
        return Shifted(register)
    kind = operands.member(_SHIFTS, "a shift")
    return Shifted(register, kind, _amount(operands, wide))


def _amount(operands: Operands, wide: bool) -> int:
    return between(operands, 0, 63 if wide else 31, "a shift")


def _arithmetic(
    operands: Operands, *, operation: ArithmeticOperation, set_flags: bool
) -> Instruction:
    target = operands.register()
    operands.comma()
    left = operands.register(target.wide)
    operands.comma()
    if not operands.at_register() and not set_flags:
        operands.not_zero(target)
    operation, right = _added(operands, operation, left)
    return Arithmetic(operation, target.number, left.number, right, set_flags, target.wide)


def _compare(operands: Operands, *, operation: ArithmeticOperation) -> Instruction:
    left = operands.register()
    operands.comma()
    operation, right = _added(operands, operation, left)
    return Arithmetic(operation, ZERO, left.number, right, True, left.wide)


def _negate(operands: Operands, *, set_flags: bool) -> Instruction:
    target = operands.register()
    operands.comma()
    right = _shifted(operands, target.wide)
    return Arithmetic(ArithmeticOperation.SUB, target.number, ZERO, right, set_flags, target.wide)


def _added(
    operands: Operands, operation: ArithmeticOperation, left: Register
) -> tuple[ArithmeticOperation, Operand]:
    """Read the last operand of an add or sub; as GNU as does, turn a negative one around."""
    if operands.at_register():
        return operation, _shifted(operands, left.wide)
    operands.not_zero(left)
    value, start = constant(operands)
    size, shift = abs(value), 0
    if operands.accept(","):
        shift = _left_shift(operands, (0, 12))
    elif size > _IMMEDIATE12 and not size & _IMMEDIATE12:
        size, shift = size >> 12, 12
    if size > _IMMEDIATE12:
        expected = "a value from 0 to 4095, or a multiple of 4096 up to 4095 * 4096"
        raise operands.error(start, expected, operands.since(start))
    return _OPPOSITE[operation] if value < 0 else operation, Immediate(size << shift)


def _logic(operands: Operands, *, operation: LogicOperation, set_flags: bool) -> Instruction:
    target = operands.register()
    operands.comma()
    left = operands.register(target.wide)
    operands.comma()
    if not operands.at_register() and not set_flags:
        operands.not_zero(target)
    right = _masked(operands, target.wide)
    return Logic(operation, target.number, left.number, right, set_flags, target.wide)


def _test(operands: Operands) -> Instruction:
    left = operands.register()
    operands.comma()
    right = _masked(operands, left.wide)
    return Logic(LogicOperation.AND, ZERO, left.number, right, True, left.wide)


def _masked(operands: Operands, wide: bool) -> Operand:
    if operands.at_register():
        return _shifted(operands, wide)
    value, start = constant(operands)
    bits = unsigned(operands, value, start, wide)
    # What is encoded repeats and rotates a run of ones, and so does its complement.
    if not is_bitmask(bits, wide):
        expected = "a bitmask: a run of ones, rotated or repeated (else use a register)"
        raise operands.error(start, expected, operands.since(start))
    return Immediate(bits)


def _shift(operands: Operands, *, kind: ShiftKind) -> Instruction:
    target = operands.register()
    operands.comma()
    source = operands.register(target.wide)
    operands.comma()
    if operands.at_register():
        raise operands.error(operands.token, "a constant (shifts by a register are not modelled)")
    right = Shifted(source.number, kind, _amount(operands, target.wide))
    return Logic(LogicOperation.ORR, target.number, ZERO, right, False, target.wide)


DATA_PROCESSING: Final[Mapping[str, Reader]] = {
    "mov": _mov,
    "movz": partial(_mov16, inverted=False),
    "movn": partial(_mov16, inverted=True),
    "movk": _movk,
    "add": partial(_arithmetic, operation=_ADD, set_flags=False),
    "adds": partial(_arithmetic, operation=_ADD, set_flags=True),
    "sub": partial(_arithmetic, operation=_SUB, set_flags=False),
    "subs": partial(_arithmetic, operation=_SUB, set_flags=True),
    "cmp": partial(_compare, operation=_SUB),
    "cmn": partial(_compare, operation=_ADD),
    "neg": partial(_negate, set_flags=False),
    "negs": partial(_negate, set_flags=True),
    **{o.value: partial(_logic, operation=o, set_flags=False) for o in LogicOperation},
    "ands": partial(_logic, operation=LogicOperation.AND, set_flags=True),
    "bics": partial(_logic, operation=LogicOperation.BIC, set_flags=True),
    "tst": _test,
    **{kind.value: partial(_shift, kind=kind) for kind in ShiftKind},
}
"""What needs the core alone, and does not branch."""
