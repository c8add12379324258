"""Moves, arithmetic and logic: their values, what they compute, and how GNU as writes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum, unique
from functools import partial
from typing import Final, TypeAlias

import attrs

from engine.arm.a64.computation import FLAGS, Computation, Flow
from engine.arm.assembly.expressions import (
    between,
    constant,
    is_bitmask,
    is_wide_move,
    unsigned,
)
from engine.arm.assembly.operands import OperandReader, Operands, Register
from engine.arm.core import MASK32, ZERO, C, Core, N, V, Z
from engine.arm.registers import MASK


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


@unique
class ShiftKind(Enum):
    """How a register operand may be shifted."""

    LSL = "lsl"
    LSR = "lsr"
    ASR = "asr"


@attrs.frozen
class Immediate:
    """A constant operand, shifted already; unsigned and no wider than the registers used."""

    value: int


@attrs.frozen
class Shifted:
    """A register operand, shifted left or right by `amount` bits."""

    register: int
    kind: ShiftKind = ShiftKind.LSL
    amount: int = 0


Operand: TypeAlias = Immediate | Shifted


@attrs.frozen
class MoveImmediate(Computation):
    """`mov`, `movz` or `movn` of a constant, and `ldr` of a constant or a word's address."""

    target: int
    value: int
    wide: bool = True

    def compute(self, core: Core) -> Core:
        """Return the core with the constant in the target."""
        return core.write(self.target, self.value, self.wide).step()


@attrs.frozen
class MoveKeep(Computation):
    """`movk`: replace the 16 bits from bit `shift` on."""

    target: int
    value: int
    shift: int = 0
    wide: bool = True

    def compute(self, core: Core) -> Core:
        """Return the core with 16 bits of the target replaced."""
        kept = core.read(self.target, self.wide) & ~(0xFFFF << self.shift)
        return core.write(self.target, kept | self.value << self.shift, self.wide).step()

    def flows(self) -> Iterator[Flow]:
        """Yield that the target keeps some of its bits."""
        yield self.target, self.target


@attrs.frozen
class MoveRegister(Computation):
    """`mov` of one register to another."""

    target: int
    source: int
    wide: bool = True

    def compute(self, core: Core) -> Core:
        """Return the core with the source in the target."""
        return core.write(self.target, core.read(self.source, self.wide), self.wide).step()

    def flows(self) -> Iterator[Flow]:
        """Yield that the source comes into the target."""
        yield self.source, self.target


@attrs.frozen
class Arithmetic(Computation):
    """`add`, `sub`, their flag-setting forms, and `cmp`, `cmn`, `neg` made of them."""

    operation: ArithmeticOperation
    target: int
    left: int
    right: Operand
    set_flags: bool = False
    wide: bool = True

    def compute(self, core: Core) -> Core:
        """Return the core with the sum or difference, and the flags where they are set."""
        left, right = core.read(self.left, self.wide), _value(core, self.right, self.wide)
        match self.operation:
            case ArithmeticOperation.ADD:
                result, nzcv = _add_with_carry(left, right, 0, self.wide)
            case ArithmeticOperation.SUB:
                # A subtraction is the addition of the complement and 1, carry included.
                result, nzcv = _add_with_carry(left, right ^ _mask(self.wide), 1, self.wide)
        return _finished(core, self, result, nzcv)

    def flows(self) -> Iterator[Flow]:
        """Yield that the operands come into the target, and into the flags where they are set."""
        return _combined(self)


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
        left, right = core.read(self.left, self.wide), _value(core, self.right, self.wide)
        match self.operation:
            case LogicOperation.AND:
                result = left & right
            case LogicOperation.ORR:
                result = left | right
            case LogicOperation.BIC:
                result = left & ~right
            case LogicOperation.EOR:
                result = left ^ right
        # Logical instructions clear C and V (Arm ARM C6.2, ANDS).
        return _finished(core, self, result, _negative_and_zero(result, self.wide))

    def flows(self) -> Iterator[Flow]:
        """Yield that the operands come into the target, and into the flags where they are set."""
        return _combined(self)


def _finished(core: Core, instruction: Arithmetic | Logic, result: int, nzcv: int) -> Core:
    written = core.write(instruction.target, result, instruction.wide).step()
    return attrs.evolve(written, nzcv=nzcv) if instruction.set_flags else written


def _combined(instruction: Arithmetic | Logic) -> Iterator[Flow]:
    right = instruction.right
    for source in (instruction.left, *((right.register,) if isinstance(right, Shifted) else ())):
        yield source, instruction.target
        if instruction.set_flags:
            yield source, FLAGS


def _value(core: Core, operand: Operand, wide: bool) -> int:
    match operand:
        case Immediate(value):
            return value
        case Shifted(register, kind, amount):
            return _shifted_value(core.read(register, wide), kind, amount, wide)


def _shifted_value(value: int, kind: ShiftKind, amount: int, wide: bool) -> int:
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


_IMMEDIATE12: Final = (1 << 12) - 1
_IMMEDIATE16: Final = (1 << 16) - 1
_SHIFTS: Final = {kind.value: kind for kind in ShiftKind}
_ADD: Final = ArithmeticOperation.ADD
_SUB: Final = ArithmeticOperation.SUB
_OPPOSITE: Final = {_ADD: _SUB, _SUB: _ADD}


def _mov(operands: Operands) -> Computation:
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


def _mov16(operands: Operands, *, inverted: bool) -> Computation:
    target, value, shift = _immediate16(operands)
    bits = value << shift
    mask = MASK if target.wide else MASK32
    return MoveImmediate(target.number, bits ^ mask if inverted else bits, target.wide)


def _movk(operands: Operands) -> Computation:
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
) -> Computation:
    target = operands.register()
    operands.comma()
    left = operands.register(target.wide)
    operands.comma()
    if not operands.at_register() and not set_flags:
        operands.not_zero(target)
    operation, right = _added(operands, operation, left)
    return Arithmetic(operation, target.number, left.number, right, set_flags, target.wide)


def _compare(operands: Operands, *, operation: ArithmeticOperation) -> Computation:
    left = operands.register()
    operands.comma()
    operation, right = _added(operands, operation, left)
    return Arithmetic(operation, ZERO, left.number, right, True, left.wide)


def _negate(operands: Operands, *, set_flags: bool) -> Computation:
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


def _logic(operands: Operands, *, operation: LogicOperation, set_flags: bool) -> Computation:
    target = operands.register()
    operands.comma()
    left = operands.register(target.wide)
    operands.comma()
    if not operands.at_register() and not set_flags:
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
        return _shifted(operands, wide)
    value, start = constant(operands)
    bits = unsigned(operands, value, start, wide)
    # What is encoded repeats and rotates a run of ones, and so does its complement.
    if not is_bitmask(bits, wide):
        expected = "a bitmask: a run of ones, rotated or repeated (else use a register)"
        raise operands.error(start, expected, operands.since(start))
    return Immediate(bits)


def _shift(operands: Operands, *, kind: ShiftKind) -> Computation:
    target = operands.register()
    operands.comma()
    source = operands.register(target.wide)
    operands.comma()
    if operands.at_register():
        raise operands.error(operands.token, "a constant (shifts by a register are not modelled)")
    right = Shifted(source.number, kind, _amount(operands, target.wide))
    return Logic(LogicOperation.ORR, target.number, ZERO, right, False, target.wide)


DATA_PROCESSING: Final[Mapping[str, OperandReader[Computation]]] = {
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
