"""Bit fields, extensions, counts, reversals, products and quotients, and how GNU as writes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum, unique
from functools import partial
from typing import Final

import attrs

from engine.arm.a64.computation import Computation, Flow
from engine.arm.a64.operand_forms import sign_extended
from engine.arm.assembly.expressions import between
from engine.arm.assembly.operands import OperandReader, Operands
from engine.arm.core import ZERO, Core


@unique
class FieldKind(Enum):
    """What the target has beside the field."""

    UNSIGNED = "u"
    """Zeros."""
    SIGNED = "s"
    """Copies of the field's topmost bit above, zeros below."""
    KEPT = "b"
    """What it had."""


@unique
class OneRegisterOperation(Enum):
    """What is made of one register; the value is the mnemonic."""

    CLZ = "clz"
    RBIT = "rbit"
    REV = "rev"
    REV16 = "rev16"
    REV32 = "rev32"


@unique
class TwoRegisterOperation(Enum):
    """What is made of two registers, and of a third where products are added."""

    MULTIPLY_ADD = "madd"
    MULTIPLY_SUBTRACT = "msub"
    UNSIGNED_DIVIDE = "udiv"
    SIGNED_DIVIDE = "sdiv"


@attrs.frozen
class BitField(Computation):
    """`ubfx`, `sbfx`, `bfxil`, `ubfiz`, `sbfiz`, `bfi`, `bfc`, and `sxtw` and kin of these.

    `width` bits from bit `source_bit` of the source come to `target_bit` of the target.
    """

    kind: FieldKind
    target: int
    source: int
    source_bit: int
    target_bit: int
    width: int
    wide: bool = True

    def compute(self, core: Core) -> Core:
        """Return the core with the field in the target."""
        ones = (1 << self.width) - 1
        field = core.read(self.source, self.wide) >> self.source_bit & ones
        match self.kind:
            case FieldKind.UNSIGNED:
                value = field << self.target_bit
            case FieldKind.SIGNED:
                value = sign_extended(field, self.width) << self.target_bit
            case FieldKind.KEPT:
                kept = core.read(self.target, self.wide) & ~(ones << self.target_bit)
                value = kept | field << self.target_bit
        return core.write(self.target, value, self.wide).step()

    def flows(self) -> Iterator[Flow]:
        """Yield that the source comes into the target; what that keeps was there before."""
        yield self.source, self.target


@attrs.frozen
class OneRegister(Computation):
    """`clz`, `rbit`, `rev`, `rev16` or `rev32`."""

    operation: OneRegisterOperation
    target: int
    source: int
    wide: bool = True

    def compute(self, core: Core) -> Core:
        """Return the core with what is made of the source in the target."""
        value = core.read(self.source, self.wide)
        return core.write(self.target, _unary(self.operation, value, self.wide), self.wide).step()

    def flows(self) -> Iterator[Flow]:
        """Yield that the source comes into the target."""
        yield self.source, self.target


@attrs.frozen
class TwoRegisters(Computation):
    """`madd`, `msub`, and `mul`, `mneg` of these, `udiv` or `sdiv`."""

    operation: TwoRegisterOperation
    target: int
    left: int
    right: int
    addend: int = ZERO
    wide: bool = True

    def compute(self, core: Core) -> Core:
        """Return the core with the result in the target."""
        left, right = core.read(self.left, self.wide), core.read(self.right, self.wide)
        addend = core.read(self.addend, self.wide)
        match self.operation:
            case TwoRegisterOperation.MULTIPLY_ADD:
                value = addend + left * right
            case TwoRegisterOperation.MULTIPLY_SUBTRACT:
                value = addend - left * right
            case TwoRegisterOperation.UNSIGNED_DIVIDE:
                value = _quotient(left, right)
            case TwoRegisterOperation.SIGNED_DIVIDE:
                bits = 64 if self.wide else 32
                value = _quotient(sign_extended(left, bits), sign_extended(right, bits))
        return core.write(self.target, value, self.wide).step()

    def flows(self) -> Iterator[Flow]:
        """Yield that all operands come into the target."""
        for source in (self.left, self.right, self.addend):
            yield source, self.target


@attrs.frozen
class Extract(Computation):
    """`extr`, and `ror` by a constant: a window on two registers, `low` bits from the right."""

    target: int
    upper: int
    lower: int
    low: int
    wide: bool = True

    def compute(self, core: Core) -> Core:
        """Return the core with the window in the target."""
        bits = 64 if self.wide else 32
        both = core.read(self.upper, self.wide) << bits | core.read(self.lower, self.wide)
        return core.write(self.target, both >> self.low, self.wide).step()

    def flows(self) -> Iterator[Flow]:
        """Yield that both come into the target."""
        yield self.upper, self.target
        yield self.lower, self.target


def _unary(operation: OneRegisterOperation, value: int, wide: bool) -> int:
    bits = 64 if wide else 32
    match operation:
        case OneRegisterOperation.CLZ:
            return bits if value == 0 else bits - value.bit_length()
        case OneRegisterOperation.RBIT:
            return _together((value >> bits - 1 - place & 1) << place for place in range(bits))
        case OneRegisterOperation.REV:
            return _bytes_turned(value, bits, bits)
        case OneRegisterOperation.REV16:
            return _bytes_turned(value, bits, 16)
        case OneRegisterOperation.REV32:
            return _bytes_turned(value, bits, 32)


def _bytes_turned(value: int, bits: int, group: int) -> int:
    """Return a value with the bytes of each group of so many bits in the opposite order."""
    return _together(
        (value >> base + place & 0xFF) << base + group - 8 - place
        for base in range(0, bits, group)
        for place in range(0, group, 8)
    )


def _together(parts: Iterator[int]) -> int:
    value = 0
    for part in parts:
        value = value | part
    return value


def _quotient(left: int, right: int) -> int:
    """Return a quotient rounded towards zero, 0 where the divisor is (Arm ARM, UDIV and SDIV)."""
    if right == 0:
        return 0
    size = abs(left) // abs(right)
    return -size if (left < 0) != (right < 0) else size


def _extracted(operands: Operands, *, kind: FieldKind) -> Computation:
    target, source, low, width, wide = _field(operands)
    return BitField(kind, target, source, low, 0, width, wide)


def _inserted(operands: Operands, *, kind: FieldKind) -> Computation:
    target, source, low, width, wide = _field(operands)
    return BitField(kind, target, source, 0, low, width, wide)


def _cleared(operands: Operands) -> Computation:
    target = operands.register()
    operands.comma()
    low, width = _place(operands, target.wide)
    return BitField(FieldKind.KEPT, target.number, ZERO, 0, low, width, target.wide)


def _field(operands: Operands) -> tuple[int, int, int, int, bool]:
    target = operands.register()
    operands.comma()
    source = operands.register(target.wide)
    operands.comma()
    return (target.number, source.number, *_place(operands, target.wide), target.wide)


def _place(operands: Operands, wide: bool) -> tuple[int, int]:
    bits = 64 if wide else 32
    low = between(operands, 0, bits - 1, "a bit")
    operands.comma()
    return low, between(operands, 1, bits - low, "a width")


def _extension(operands: Operands, *, kind: FieldKind, bits: int) -> Computation:
    target = operands.register(None if kind is FieldKind.SIGNED and bits < 64 else False)
    operands.comma()
    source = operands.register(False, f"{bits} bits of it are taken")
    if bits == 32:
        operands.width(target, True, "32 bits are extended to 64")
    return BitField(kind, target.number, source.number, 0, 0, bits, target.wide)


def _one(operands: Operands, *, operation: OneRegisterOperation) -> Computation:
    target = operands.register(True if operation is OneRegisterOperation.REV32 else None)
    operands.comma()
    source = operands.register(target.wide)
    return OneRegister(operation, target.number, source.number, target.wide)


def _two(operands: Operands, *, operation: TwoRegisterOperation, adds: bool) -> Computation:
    target = operands.register()
    operands.comma()
    left = operands.register(target.wide)
    operands.comma()
    right = operands.register(target.wide)
    addend = ZERO
    if adds:
        operands.comma()
        addend = operands.register(target.wide).number
    return TwoRegisters(operation, target.number, left.number, right.number, addend, target.wide)


def _extr(operands: Operands) -> Computation:
    target = operands.register()
    operands.comma()
    upper = operands.register(target.wide)
    operands.comma()
    lower = operands.register(target.wide)
    operands.comma()
    low = between(operands, 0, 63 if target.wide else 31, "a bit")
    return Extract(target.number, upper.number, lower.number, low, target.wide)


_MADD, _MSUB = TwoRegisterOperation.MULTIPLY_ADD, TwoRegisterOperation.MULTIPLY_SUBTRACT

BIT_FIELDS: Final[Mapping[str, OperandReader[Computation]]] = {
    "ubfx": partial(_extracted, kind=FieldKind.UNSIGNED),
    "sbfx": partial(_extracted, kind=FieldKind.SIGNED),
    "bfxil": partial(_extracted, kind=FieldKind.KEPT),
    "ubfiz": partial(_inserted, kind=FieldKind.UNSIGNED),
    "sbfiz": partial(_inserted, kind=FieldKind.SIGNED),
    "bfi": partial(_inserted, kind=FieldKind.KEPT),
    "bfc": _cleared,
    "uxtb": partial(_extension, kind=FieldKind.UNSIGNED, bits=8),
    "uxth": partial(_extension, kind=FieldKind.UNSIGNED, bits=16),
    "sxtb": partial(_extension, kind=FieldKind.SIGNED, bits=8),
    "sxth": partial(_extension, kind=FieldKind.SIGNED, bits=16),
    "sxtw": partial(_extension, kind=FieldKind.SIGNED, bits=32),
    **{operation.value: partial(_one, operation=operation) for operation in OneRegisterOperation},
    "madd": partial(_two, operation=_MADD, adds=True),
    "msub": partial(_two, operation=_MSUB, adds=True),
    "mul": partial(_two, operation=_MADD, adds=False),
    "mneg": partial(_two, operation=_MSUB, adds=False),
    "udiv": partial(_two, operation=TwoRegisterOperation.UNSIGNED_DIVIDE, adds=False),
    "sdiv": partial(_two, operation=TwoRegisterOperation.SIGNED_DIVIDE, adds=False),
    "extr": _extr,
}
"""What takes registers apart, and puts them together."""
