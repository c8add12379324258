"""Names: which variable or constant a name stands for, and what a variable holds at first."""

from __future__ import annotations

from typing import Final

from tree_sitter import Node

from engine.compiler.declarations import Declared
from engine.compiler.headers import CONSTANTS, FWB_CAPABILITY, KERNEL_IMPLEMENTORS
from engine.compiler.lower.build import ONE, operate
from engine.compiler.lower.lowering import Lowering, Object, Rules
from engine.compiler.syntax import arguments, check, check_preprocessed, children, field, word
from engine.policy.addresses import Region, address
from engine.policy.c_types import (
    INT,
    VOID,
    ArrayType,
    AtomicType,
    CType,
    IntegerType,
    LockType,
    PointerType,
    StructType,
    type_name,
)
from engine.policy.expressions import Constant, Expression
from engine.policy.integers import INTEGER_NAMES, convert
from engine.policy.operators import BinaryOperator


def named_constant(lowering: Lowering, node: Node) -> Expression | None:
    """Return the constant that a name stands for, or None where it is no constant.

    Raises:
        RefusedError: it is a capability, which has no value of its own.
    """
    name = word(node)
    if lowering.lookup(name) is not None:
        return None
    listed = _enumerator(lowering, name)
    if listed is not None:
        return listed
    if name in lowering.names.globals:
        return None
    if name in KERNEL_IMPLEMENTORS:
        lowering.compilation.ask_implementor(name, KERNEL_IMPLEMENTORS[name])
    if name == FWB_CAPABILITY:
        raise lowering.refusal(
            node, f"`{name}`", "it as the argument of cpus_have_final_cap() and kin"
        )
    found = CONSTANTS.get(name)
    return None if found is None else Constant(*found)


def _enumerator(lowering: Lowering, name: str) -> Expression | None:
    """Return the value of an enum's name (C11 6.7.2.2).

    Raises:
        RefusedError: the enum is there only under an #if that nobody can decide.
    """
    found = lowering.names.enumerators.get(name)
    if found is None or name in lowering.visiting:
        return None
    check_preprocessed(lowering.unit, found.listing)
    value: Expression = Constant(-1, INT)
    lowering.visiting.add(name)
    items = [n for n in children(found.listing) if n.type == "enumerator"]
    for item in items[: found.index + 1]:
        given = item.child_by_field_name("value")
        value = operate(BinaryOperator.ADD, value, ONE) if given is None else lowering.value(given)
    lowering.visiting.discard(name)
    return value


def variable(lowering: Lowering, node: Node) -> Object:
    """Return the local or global variable that a name names.

    Raises:
        RefusedError: it names none, or one that the model cannot keep.
    """
    name = word(node)
    local = lowering.lookup(name)
    if local is not None:
        return local
    declared = lowering.names.globals.get(name)
    if declared is None and (name in lowering.names.typedefs or name in INTEGER_NAMES):
        raise lowering.refusal(
            node, f"the type `{name}` as an operand", f"`({name})(…)` if it is a cast"
        )
    if declared is None:
        raise lowering.refusal(
            node, f"`{name}`", "a variable, constant or macro that the source defines"
        )
    declaration, declarator = declared
    if name in lowering.visiting:
        raise lowering.refusal(node, f"`{name}` in its own declaration", "a constant")
    check(lowering.unit, declaration)
    lowering.visiting.add(name)
    try:
        base = lowering.types.of_specifier(declaration)
        return static(lowering, lowering.types.declared(declarator, base), "")
    finally:
        lowering.visiting.discard(name)


def static(lowering: Lowering, declared: Declared, owner: str) -> Object:
    """Return a variable with static storage; `owner` is the function it is local to.

    Raises:
        RefusedError: the model has no variables of its type, or the policy keeps too much.
    """
    _check_storable(lowering, declared)
    slot = lowering.compilation.keep(
        lowering.compilation.statics,
        (lowering.names.number, owner, declared.name, declared.node.start_byte),
        declared.name,
        declared.type,
        _initial(lowering, declared),
        lowering.unit.place(declared.node),
    )
    number = address(Region.STATIC, slot=slot)
    return Object(Constant(number, PointerType(declared.type)), declared.type)


def _check_storable(lowering: Lowering, declared: Declared) -> None:
    match declared.type:
        case StructType() | PointerType(target=PointerType()):
            raise lowering.refusal(
                declared.node,
                f"a variable of type {type_name(declared.type)}",
                "an integer, an atomic, a lock, an array of them, or a pointer to one",
            )
        case _ if declared.type == VOID:
            raise lowering.refusal(declared.node, "a variable of type void", "a type with values")
        case _:
            return


def _initial(lowering: Lowering, declared: Declared) -> tuple[int, ...]:
    node, ctype = declared.initial, declared.type
    if node is None:
        return ()
    if node.type != "initializer_list":
        return (_initial_value(lowering, node, ctype),)
    items = children(node)
    if not isinstance(ctype, ArrayType):
        if not items or (len(items) == 1 and word(items[0]) == "0"):
            return ()
        raise lowering.refusal(node, f"`{lowering.short(node)}`", "`{ 0 }` or a single value")
    if len(items) > ctype.length:
        raise lowering.refusal(node, "too many initialisers", f"at most {ctype.length}")
    return tuple(_initial_value(lowering, item, ctype.element) for item in items)


def _initial_value(lowering: Lowering, node: Node, ctype: CType) -> int:
    if node.type == "call_expression" and isinstance(ctype, AtomicType | LockType):
        name, given = word(field(node, "function")), arguments(node)
        if name.endswith("_INIT") and len(given) == 1 and isinstance(ctype, AtomicType):
            return _initial_value(lowering, given[0], ctype.value)
        if name.startswith("__") and isinstance(ctype, LockType):
            return 0
    if isinstance(ctype, IntegerType | PointerType):
        value = lowering.constant(node)
        if value is not None and (isinstance(ctype, IntegerType) or value.value == 0):
            return convert(value.value, ctype)
    raise lowering.refusal(node, f"the initialiser `{lowering.short(node)}`", "a constant")


LVALUES: Final[Rules[Object]] = {"identifier": variable}
