"""Conversions: the types that operands and objects must have, and what fits them there.

What does not fit is refused: each function here raises a `RefusedError` for it.
"""

from __future__ import annotations

import attrs
from tree_sitter import Node

from engine.compiler.lower.build import as_bool, converted, promoted
from engine.compiler.lower.lowering import EXPRESSIONS_SUPPORTED, Lowering, Object
from engine.compiler.syntax import children, field, unwrap, word
from engine.policy.c_types import (
    KVM,
    VCPU,
    VOID,
    ArrayType,
    AtomicType,
    CType,
    IntegerType,
    LockType,
    PointerType,
    StructType,
    VoidType,
    type_name,
)
from engine.policy.expressions import (
    Assignment,
    Conditional,
    Constant,
    Convert,
    Expression,
    InnerCondition,
    Logical,
    Modify,
    ObjectValue,
    Unary,
    Watched,
)
from engine.policy.integers import common
from engine.policy.operators import BinaryOperator
from engine.refusal import RefusedError


def inside(lowering: Lowering, node: Node) -> Node:
    """Return what parentheses hold, refusing GNU statement expressions."""
    held = children(node)
    if len(held) != 1 or held[0].type == "compound_statement":
        raise lowering.refusal(node, f"`{lowering.short(node)}`", EXPRESSIONS_SUPPORTED)
    return held[0]


def scalar(lowering: Lowering, node: Node) -> Expression:
    """Return the value of an expression that must be a number or a pointer."""
    value = lowering.value(node)
    if not isinstance(value.type, IntegerType | PointerType):
        raise _mistyped(lowering, node, value, "a number or pointer")
    return value


def integer(lowering: Lowering, node: Node) -> Expression:
    """Return the value of an expression that must be a number."""
    value = lowering.value(node)
    if not isinstance(value.type, IntegerType):
        raise _mistyped(lowering, node, value, "an integer")
    return value


def _mistyped(lowering: Lowering, node: Node, value: Expression, wanted: str) -> RefusedError:
    found = f"`{lowering.short(node)}` of type {type_name(value.type)}"
    return lowering.refusal(node, found, wanted)


def vcpu(lowering: Lowering, node: Node) -> Expression:
    """Return the value of an expression that must be a struct kvm_vcpu *."""
    return _pointer(lowering, node, PointerType(VCPU))


def kvm(lowering: Lowering, node: Node) -> Expression:
    """Return the value of an expression that must be a struct kvm *."""
    return _pointer(lowering, node, PointerType(KVM))


def _pointer(lowering: Lowering, node: Node, wanted: PointerType) -> Expression:
    pointer = lowering.value(node)
    if pointer.type != wanted:
        raise lowering.refusal(
            node,
            f"`{lowering.short(node)}`, a {type_name(pointer.type)}",
            f"a {type_name(wanted)}",
        )
    return pointer


def load(lowering: Lowering, node: Node, thing: Object) -> Expression:
    """Return the value of an object, which must have one."""
    if thing.known is not None:
        return thing.known
    match thing.type:
        case IntegerType() | PointerType():
            return ObjectValue(thing.address, thing.type)
        case ArrayType():
            raise lowering.refusal(node, f"`{lowering.short(node)}`, an array", "an element of it")
        case AtomicType() | LockType() | StructType() | VoidType():
            raise lowering.refusal(
                node,
                f"the value of `{lowering.short(node)}`, a {type_name(thing.type)}",
                "the functions that the kernel has for it",
            )


def store(lowering: Lowering, node: Node, thing: Object, value: Expression) -> Expression:
    """Return `object = value`."""
    require_writable(lowering, node, thing)
    thing = inferred(lowering, thing, value.type, node)
    return Assignment(thing.address, fitted(lowering, node, value, thing.type), thing.type)


def modify(
    lowering: Lowering,
    node: Node,
    thing: Object,
    operator: BinaryOperator,
    value: Expression,
    *,
    gives_old: bool = False,
) -> Expression:
    """Return `object operator= value`."""
    require_writable(lowering, node, thing)
    if not isinstance(thing.type, IntegerType) or not isinstance(value.type, IntegerType):
        raise lowering.refusal(node, f"`{lowering.short(node)}`", "arithmetic on integers")
    if operator.shifts:
        compute = promoted(ObjectValue(thing.address, thing.type)).type
        operand = promoted(value)
    else:
        compute = common(thing.type, value.type)
        operand = converted(value, compute)
    assert isinstance(compute, IntegerType)
    return Modify(thing.address, operator, operand, compute, thing.type, gives_old)


def require_writable(lowering: Lowering, node: Node, thing: Object) -> None:
    """Refuse an assignment to an object that never changes."""
    if not thing.writable:
        raise lowering.refusal(
            node, f"an assignment to `{lowering.short(node)}`", "an object that can change"
        )


def inferred(lowering: Lowering, thing: Object, ctype: CType, node: Node) -> Object:
    """Return an object that has taken note of a type it must hold, if it is invented."""
    if thing.invented is None:
        return thing
    lowering.compilation.infer(thing.invented, ctype, lowering.unit.place(node))
    return attrs.evolve(thing, type=lowering.compilation.member_type(thing.invented))


def target(lowering: Lowering, node: Node, ctype: CType | None) -> Object:
    """Return the object that a pointer argument points at.

    A member of arch takes `ctype` for its type.
    """
    inner = unwrap(node)
    if inner.type == "pointer_expression" and word(inner.children[0]) == "&":
        thing = lowering.object(field(inner, "argument"))
    else:
        pointer = lowering.value(inner)
        if not isinstance(pointer.type, PointerType):
            raise lowering.refusal(node, f"`{lowering.short(node)}`", "a pointer")
        thing = Object(pointer, pointer.type.target)
    return thing if ctype is None else inferred(lowering, thing, ctype, node)


def fitted(lowering: Lowering, node: Node, value: Expression, wanted: CType) -> Expression:
    """Return a value converted to the type of what it is assigned or passed to."""
    match wanted:
        case IntegerType(rank=0) if isinstance(value.type, IntegerType) and not value.type.is_bool:
            return as_bool(noted(lowering, node, value))
        case IntegerType() if isinstance(value.type, IntegerType):
            return converted(value, wanted)
        case IntegerType(rank=0) if isinstance(value.type, PointerType):
            return as_bool(value)
        case PointerType():
            null = isinstance(value, Constant) and value.value == 0
            void = PointerType(VOID)
            if null or value.type in (wanted, void):
                return Constant(0, wanted) if null else converted(value, wanted)
            if wanted == void and isinstance(value.type, PointerType):
                return converted(value, wanted)
        case _:
            pass
    raise lowering.refusal(
        node,
        f"`{lowering.short(node)}`: {type_name(value.type)} where {type_name(wanted)} stands",
        "two numbers or pointers to the same type",
    )


def noted(lowering: Lowering, node: Node, value: Expression) -> Expression:
    """Return a condition inside of an expression, as one that is noted where it is evaluated.

    A constant decides nothing, and what is made of others is decided by them.
    """
    if _is_told(value):
        return value
    asked = unwrap(node)
    text, place = lowering.unit.operand_text(asked), lowering.unit.place(asked)
    return InnerCondition(text, place, value, value.type)


def _is_told(value: Expression) -> bool:
    """Say whether what a value comes to is told by the conditions inside of it."""
    match value:
        case Unary(operand=inner) | Convert(operand=inner) | Watched(operand=inner):
            return _is_told(inner)
        case Conditional(then=then, otherwise=otherwise):
            return _is_told(then) and _is_told(otherwise)
        case _:
            return isinstance(value, Constant | Logical | InnerCondition)
