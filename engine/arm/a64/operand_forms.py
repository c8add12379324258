"""The last operand of data processing: a constant, or a register shifted or extended."""

from __future__ import annotations

from enum import Enum, unique
from typing import Final, TypeAlias

import attrs

from engine.arm.assembly.expressions import between
from engine.arm.assembly.operands import Operands, Register
from engine.arm.assembly.syntax import AssemblyTokenKind
from engine.arm.core import MASK32, Core
from engine.arm.registers import MASK


@unique
class ShiftKind(Enum):
    """How a register operand may be shifted."""

    LSL = "lsl"
    LSR = "lsr"
    ASR = "asr"
    ROR = "ror"


@unique
class ExtensionKind(Enum):
    """How a register operand may be extended to 64 bits (Arm ARM, ExtendReg())."""

    UXTB = "uxtb"
    UXTH = "uxth"
    UXTW = "uxtw"
    UXTX = "uxtx"
    SXTB = "sxtb"
    SXTH = "sxth"
    SXTW = "sxtw"
    SXTX = "sxtx"

    @property
    def bits(self) -> int:
        """How many bits of the register are taken."""
        return {"b": 8, "h": 16, "w": 32, "x": 64}[self.value[-1]]

    @property
    def signed(self) -> bool:
        """Whether the upper ones are copies of the topmost that is taken."""
        return self.value[0] == "s"


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


@attrs.frozen
class Extended:
    """A register operand, cut and extended, then shifted left by `amount` bits."""

    register: int
    kind: ExtensionKind
    amount: int = 0


Operand: TypeAlias = Immediate | Shifted | Extended


def registers_of(operand: Operand) -> tuple[int, ...]:
    """Return the register that an operand is of, if any."""
    return () if isinstance(operand, Immediate) else (operand.register,)


def operand_value(core: Core, operand: Operand, wide: bool) -> int:
    """Return what an operand comes to, as wide as the instruction."""
    match operand:
        case Immediate(value):
            return value
        case Shifted(register, kind, amount):
            return shifted_value(core.read(register, wide), kind, amount, wide)
        case Extended(register, kind, amount):
            value = core.read(register) & (1 << kind.bits) - 1
            if kind.signed:
                value = sign_extended(value, kind.bits)
            return value << amount & mask_of(wide)


def shifted_value(value: int, kind: ShiftKind, amount: int, wide: bool) -> int:
    """Return a value shifted by less than its width, cut to it."""
    match kind:
        case ShiftKind.LSL:
            return value << amount & mask_of(wide)
        case ShiftKind.LSR:
            return value >> amount
        case ShiftKind.ASR:
            return sign_extended(value, 64 if wide else 32) >> amount & mask_of(wide)
        case ShiftKind.ROR:
            width = 64 if wide else 32
            return (value >> amount | value << width - amount) & mask_of(wide)


def sign_extended(value: int, bits: int) -> int:
    """Return the signed number that so many bits are."""
    sign = 1 << bits - 1
    return (value ^ sign) - sign


def mask_of(wide: bool) -> int:
    """Return all bits of an x or a w register."""
    return MASK if wide else MASK32


_SHIFTS: Final = {kind.value: kind for kind in ShiftKind}
_PLAIN_SHIFTS: Final = {kind.value: kind for kind in ShiftKind if kind is not ShiftKind.ROR}
_EXTENSIONS: Final = {kind.value: kind for kind in ExtensionKind}
_LARGEST_EXTENDED: Final = 4


def shifted(operands: Operands, wide: bool, *, rotates: bool = False) -> Shifted:
    """Read a register and how it is shifted, if it is; logical instructions rotate, too."""
    register = operands.register(wide).number
    if not operands.accept(","):
        return Shifted(register)
    kind = operands.member(_SHIFTS if rotates else _PLAIN_SHIFTS, "a shift")
    return Shifted(register, kind, shift_amount(operands, wide))


def shift_amount(operands: Operands, wide: bool) -> int:
    """Read by how many bits to shift."""
    return between(operands, 0, 63 if wide else 31, "a shift")


def added_register(operands: Operands, wide: bool, *, stack: bool) -> Operand:
    """Read the register of an add or sub: shifted, or extended as it is beside sp."""
    register = operands.register()
    if operands.accept(","):
        if operands.token.word in _EXTENSIONS:
            return extended(operands, register, wide)
        if not stack:
            operands.width(register, wide, "as wide as the others")
            kind = operands.member(_PLAIN_SHIFTS, "a shift")
            return Shifted(register.number, kind, shift_amount(operands, wide))
        operands.expect("lsl", "lsl, or an extension such as uxtx")
        amount = between(operands, 0, _LARGEST_EXTENDED, "a shift")
        return Shifted(register.number, ShiftKind.LSL, amount)
    operands.width(register, wide, "as wide as the others")
    return Shifted(register.number)


def extended(operands: Operands, register: Register, wide: bool) -> Extended:
    """Read how a register is extended, and by how much it is shifted then."""
    kind = operands.member(_EXTENSIONS, "an extension")
    whole = wide and kind.bits == 64
    why = f"{kind.value} takes {'all 64' if whole else 'up to 32'} bits of it"
    operands.width(register, whole, why)
    shifts = operands.token.kind is not AssemblyTokenKind.END and not operands.at("]")
    amount = between(operands, 0, _LARGEST_EXTENDED, "a shift") if shifts else 0
    return Extended(register.number, kind, amount)
