"""Bits of words and bitmaps (`Documentation/atomic_bitops.txt`), each one indivisible access."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from tree_sitter import Node

from engine.compiler.lower.build import (
    ZERO,
    chosen,
    converted,
    keeping,
    operate,
    prefixed,
    sequence,
)
from engine.compiler.lower.conversions import integer, scalar, target
from engine.compiler.lower.lowering import KernelCall, KernelRow, Lowering, Object, row
from engine.compiler.syntax import field, unwrap, word
from engine.policy.c_types import (
    BOOL,
    INT,
    LONG,
    ULONG,
    VOID,
    ArrayType,
    PointerType,
    type_name,
)
from engine.policy.expressions import Constant, ElementAddress, Expression, Modify, ObjectValue
from engine.policy.operators import BinaryOperator, UnaryOperator

KERNEL: Final[list[KernelRow[Expression]]] = []
kernel = partial(row, KERNEL)


def _names(operation: str) -> str:
    return rf"(?:arch_|raw_)?(?:__)?{operation}(?:_lock|_unlock|_acquire)?"


@kernel(_names("test_bit"), arguments=2)
def test_bit(lowering: Lowering, call: KernelCall) -> Expression:
    """Whether a bit is set."""

    def body(word_at: Expression, mask: Expression) -> Expression:
        held = operate(BinaryOperator.AND, ObjectValue(word_at, ULONG), mask)
        return operate(BinaryOperator.UNEQUAL, held, ZERO)

    return converted(_of_bit(lowering, call, body), BOOL)


@kernel(_names("assign_bit"), arguments=3)
def assign_bit(lowering: Lowering, call: KernelCall) -> Expression:
    """Set a bit where the last argument is true, else clear it."""

    def body(word_at: Expression, mask: Expression) -> Expression:
        on = Modify(word_at, BinaryOperator.OR, mask, ULONG, ULONG)
        rest = prefixed(UnaryOperator.INVERT, mask)
        off = Modify(word_at, BinaryOperator.AND, rest, ULONG, ULONG)
        return sequence(chosen(scalar(lowering, call.given[2]), on, off), Constant(0, VOID))

    return _of_bit(lowering, call, body)


@kernel(_names("(?P<tests>test_and_)?set_bit"), arguments=2)
def set_bit(lowering: Lowering, call: KernelCall) -> Expression:
    """Set a bit; test_and_set_bit() gives whether it was set."""
    return _changed_bit(lowering, call, BinaryOperator.OR)


@kernel(_names("(?P<tests>test_and_)?change_bit"), arguments=2)
def change_bit(lowering: Lowering, call: KernelCall) -> Expression:
    """Turn a bit over; test_and_change_bit() gives whether it was set."""
    return _changed_bit(lowering, call, BinaryOperator.XOR)


@kernel(_names("(?P<tests>test_and_)?clear_bit"), arguments=2)
def clear_bit(lowering: Lowering, call: KernelCall) -> Expression:
    """Clear a bit; test_and_clear_bit() gives whether it was set."""
    return _changed_bit(lowering, call, BinaryOperator.AND)


def _changed_bit(lowering: Lowering, call: KernelCall, operator: BinaryOperator) -> Expression:
    clears, tests = operator is BinaryOperator.AND, bool(call.spelled["tests"])

    def body(word_at: Expression, mask: Expression) -> Expression:
        value = prefixed(UnaryOperator.INVERT, mask) if clears else mask
        old = Modify(word_at, operator, value, ULONG, ULONG, gives_old=True)
        if not tests:
            return sequence(old, Constant(0, VOID))
        held = operate(BinaryOperator.AND, old, mask)
        return operate(BinaryOperator.UNEQUAL, held, ZERO)

    result = _of_bit(lowering, call, body)
    return converted(result, BOOL) if tests else result


def _of_bit(
    lowering: Lowering, call: KernelCall, body: Callable[[Expression, Expression], Expression]
) -> Expression:
    """Return what `body` makes of the address of a bit's word, and of the bit's mask in it."""
    number = converted(integer(lowering, call.given[0]), LONG)
    words = _bitmap(lowering, unwrap(call.given[1]))
    element, length = words.type, 1
    if isinstance(words.type, ArrayType):
        element, length = words.type.element, words.type.length
    if element != ULONG or not words.writable:
        raise lowering.refusal(
            call.given[1],
            f"`{lowering.short(call.given[1])}`, a {type_name(words.type)}",
            "unsigned long or an array of them",
        )

    def of_number(bit_number: Expression) -> Expression:
        index = operate(BinaryOperator.SHIFT_RIGHT, bit_number, Constant(6, INT))
        rest = operate(BinaryOperator.AND, bit_number, Constant(63, LONG))
        mask = operate(BinaryOperator.SHIFT_LEFT, Constant(1, ULONG), rest)
        return body(ElementAddress(words.address, index, length, PointerType(ULONG)), mask)

    return keeping(lowering.compilation.fresh(), number, of_number)


def _bitmap(lowering: Lowering, node: Node) -> Object:
    """Return what a pointer to words points at: an array as a whole, where it is one."""
    if node.type in ("identifier", "field_expression"):
        thing = lowering.object(node)
        if isinstance(thing.type, ArrayType):
            return thing
    if node.type == "pointer_expression" and word(node.children[0]) == "&":
        first = field(node, "argument")
        if first.type == "subscript_expression":
            array = lowering.object(field(first, "argument"))
            index = lowering.constant(field(first, "index"))
            if index is not None and index.value == 0:
                return array
    return target(lowering, node, ULONG)
