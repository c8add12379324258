"""Numbers that are computed from numbers: masks, halves and extremes."""

from __future__ import annotations

from functools import partial
from typing import Final

from engine.compiler.lower.build import (
    chosen,
    converted,
    keeping,
    operate,
    unnoted_number,
)
from engine.compiler.lower.conversions import integer
from engine.compiler.lower.lowering import KernelCall, KernelRow, Lowering, row
from engine.compiler.syntax import unwrap
from engine.policy.c_types import (
    INT,
    UINT,
    ULLONG,
    ULONG,
)
from engine.policy.expressions import Constant, Expression, InnerCondition
from engine.policy.operators import BinaryOperator

KERNEL: Final[list[KernelRow[Expression]]] = []
kernel = partial(row, KERNEL)


@kernel("lower_32_bits", arguments=1)
def lower_32_bits(lowering: Lowering, call: KernelCall) -> Expression:
    """The low half of a number."""
    return converted(converted(integer(lowering, call.given[0]), ULLONG), UINT)


@kernel("upper_32_bits", arguments=1)
def upper_32_bits(lowering: Lowering, call: KernelCall) -> Expression:
    """The high half of a number of 64 bits."""
    value = converted(integer(lowering, call.given[0]), ULLONG)
    return converted(operate(BinaryOperator.SHIFT_RIGHT, value, Constant(32, INT)), UINT)


@kernel("min", "max", arguments=2)
def extreme(lowering: Lowering, call: KernelCall) -> Expression:
    """The smaller or the larger of two numbers, each evaluated once."""
    left, right = (integer(lowering, given) for given in call.given)
    return _extreme(lowering, call, left, right)


@kernel("min_t", "max_t", arguments=3)
def typed_extreme(lowering: Lowering, call: KernelCall) -> Expression:
    """The smaller or the larger of two numbers, both converted to a type."""
    named, *given = call.given
    left, right = (integer(lowering, each) for each in given)
    ctype = lowering.types.named(named)
    return _extreme(lowering, call, converted(left, ctype), converted(right, ctype))


def _extreme(
    lowering: Lowering, call: KernelCall, left: Expression, right: Expression
) -> Expression:
    compare = BinaryOperator.LESS if call.name.startswith("min") else BinaryOperator.GREATER

    texts = (lowering.unit.operand_text(unwrap(given)) for given in call.given[-2:])
    text = f" {compare.value} ".join(texts)

    def asked(one: Expression, other: Expression) -> Expression:
        value = operate(compare, unnoted_number(one), unnoted_number(other))
        if isinstance(value, Constant):
            return value
        return InnerCondition(text, lowering.unit.place(call.node), value, value.type)

    def body(one: Expression) -> Expression:
        return keeping(
            lowering.compilation.fresh(),
            right,
            lambda other: chosen(asked(one, other), one, other),
        )

    return keeping(lowering.compilation.fresh(), left, body)


@kernel("BIT", "BIT_ULL", arguments=1)
def bit(lowering: Lowering, call: KernelCall) -> Expression:
    """A number with one bit set."""
    wide = ULLONG if call.name.endswith("_ULL") else ULONG
    number = integer(lowering, call.given[0])
    if isinstance(number, Constant) and not 0 <= number.value < 64:
        raise lowering.refusal(call.node, f"`{lowering.short(call.node)}`", "a bit from 0 to 63")
    return operate(BinaryOperator.SHIFT_LEFT, Constant(1, wide), number)


@kernel("GENMASK", "GENMASK_ULL", arguments=2)
def genmask(lowering: Lowering, call: KernelCall) -> Expression:
    """A number with the bits from a high one down to a low one set."""
    wide = ULLONG if call.name.endswith("_ULL") else ULONG
    high, low = (lowering.constant(given) for given in call.given)
    if high is None or low is None or not 0 <= low.value <= high.value < 64:
        raise lowering.refusal(
            call.node, f"`{lowering.short(call.node)}`", "constants, 63 >= high >= low >= 0"
        )
    return Constant((1 << (high.value + 1)) - (1 << low.value), wide)
