"""Values: literals, operators, assignments and casts become typed expressions."""

from __future__ import annotations

from typing import Final

import attrs
from tree_sitter import Node

from engine.compiler.declarations import declarators, width_in_bytes
from engine.compiler.lower.build import (
    ONE,
    ZERO,
    as_bool,
    chosen,
    negated,
    operate,
    prefixed,
    promoted,
    sequence,
    truth,
)
from engine.compiler.lower.conditions import both_or_either, compare
from engine.compiler.lower.conversions import (
    fitted,
    inferred,
    inside,
    integer,
    load,
    modify,
    noted,
    require_writable,
    scalar,
    store,
)
from engine.compiler.lower.lowering import EXPRESSIONS_SUPPORTED, Lowering, Rules
from engine.compiler.lower.objects import named_constant
from engine.compiler.syntax import field, unwrap, word
from engine.policy.c_types import (
    BOOL,
    CHAR,
    INT,
    ULONG,
    VOID,
    ArrayType,
    CType,
    IntegerType,
    PointerType,
)
from engine.policy.expressions import Constant, ElementAddress, Expression, Kept, Let, ObjectValue
from engine.policy.integers import literal
from engine.policy.operators import BINARY, BinaryOperator, UnaryOperator

_MAY_GATE: Final = (BinaryOperator.DIVIDE, BinaryOperator.REMAINDER, BinaryOperator.SHIFT_RIGHT)
"""Operators whose result may be zero though neither operand is: like a condition, it may gate."""
_ESCAPES: Final = {"n": 10, "t": 9, "0": 0, "r": 13, "\\": 92, "'": 39, '"': 34, "a": 7, "b": 8}


def _parenthesized(lowering: Lowering, node: Node) -> Expression:
    return lowering.value(inside(lowering, node))


def _truth_value(lowering: Lowering, node: Node) -> Expression:
    return Constant(int(node.type == "true"), BOOL)


def _null(lowering: Lowering, node: Node) -> Expression:
    return Constant(0, PointerType(VOID))


def _character(lowering: Lowering, node: Node) -> Expression:
    text = word(node)
    body = text[1:-1]
    if len(body) == 1:
        return Constant(ord(body), INT)
    if len(body) == 2 and body[0] == "\\" and body[1] in _ESCAPES:
        return Constant(_ESCAPES[body[1]], INT)
    raise lowering.refusal(node, f"`{text}`", "a character constant of one character")


def _number(lowering: Lowering, node: Node) -> Expression:
    text = word(node)
    found = literal(text.lstrip("-+"))
    if found is None:
        raise lowering.refusal(node, f"`{text}`", "an integer constant")
    constant = Constant(*found)
    return prefixed(UnaryOperator.MINUS, constant) if text.startswith("-") else constant


def _name(lowering: Lowering, node: Node) -> Expression:
    constant = named_constant(lowering, node)
    return _loaded(lowering, node) if constant is None else constant


def _loaded(lowering: Lowering, node: Node) -> Expression:
    return load(lowering, node, lowering.object(node))


def _element(lowering: Lowering, node: Node) -> Expression:
    """Return an element's value; a number that is looked up may gate like a condition."""
    value = _loaded(lowering, node)
    match value:
        case ObjectValue(ElementAddress(index=index), IntegerType()):
            return value if isinstance(index, Constant) else noted(lowering, node, value)
        case _:
            return value


def _pointer(lowering: Lowering, node: Node) -> Expression:
    if word(node.children[0]) == "&":
        return _address_of(lowering, field(node, "argument"))
    return _loaded(lowering, node)


def _address_of(lowering: Lowering, node: Node) -> Expression:
    """Return `&node` for an object."""
    thing = lowering.object(node)
    if isinstance(thing.type, ArrayType):
        raise lowering.refusal(
            node, f"the address of the array `{lowering.short(node)}`", "of an element"
        )
    if not thing.writable:
        raise lowering.refusal(
            node, f"the address of `{lowering.short(node)}`", "an object that can change"
        )
    return attrs.evolve(thing.address, type=PointerType(thing.type))


def _unary(lowering: Lowering, node: Node) -> Expression:
    operator, argument = word(node.children[0]), field(node, "argument")
    if operator == "!":
        return noted(lowering, node, negated(scalar(lowering, argument)))
    return _prefixed(operator, integer(lowering, argument))


def _prefixed(operator: str, operand: Expression) -> Expression:
    if operator == "!":
        return negated(operand)
    return promoted(operand) if operator == "+" else prefixed(UnaryOperator(operator), operand)


def _binary(lowering: Lowering, node: Node) -> Expression:
    operator = word(field(node, "operator"))
    if operator in ("&&", "||"):
        left = truth(scalar(lowering, field(node, "left")))
        if isinstance(left, Constant) and bool(left.value) == (operator == "||"):
            return left
        right = truth(scalar(lowering, field(node, "right")))
        return both_or_either(lowering, node, left, right)
    known = BINARY.get(operator)
    if known is None:
        raise lowering.refusal(node, f"the operator `{operator}`", EXPRESSIONS_SUPPORTED)
    left, right = scalar(lowering, field(node, "left")), scalar(lowering, field(node, "right"))
    if known.compares:
        return noted(lowering, node, compare(lowering, node, known, left, right))
    for side, operand in (("left", left), ("right", right)):
        if not isinstance(operand.type, IntegerType):
            raise lowering.refusal(field(node, side), "arithmetic on a pointer", "integers")
    _check_constant(lowering, node, known, left, right)
    if known is BinaryOperator.MULTIPLY:
        left = noted(lowering, field(node, "left"), left)
        right = noted(lowering, field(node, "right"), right)
    value = operate(known, left, right)
    return noted(lowering, node, value) if known in _MAY_GATE else value


def _check_constant(
    lowering: Lowering, node: Node, operator: BinaryOperator, left: Expression, right: Expression
) -> None:
    """Refuse what C leaves undefined (C11 6.5.5, 6.5.7), where it can be seen in the text."""
    if not isinstance(right, Constant):
        return
    if operator in (BinaryOperator.DIVIDE, BinaryOperator.REMAINDER) and right.value == 0:
        raise lowering.refusal(node, "a division by zero", "another divisor")
    shifted = promoted(left).type
    if not operator.shifts or not isinstance(shifted, IntegerType):
        return
    if not 0 <= right.value < shifted.bits:
        raise lowering.refusal(
            node, f"a shift of {shifted.bits} bits by {right.value}", f"0 to {shifted.bits - 1}"
        )


def _assignment(lowering: Lowering, node: Node) -> Expression:
    operator = word(field(node, "operator"))
    thing = lowering.object(field(node, "left"))
    value = scalar(lowering, field(node, "right"))
    if operator == "=":
        return store(lowering, node, thing, value)
    require_writable(lowering, node, thing)
    known = BINARY.get(operator.rstrip("="))
    if known is None or not isinstance(value.type, IntegerType):
        raise lowering.refusal(node, f"`{lowering.short(node)}`", EXPRESSIONS_SUPPORTED)
    thing = inferred(lowering, thing, value.type, node)
    _check_constant(lowering, node, known, ObjectValue(thing.address, thing.type), value)
    if known is BinaryOperator.MULTIPLY:
        value = noted(lowering, field(node, "right"), value)
    changed = modify(lowering, node, thing, known, value)
    return noted(lowering, node, changed) if known in _MAY_GATE else changed


def _update(lowering: Lowering, node: Node) -> Expression:
    argument = field(node, "argument")
    operator = word(field(node, "operator"))
    postfix = node.children[0].id == argument.id
    prefixes = list[str]()
    while postfix and argument.type == "unary_expression":
        # The grammar binds `!x++` as `(!x)++`; C binds the postfix first.
        prefixes.append(word(argument.children[0]))
        argument = field(argument, "argument")
    known = BinaryOperator.ADD if operator == "++" else BinaryOperator.SUBTRACT
    thing = inferred(lowering, lowering.object(argument), INT, node)
    value = modify(lowering, node, thing, known, ONE, gives_old=postfix)
    for prefix in reversed(prefixes):
        value = _prefixed(prefix, value)
    return value


def _conditional(lowering: Lowering, node: Node) -> Expression:
    asked = field(node, "condition")
    test = lowering.value(asked)
    otherwise = lowering.value(field(node, "alternative"))
    middle = node.child_by_field_name("consequence")
    if middle is None:
        return _elvis(lowering, asked, test, otherwise)
    then = lowering.value(middle)
    _require_same_kind(lowering, node, then, otherwise)
    return chosen(noted(lowering, asked, test), then, otherwise)


def _elvis(lowering: Lowering, asked: Node, test: Expression, otherwise: Expression) -> Expression:
    """Return GNU's `test ?: otherwise`, which evaluates the test once."""
    number = lowering.compilation.fresh()
    kept = Kept(number, test.type)
    body = chosen(noted(lowering, asked, kept), kept, otherwise)
    return Let(number, test, body, body.type)


def _require_same_kind(
    lowering: Lowering, node: Node, then: Expression, otherwise: Expression
) -> None:
    numbers = [isinstance(e.type, IntegerType) for e in (then, otherwise)]
    null = any(isinstance(e, Constant) and e.value == 0 for e in (then, otherwise))
    if all(numbers) or then.type == otherwise.type or (null and not any(numbers)):
        return
    raise lowering.refusal(
        node, f"`{lowering.short(node)}`", "two numbers or two pointers to the same type"
    )


def _comma(lowering: Lowering, node: Node) -> Expression:
    left = lowering.value(field(node, "left"))
    return sequence(left, lowering.value(field(node, "right")))


def _cast(lowering: Lowering, node: Node) -> Expression:
    wanted = _type_of(lowering, field(node, "type"))
    value = lowering.value(field(node, "value"))
    if wanted == VOID:
        return sequence(value, attrs.evolve(ZERO, type=VOID))
    numbers = isinstance(wanted, IntegerType) and isinstance(value.type, IntegerType)
    if numbers or isinstance(wanted, PointerType):
        return fitted(lowering, node, value, wanted)
    if isinstance(wanted, IntegerType) and wanted.rank == 0:
        return as_bool(value)
    raise lowering.refusal(node, f"`{lowering.short(node)}`", "a cast between integer types")


def _type_of(lowering: Lowering, descriptor: Node) -> CType:
    """Return the type that a type name names."""
    base = lowering.types.of_specifier(descriptor)
    abstract = next(iter(declarators(descriptor)), None)
    return base if abstract is None else lowering.types.declared(abstract, base).type


def _sizeof(lowering: Lowering, node: Node) -> Expression:
    descriptor = node.child_by_field_name("type")
    if descriptor is not None:
        ctype = _type_of(lowering, descriptor)
    else:
        argument = unwrap(field(node, "value"))
        if argument.type == "identifier" and lowering.lookup(word(argument)) is None:
            ctype = _sizeof_name(lowering, argument)
        elif argument.type in ("identifier", "field_expression", "subscript_expression"):
            ctype = lowering.object(argument).type
        else:
            ctype = lowering.value(argument).type
    width = width_in_bytes(ctype)
    if width is None:
        raise lowering.refusal(
            node, f"`{lowering.short(node)}`", "sizeof an integer, a pointer or an array"
        )
    return Constant(width, ULONG)


def _sizeof_name(lowering: Lowering, node: Node) -> CType:
    name = word(node)
    constant = named_constant(lowering, node)
    if constant is not None:
        return constant.type
    if name in lowering.names.globals:
        return lowering.object(node).type
    return CHAR if name == "char" else lowering.types.named(node)


VALUES: Final[Rules[Expression]] = {
    "parenthesized_expression": _parenthesized,
    "true": _truth_value,
    "false": _truth_value,
    "null": _null,
    "char_literal": _character,
    "number_literal": _number,
    "identifier": _name,
    "field_expression": _loaded,
    "subscript_expression": _element,
    "pointer_expression": _pointer,
    "unary_expression": _unary,
    "binary_expression": _binary,
    "assignment_expression": _assignment,
    "update_expression": _update,
    "conditional_expression": _conditional,
    "comma_expression": _comma,
    "cast_expression": _cast,
    "sizeof_expression": _sizeof,
}
