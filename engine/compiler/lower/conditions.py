"""Conditions: what a program decides by, told as operands that are watched and noted."""

from __future__ import annotations

from tree_sitter import Node

from engine.compiler.headers import HINTS
from engine.compiler.implementor import note_comparison
from engine.compiler.lower.build import logical, negated, operate, unnoted_number
from engine.compiler.lower.conversions import inferred, noted, scalar
from engine.compiler.lower.lowering import Lowering
from engine.compiler.syntax import arguments, field, unwrap, word
from engine.policy.c_types import INT, VOID, PointerType
from engine.policy.expressions import (
    Constant,
    Expression,
    Watched,
)
from engine.policy.operators import BINARY, BinaryOperator


def condition(lowering: Lowering, node: Node) -> Expression:
    """Return the value of a condition, with the operands that it watches.

    Raises:
        RefusedError: an operand is no number or pointer, or not supported.
    """
    inner = unwrap(node)
    if inner.id in lowering.substitutes:
        return _watched(lowering, inner)
    match inner.type:
        case "unary_expression" if word(inner.children[0]) == "!":
            return negated(condition(lowering, field(inner, "argument")))
        case "binary_expression":
            operator = word(field(inner, "operator"))
            left, right = field(inner, "left"), field(inner, "right")
            if operator in ("&&", "||"):
                first = condition(lowering, left)
                if isinstance(first, Constant) and bool(first.value) == (operator == "||"):
                    return Constant(int(bool(first.value)), INT)
                return both_or_either(lowering, inner, first, condition(lowering, right))
            if operator in BINARY and BINARY[operator].compares:
                one, other = _watched(lowering, left), _watched(lowering, right)
                return compare(lowering, inner, BINARY[operator], one, other)
        case "call_expression" if word(field(inner, "function")) in HINTS:
            given = arguments(inner)
            if len(given) == 1:
                return condition(lowering, given[0])
    return _watched(lowering, inner)


def _watched(lowering: Lowering, node: Node) -> Expression:
    value = scalar(lowering, node)
    if isinstance(value, Constant):
        return value
    return Watched(lowering.unit.operand_text(unwrap(node)), value, value.type)


def both_or_either(
    lowering: Lowering, node: Node, left: Expression, right: Expression
) -> Expression:
    """Return `&&` or `||`, whose operands are noted unless the left one is a constant."""
    if not isinstance(left, Constant):
        left = noted(lowering, field(node, "left"), left)
        right = noted(lowering, field(node, "right"), right)
    return logical(word(field(node, "operator")) == "||", left, right)


def compare(
    lowering: Lowering, node: Node, operator: BinaryOperator, left: Expression, right: Expression
) -> Expression:
    """Return a comparison of two numbers, or of two pointers to the same type.

    Raises:
        RefusedError: they are not.
    """
    if lowering.compilation.draft:
        _infer_pointers(lowering, node, left, right)
    pointers = [e.type for e in (left, right) if isinstance(e.type, PointerType)]
    null = any(isinstance(e, Constant) and e.value == 0 for e in (left, right))
    if len(pointers) == 1 and not null:
        raise lowering.refusal(node, f"`{lowering.short(node)}`", "two numbers or two pointers")
    if len(pointers) == 2 and pointers[0] != pointers[1] and not null:
        void = PointerType(VOID)
        if void not in pointers:
            raise lowering.refusal(node, f"`{lowering.short(node)}`", "pointers to the same type")
    note_comparison(lowering.compilation, left, right)
    if isinstance(left, Constant) or isinstance(right, Constant):
        left, right = unnoted_number(left), unnoted_number(right)  # the comparison tells more
    return operate(operator, left, right)


def _infer_pointers(lowering: Lowering, node: Node, left: Expression, right: Expression) -> None:
    """Learn from a comparison with a pointer that a member holds one."""
    for side, other in (("left", right), ("right", left)):
        inner = unwrap(field(node, side))
        if isinstance(other.type, PointerType) and inner.type == "field_expression":
            inferred(lowering, lowering.object(inner), other.type, node)
