"""Arithmetic and logic: their values, what they compute, and how GNU as writes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum, unique
from functools import partial
from typing import Final

import attrs

from engine.arm.a64.computation import FLAGS, Computation, Flow
from engine.arm.a64.operand_forms import (
    Extended,
    Immediate,
    Operand,
    Shifted,
    ShiftKind,
    added_register,
    mask_of,
    operand_value,
    registers_of,
    shift_amount,
    shifted,
    shifted_value,
    sign_extended,
)
from engine.arm.a64.register_moves import left_shift
from engine.arm.assembly.expressions import constant, is_bitmask, low12, unsigned
from engine.arm.assembly.operands import OperandReader, Operands, Register
from engine.arm.core import SP, ZERO, C, Core, N, V, Z


@unique
class ArithmeticOperation(Enum):
    """What `Arithmetic` does; the value is the mnemonic without its flag-setting s."""

    ADD = "add"
    SUB = "sub"


@unique
class LogicOperation(Enum):
    """What `Logic` does; the value is the mnemonic without its flag-setting s."""

    AND = "and"
    ORR = "orr"
    BIC = "bic"
    EOR = "eor"
    ORN = "orn"
    EON = "eon"


@attrs.frozen
class Arithmetic(Computation):
    """`add`, `sub`, their flag-setting and carrying forms, and `cmp`, `cmn`, `neg` of them."""

    operation: ArithmeticOperation
    target: int
    left: int
    right: Operand
    set_flags: bool = False
    wide: bool = True
    carries: bool = False
    """It is `adc` or `sbc`, which take the flag C in."""

    def compute(self, core: Core) -> Core:
        """Return the core with the sum or difference, and the flags where they are set."""
        left, right = core.read(self.left, self.wide), operand_value(core, self.right, self.wide)
        result, nzcv = sum_and_flags(
            self.operation, left, right, self.wide, bool(core.nzcv & C) if self.carries else None
        )
        return _finished(core, self, result, nzcv)

    def flows(self) -> Iterator[Flow]:
        """Yield that the operands come into the target, and into the flags where they are set."""
        yield from _combined(self)
        if self.carries:
            yield FLAGS, self.target


@attrs.frozen
class Logic(Computation):
    """`and`, `orr`, `eor`, `bic`, `ands`, `bics`, and `tst` and the shifts made of them."""

    operation: LogicOperation
    target: int
    left: int
    right: Operand
    set_flags: bool = False
    wide: bool = True

    def compute(self, core: Core) -> Core:
        """Return the core with the bits combined, and the flags where they are set."""
        left, right = core.read(self.left, self.wide), operand_value(core, self.right, self.wide)
        match self.operation:
            case LogicOperation.AND:
                result = left & right
            case LogicOperation.ORR:
                result = left | right
            case LogicOperation.BIC:
                result = left & ~right
            case LogicOperation.EOR:
                result = left ^ right
            case LogicOperation.ORN:
                result = left | right ^ mask_of(self.wide)
            case LogicOperation.EON:
                result = left ^ right ^ mask_of(self.wide)
        # Logical instructions clear C and V (Arm ARM C6.2, ANDS).
        return _finished(core, self, result, _negative_and_zero(result, self.wide))

    def flows(self) -> Iterator[Flow]:
        """Yield that the operands come into the target, and into the flags where they are set."""
        return _combined(self)


@attrs.frozen
class ShiftByRegister(Computation):
    """`lsl`, `lsr`, `asr` or `ror` by what a register holds, modulo the width."""

    kind: ShiftKind
    target: int
    source: int
    amount: int
    wide: bool = True

    def compute(self, core: Core) -> Core:
        """Return the core with the source shifted in the target."""
        amount = core.read(self.amount) & (63 if self.wide else 31)
        value = shifted_value(core.read(self.source, self.wide), self.kind, amount, self.wide)
        return core.write(self.target, value, self.wide).step()

    def flows(self) -> Iterator[Flow]:
        """Yield that the source and the amount come into the target."""
        yield self.source, self.target
        yield self.amount, self.target


def _finished(core: Core, instruction: Arithmetic | Logic, result: int, nzcv: int) -> Core:
    written = core.write(instruction.target, result, instruction.wide).step()
    return attrs.evolve(written, nzcv=nzcv) if instruction.set_flags else written


def _combined(instruction: Arithmetic | Logic) -> Iterator[Flow]:
    for source in (instruction.left, *registers_of(instruction.right)):
        yield source, instruction.target
        if instruction.set_flags:
            yield source, FLAGS


def sum_and_flags(
    operation: ArithmeticOperation, left: int, right: int, wide: bool, carry: bool | None = None
) -> tuple[int, int]:
    """Return a sum or difference with its flags; `carry` is the flag C where it is taken in."""
    match operation:
        case ArithmeticOperation.ADD:
            return _add_with_carry(left, right, int(carry or 0), wide)
        case ArithmeticOperation.SUB:
            # A subtraction is the addition of the complement and 1, carry included.
            return _add_with_carry(
                left, right ^ mask_of(wide), 1 if carry is None else int(carry), wide
            )


def _add_with_carry(left: int, right: int, carry: int, wide: bool) -> tuple[int, int]:
    """Return the sum and its flags, as AddWithCarry() of the Arm ARM's shared pseudocode."""
    unsigned = left + right + carry
    signed = _signed(left, wide) + _signed(right, wide) + carry
    result = unsigned & mask_of(wide)
    carried = C if unsigned != result else 0
    overflowed = V if signed != _signed(result, wide) else 0
    return result, _negative_and_zero(result, wide) | carried | overflowed


def _negative_and_zero(result: int, wide: bool) -> int:
    return (N if _signed(result, wide) < 0 else 0) | (Z if result == 0 else 0)


def _signed(value: int, wide: bool) -> int:
    return sign_extended(value, 64 if wide else 32)


_IMMEDIATE12: Final = (1 << 12) - 1
_ADD: Final = ArithmeticOperation.ADD
_SUB: Final = ArithmeticOperation.SUB
_OPPOSITE: Final = {_ADD: _SUB, _SUB: _ADD}


def _arithmetic(
    operands: Operands, *, operation: ArithmeticOperation, set_flags: bool
) -> Computation:
    target = operands.register() if set_flags else operands.register_or_sp()
    operands.comma()
    left = operands.register_or_sp(target.wide)
    operands.comma()
    stack = SP in (target.number, left.number)
    if not set_flags and (stack or not operands.at_register()):
        operands.not_zero(target)
    operation, right = _added(operands, operation, left, stack=stack)
    return Arithmetic(operation, target.number, left.number, right, set_flags, target.wide)


def _compare(operands: Operands, *, operation: ArithmeticOperation) -> Computation:
    left = operands.register_or_sp()
    operands.comma()
    operation, right = _added(operands, operation, left, stack=left.number == SP)
    return Arithmetic(operation, ZERO, left.number, right, True, left.wide)


def _negate(operands: Operands, *, set_flags: bool) -> Computation:
    target = operands.register()
    operands.comma()
    right = shifted(operands, target.wide)
    return Arithmetic(ArithmeticOperation.SUB, target.number, ZERO, right, set_flags, target.wide)


def _with_carry(
    operands: Operands, *, operation: ArithmeticOperation, set_flags: bool
) -> Computation:
    target = operands.register()
    operands.comma()
    left = operands.register(target.wide)
    operands.comma()
    right = Shifted(operands.register(target.wide).number)
    return Arithmetic(
        operation, target.number, left.number, right, set_flags, target.wide, carries=True
    )


def _added(
    operands: Operands, operation: ArithmeticOperation, left: Register, *, stack: bool
) -> tuple[ArithmeticOperation, Operand]:
    """Read the last operand of an add or sub; as GNU as does, turn a negative one around."""
    if stack or not operands.at_register():
        operands.not_zero(left)
    if operands.at_register():
        right = added_register(operands, left.wide, stack=stack)
        if isinstance(right, Extended):
            operands.not_zero(left)
        return operation, right
    if operands.at(":"):
        return operation, Immediate(low12(operands))
    value, start = constant(operands)
    size, shift = abs(value), 0
    if operands.accept(","):
        shift = left_shift(operands, (0, 12))
    elif size > _IMMEDIATE12 and not size & _IMMEDIATE12:
        size, shift = size >> 12, 12
    if size > _IMMEDIATE12:
        expected = "a value from 0 to 4095, or a multiple of 4096 up to 4095 * 4096"
        raise operands.error(start, expected, operands.since(start))
    return _OPPOSITE[operation] if value < 0 else operation, Immediate(size << shift)


def _logic(operands: Operands, *, operation: LogicOperation, set_flags: bool) -> Computation:
    target = operands.register() if set_flags else operands.register_or_sp()
    operands.comma()
    left = operands.register(target.wide)
    operands.comma()
    if operands.at_register():
        operands.not_sp(target)
    elif not set_flags:
        operands.not_zero(target)
    right = _masked(operands, target.wide)
    return Logic(operation, target.number, left.number, right, set_flags, target.wide)


def _test(operands: Operands) -> Computation:
    left = operands.register()
    operands.comma()
    right = _masked(operands, left.wide)
    return Logic(LogicOperation.AND, ZERO, left.number, right, True, left.wide)


def _masked(operands: Operands, wide: bool) -> Operand:
    if operands.at_register():
        return shifted(operands, wide, rotates=True)
    value, start = constant(operands)
    bits = unsigned(operands, value, start, wide)
    # What is encoded repeats and rotates a run of ones, and so does its complement.
    if not is_bitmask(bits, wide):
        expected = "a bitmask: a run of ones, rotated or repeated (else use a register)"
        raise operands.error(start, expected, operands.since(start))
    return Immediate(bits)


def _mvn(operands: Operands) -> Computation:
    target = operands.register()
    operands.comma()
    right = shifted(operands, target.wide, rotates=True)
    return Logic(LogicOperation.ORN, target.number, ZERO, right, False, target.wide)


def _shift(operands: Operands, *, kind: ShiftKind) -> Computation:
    target = operands.register()
    operands.comma()
    source = operands.register(target.wide)
    operands.comma()
    if operands.at_register():
        amount = operands.register(target.wide).number
        return ShiftByRegister(kind, target.number, source.number, amount, target.wide)
    right = Shifted(source.number, kind, shift_amount(operands, target.wide))
    return Logic(LogicOperation.ORR, target.number, ZERO, right, False, target.wide)


DATA_PROCESSING: Final[Mapping[str, OperandReader[Computation]]] = {
    "add": partial(_arithmetic, operation=_ADD, set_flags=False),
    "adds": partial(_arithmetic, operation=_ADD, set_flags=True),
    "sub": partial(_arithmetic, operation=_SUB, set_flags=False),
    "subs": partial(_arithmetic, operation=_SUB, set_flags=True),
    "cmp": partial(_compare, operation=_SUB),
    "cmn": partial(_compare, operation=_ADD),
    "neg": partial(_negate, set_flags=False),
    "negs": partial(_negate, set_flags=True),
    "adc": partial(_with_carry, operation=_ADD, set_flags=False),
    "adcs": partial(_with_carry, operation=_ADD, set_flags=True),
    "sbc": partial(_with_carry, operation=_SUB, set_flags=False),
    "sbcs": partial(_with_carry, operation=_SUB, set_flags=True),
    **{o.value: partial(_logic, operation=o, set_flags=False) for o in LogicOperation},
    "ands": partial(_logic, operation=LogicOperation.AND, set_flags=True),
    "bics": partial(_logic, operation=LogicOperation.BIC, set_flags=True),
    "tst": _test,
    "mvn": _mvn,
    **{kind.value: partial(_shift, kind=kind) for kind in ShiftKind},
}
"""What needs the core alone, and does not branch."""
