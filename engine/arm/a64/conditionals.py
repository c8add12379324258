"""Conditional selection and comparison: what the flags decide without a branch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum, unique
from functools import partial
from typing import Final

import attrs

from engine.arm.a64.branches import CONDITIONS, BranchCondition, holds
from engine.arm.a64.computation import FLAGS, Computation, Flow
from engine.arm.a64.data_processing import ArithmeticOperation, sum_and_flags
from engine.arm.a64.operand_forms import (
    Immediate,
    Operand,
    Shifted,
    mask_of,
    operand_value,
    registers_of,
)
from engine.arm.assembly.expressions import between
from engine.arm.assembly.operands import OperandReader, Operands
from engine.arm.core import ZERO, Core


@unique
class OtherwiseKind(Enum):
    """What becomes of the second register where the condition is not met; `csel` takes it as is."""

    SAME = "csel"
    PLUS_ONE = "csinc"
    INVERTED = "csinv"
    NEGATED = "csneg"


@attrs.frozen
class ConditionalSelect(Computation):
    """`csel`, `csinc`, `csinv`, `csneg`, and `cset`, `csetm`, `cinc`, `cinv`, `cneg` of these."""

    condition: BranchCondition
    target: int
    met: int
    otherwise: int
    kind: OtherwiseKind = OtherwiseKind.SAME
    wide: bool = True

    def compute(self, core: Core) -> Core:
        """Return the core with one register or what is made of the other in the target."""
        if holds(self.condition, core.nzcv):
            value = core.read(self.met, self.wide)
        else:
            value = _otherwise(core.read(self.otherwise, self.wide), self.kind, self.wide)
        return core.write(self.target, value, self.wide).step()

    def flows(self) -> Iterator[Flow]:
        """Yield that both registers and the flags come into the target."""
        yield self.met, self.target
        yield self.otherwise, self.target
        yield FLAGS, self.target


@attrs.frozen
class ConditionalCompare(Computation):
    """`ccmp` or `ccmn`: the flags of a comparison where a condition is met, else given ones."""

    operation: ArithmeticOperation
    condition: BranchCondition
    left: int
    right: Operand
    otherwise: int
    wide: bool = True

    def compute(self, core: Core) -> Core:
        """Return the core with its flags set."""
        nzcv = self.otherwise
        if holds(self.condition, core.nzcv):
            left = core.read(self.left, self.wide)
            right = operand_value(core, self.right, self.wide)
            _, nzcv = sum_and_flags(self.operation, left, right, self.wide)
        return attrs.evolve(core.step(), nzcv=nzcv)

    def flows(self) -> Iterator[Flow]:
        """Yield that the operands come into the flags."""
        for source in (self.left, *registers_of(self.right)):
            yield source, FLAGS


def _otherwise(value: int, kind: OtherwiseKind, wide: bool) -> int:
    match kind:
        case OtherwiseKind.SAME:
            return value
        case OtherwiseKind.PLUS_ONE:
            return value + 1
        case OtherwiseKind.INVERTED:
            return value ^ mask_of(wide)
        case OtherwiseKind.NEGATED:
            return -value


def _condition(operands: Operands) -> BranchCondition:
    return operands.member(CONDITIONS, "a condition")


def _inverted(operands: Operands) -> BranchCondition:
    """Read a condition and return its opposite, as the short forms encode it."""
    token = operands.token
    condition = _condition(operands)
    if condition in (BranchCondition.AL, BranchCondition.NV):
        raise operands.error(token, "a condition that can fail to be met")
    members = tuple(BranchCondition)
    return members[members.index(condition) ^ 1]  # they come in pairs


def _select(operands: Operands, *, kind: OtherwiseKind) -> Computation:
    target = operands.register()
    operands.comma()
    met = operands.register(target.wide)
    operands.comma()
    otherwise = operands.register(target.wide)
    operands.comma()
    condition = _condition(operands)
    return ConditionalSelect(
        condition, target.number, met.number, otherwise.number, kind, target.wide
    )


def _set(operands: Operands, *, kind: OtherwiseKind) -> Computation:
    target = operands.register()
    operands.comma()
    condition = _inverted(operands)
    return ConditionalSelect(condition, target.number, ZERO, ZERO, kind, target.wide)


def _change(operands: Operands, *, kind: OtherwiseKind) -> Computation:
    target = operands.register()
    operands.comma()
    source = operands.register(target.wide).number
    operands.comma()
    condition = _inverted(operands)
    return ConditionalSelect(condition, target.number, source, source, kind, target.wide)


def _compare(operands: Operands, *, operation: ArithmeticOperation) -> Computation:
    left = operands.register()
    operands.comma()
    right: Operand
    if operands.at_register():
        right = Shifted(operands.register(left.wide).number)
    else:
        right = Immediate(between(operands, 0, 31, "a value"))
    operands.comma()
    nzcv = between(operands, 0, 15, "flags")
    operands.comma()
    condition = _condition(operands)
    return ConditionalCompare(operation, condition, left.number, right, nzcv, left.wide)


CONDITIONALS: Final[Mapping[str, OperandReader[Computation]]] = {
    **{kind.value: partial(_select, kind=kind) for kind in OtherwiseKind},
    "cset": partial(_set, kind=OtherwiseKind.PLUS_ONE),
    "csetm": partial(_set, kind=OtherwiseKind.INVERTED),
    "cinc": partial(_change, kind=OtherwiseKind.PLUS_ONE),
    "cinv": partial(_change, kind=OtherwiseKind.INVERTED),
    "cneg": partial(_change, kind=OtherwiseKind.NEGATED),
    "ccmp": partial(_compare, operation=ArithmeticOperation.SUB),
    "ccmn": partial(_compare, operation=ArithmeticOperation.ADD),
}
"""What the flags decide, the course of the program apart."""
