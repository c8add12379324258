"""Building of typed expressions: conversions made explicit, constants folded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, cast

import attrs

from engine.policy.c_types import BOOL, INT, ULONG, VOID, CType, IntegerType, VoidType
from engine.policy.decisions import parts
from engine.policy.expressions import (
    Ask,
    Assignment,
    Binary,
    Conditional,
    Constant,
    Convert,
    ElementAddress,
    Exchange,
    Expression,
    FieldAddress,
    InnerCondition,
    Kept,
    Let,
    LocalAddress,
    Logical,
    Modify,
    ObjectValue,
    Oops,
    RegisterAddress,
    Sequence,
    TryLock,
    Unary,
    VcpuAddress,
    Watched,
)
from engine.policy.integers import binary, common, convert, promote, unary
from engine.policy.operators import BinaryOperator, UnaryOperator

ZERO: Final = Constant(0, INT)
ONE: Final = Constant(1, INT)
NOTHING: Final = Sequence((), VOID)


def converted(expression: Expression, target: CType) -> Expression:
    """Return the expression converted to a type."""
    if expression.type == target or isinstance(target, VoidType):
        return expression
    if isinstance(expression, Constant):
        return Constant(convert(expression.value, target), target)
    return Convert(expression, target)


def promoted(expression: Expression) -> Expression:
    """Return an integer after the integer promotions; anything else as it is."""
    if isinstance(expression.type, IntegerType):
        return converted(expression, promote(expression.type))
    return expression


def truth(expression: Expression) -> Expression:
    """Return 1 where a scalar is not zero, else 0, as an int."""
    if isinstance(expression, Constant):
        return Constant(int(expression.value != 0), INT)
    inner = expression.operand if isinstance(expression, InnerCondition) else expression
    if isinstance(inner, Logical) or (isinstance(inner, Binary) and inner.operator.compares):
        return expression
    return Binary(BinaryOperator.UNEQUAL, expression, Constant(0, expression.type), INT)


def operate(operator: BinaryOperator, left: Expression, right: Expression) -> Expression:
    """Return an arithmetic operator on two integers, converted as C converts them.

    Comparisons of pointers are taken as they are: both are 64-bit numbers.
    """
    compute: CType = ULONG
    one, other = left.type, right.type
    if isinstance(one, IntegerType) and isinstance(other, IntegerType):
        if operator.shifts:
            left, right = promoted(left), promoted(right)
            compute = left.type
        else:
            both = common(one, other)
            left, right, compute = converted(left, both), converted(right, both), both
    result = INT if operator.compares else compute
    if isinstance(left, Constant) and isinstance(right, Constant):
        return Constant(binary(operator, left.value, right.value, result), result)
    return Binary(operator, left, right, result)


def negated(expression: Expression) -> Expression:
    """Return `!expression`."""
    if isinstance(expression, Constant):
        return Constant(int(not expression.value), INT)
    return Unary(UnaryOperator.NOT, expression, INT)


def prefixed(operator: UnaryOperator, operand: Expression) -> Expression:
    """Return `-` or `~` on an integer."""
    operand = promoted(operand)
    if isinstance(operand, Constant):
        return Constant(unary(operator, operand.value, operand.type), operand.type)
    return Unary(operator, operand, operand.type)


def chosen(condition: Expression, then: Expression, otherwise: Expression) -> Expression:
    """Return `condition ? then : otherwise` for two integers or two like operands."""
    if isinstance(then.type, IntegerType) and isinstance(otherwise.type, IntegerType):
        ctype: CType = common(then.type, otherwise.type)
        then, otherwise = converted(then, ctype), converted(otherwise, ctype)
    else:
        ctype = then.type
    if isinstance(condition, Constant):
        return then if condition.value else otherwise
    return Conditional(condition, then, otherwise, ctype)


def logical(stop_at: bool, left: Expression, right: Expression) -> Expression:
    """Return `left || right` (stop_at true) or `left && right`."""
    if isinstance(left, Constant):
        return Constant(int(stop_at), INT) if bool(left.value) == stop_at else truth(right)
    return Logical(stop_at, left, right, INT)


def sequence(*parts: Expression) -> Expression:
    """Return the parts in order, with the last one's value; constants are dropped before it."""
    kept = (*(p for p in parts[:-1] if not isinstance(p, Constant) and p != NOTHING), parts[-1])
    return kept[0] if len(kept) == 1 else Sequence(kept, kept[-1].type)


def pure(expression: Expression) -> bool:
    """Say whether evaluating an expression twice gives the same as once, and is cheap."""
    match expression:
        case Constant() | LocalAddress() | Kept() | Ask():
            return True
        case FieldAddress(base=inner) | Convert(operand=inner):
            return pure(inner)
        case ElementAddress(base=inner, index=index):
            return pure(inner) and pure(index)
        case Binary(left=left, right=right):
            return pure(left) and pure(right)
        case Unary(operand=inner):
            return pure(inner)
        case (
            ObjectValue()
            | RegisterAddress()
            | VcpuAddress()
            | Assignment()
            | Modify()
            | Exchange()
            | Logical()
            | Conditional()
            | Sequence()
            | Let()
            | Watched()
            | InnerCondition()
            | TryLock()
            | Oops()
        ):
            return False


def keeping(
    number: int, operand: Expression, body: Callable[[Expression], Expression]
) -> Expression:
    """Return what `body` makes of an operand that is evaluated once."""
    if pure(operand):
        return body(operand)
    inner = body(Kept(number, operand.type))
    return Let(number, operand, inner, inner.type)


def as_bool(expression: Expression) -> Expression:
    """Return an expression as a bool."""
    return converted(expression, BOOL)


def changes(expression: Expression) -> bool:
    """Say whether evaluating an expression may do more than give a value."""
    if isinstance(expression, Assignment | Modify | Exchange | TryLock | Oops):
        return True
    return any(changes(part) for part in parts(expression))


def unnoted(expression: Expression) -> Expression:
    """Return an expression of which no condition is noted: its value is not used."""
    if isinstance(expression, InnerCondition):
        return unnoted(expression.operand)
    whole: Any = expression
    replaced = dict[str, Any]()
    for each in attrs.fields(type(expression)):
        value = getattr(expression, each.name)
        if isinstance(value, Expression):
            replaced[each.name] = unnoted(value)
        elif isinstance(value, tuple):
            replaced[each.name] = tuple(map(unnoted, value))
    return cast("Expression", attrs.evolve(whole, **replaced))


def unnoted_number(expression: Expression) -> Expression:
    """Return a number that is noted for being zero or not as one that is not, by itself."""
    match expression:
        case Watched(operand=inner) | Convert(operand=inner):
            return attrs.evolve(expression, operand=unnoted_number(inner))
        case InnerCondition(operand=Binary(operator=operator) as inner) if not operator.compares:
            return inner
        case InnerCondition(operand=ObjectValue() as inner):
            return inner
        case _:
            return expression
