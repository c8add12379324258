"""Moves of constants and of registers: what they compute, and how GNU as writes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

import attrs

from engine.arm.a64.computation import Computation, Flow
from engine.arm.a64.operand_forms import mask_of
from engine.arm.assembly.expressions import (
    PAGE_OFFSET,
    between,
    constant,
    constant_or_address,
    is_bitmask,
    is_wide_move,
    unsigned,
)
from engine.arm.assembly.operands import OperandReader, Operands, Register
from engine.arm.core import SP, Core
from engine.arm.registers import MASK


@attrs.frozen
class MoveImmediate(Computation):
    """`mov`, `movz` or `movn` of a constant, `adr`, `adrp` and `ldr` of an address."""

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


_IMMEDIATE16: Final = (1 << 16) - 1


def _mov(operands: Operands) -> Computation:
    target = operands.register_or_sp()
    operands.comma()
    if operands.at_register():
        source = operands.register_or_sp(target.wide)
        # To or from the stack pointer it is an add of 0, in which register 31 is no zero.
        for one, other in ((target, source), (source, target)):
            if one.number == SP:
                operands.not_zero(other)
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
    made = bits ^ mask_of(target.wide) if inverted else bits
    return MoveImmediate(target.number, made, target.wide)


def _movk(operands: Operands) -> Computation:
    target, value, shift = _immediate16(operands)
    return MoveKeep(target.number, value, shift, target.wide)


def _immediate16(operands: Operands) -> tuple[Register, int, int]:
    target = operands.register()
    operands.comma()
    value = between(operands, 0, _IMMEDIATE16, "a 16-bit value")
    shifts = (0, 16, 32, 48) if target.wide else (0, 16)
    shift = left_shift(operands, shifts) if operands.accept(",") else 0
    return target, value, shift


def left_shift(operands: Operands, amounts: tuple[int, ...]) -> int:
    """Read `lsl` and one of some amounts."""
    operands.expect("lsl", "lsl")
    amount, start = constant(operands)
    if amount not in amounts:
        expected = f"a shift of {' or '.join(map(str, amounts))}"
        raise operands.error(start, expected, operands.since(start))
    return amount


def _adr(operands: Operands, *, pages: bool) -> Computation:
    target = operands.register(True, "addresses are 64 bits")
    operands.comma()
    address = constant_or_address(operands)
    if pages:
        if operands.foreign is not None:
            operands.foreign = attrs.evolve(operands.foreign, mask=~PAGE_OFFSET)
        address &= ~PAGE_OFFSET
    return MoveImmediate(target.number, address & MASK)


MOVES: Final[Mapping[str, OperandReader[Computation]]] = {
    "mov": _mov,
    "movz": partial(_mov16, inverted=False),
    "movn": partial(_mov16, inverted=True),
    "movk": _movk,
    "adr": partial(_adr, pages=False),
    "adrp": partial(_adr, pages=True),
}
"""What gives a register a constant, an address, or what another one holds."""
