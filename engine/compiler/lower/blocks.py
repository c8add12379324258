"""Lowering of blocks: their declarations, and the guards that are released on the way out."""

from __future__ import annotations

from typing import Final

import attrs
from tree_sitter import Node

from engine.compiler.declarations import Declared, declarators, has_storage
from engine.compiler.lower.calls import lock
from engine.compiler.lower.conversions import fitted, scalar
from engine.compiler.lower.hoisting import execute, hoist, slot, temporary
from engine.compiler.lower.lowering import Held, Lowering, Object, Rules
from engine.compiler.lower.objects import static
from engine.compiler.syntax import arguments, children, field, word
from engine.policy.c_types import (
    ArrayType,
    AtomicType,
    IntegerType,
    LockType,
    PointerType,
    type_name,
)
from engine.policy.expressions import Assignment, Constant, ObjectValue
from engine.policy.locks import GUARDS, UNCHECKED_GUARDS
from engine.policy.operations import Acquire, Release

_BLOCKS: Final = frozenset({"compound_statement", "labeled_statement", "case_statement"})
"""What a declaration may stand in."""


def compound(lowering: Lowering, node: Node) -> None:
    """Lower what is between braces, and release what it guards at its end."""
    lowering.blocks.append({})
    lowering.compounds.append(node)
    held = len(lowering.guards)
    for child in children(node):
        lowering.statement(child)
    release(lowering, held, node)
    del lowering.guards[held:]
    lowering.compounds.pop()
    lowering.blocks.pop()


def guard(lowering: Lowering, call: Node, node: Node) -> bool:
    """Say whether a statement is a guard, and if it is take its lock.

    Raises:
        RefusedError: it stands where a declaration may not, or its class is not known.
    """
    function = field(call, "function")
    if function.type != "call_expression" or word(field(function, "function")) != "guard":
        return False
    if node.parent is not None and node.parent.type not in _BLOCKS:
        raise lowering.refusal(
            node,
            f"`{lowering.short(node)}` without braces, though a guard is a declaration",
            "braces around it, or scoped_guard()",
        )
    kinds = arguments(function)
    name = word(kinds[0]) if len(kinds) == 1 else ""
    if name not in UNCHECKED_GUARDS:
        take(lowering, name, function, arguments(call), node)
    return True


def take(lowering: Lowering, name: str, where: Node, given: tuple[Node, ...], node: Node) -> None:
    """Emit the taking of a guard's lock, which every way out of the block releases.

    Raises:
        RefusedError: the guard's class is not known, or its lock is of another kind.
    """
    found = GUARDS.get(name)
    if found is None:
        raise lowering.refusal(where, f"a guard of class {name!r}", ", ".join(GUARDS))
    lowering.require_arguments(where, given, 1)
    hoist(lowering, given[0])
    address = lock(lowering, given[0], found.kinds).address
    if not isinstance(address, Constant):
        kept = temporary(lowering, address.type)
        execute(lowering, node, Assignment(kept, address, address.type))
        address = ObjectValue(kept, address.type)
    text, place = lowering.unit.text(node), lowering.unit.place(node)
    lowering.flow.emit(Acquire(text, place, address, found.shared, lowering.flow.after()))
    lowering.guards.append(Held(address, found.shared, text, node, lowering.compounds[-1]))


def release(lowering: Lowering, down_to: int, node: Node) -> None:
    """Emit the release of all guards but the outermost ones."""
    for held in reversed(lowering.guards[down_to:]):
        drop(lowering, held, node)


def drop(lowering: Lowering, held: Held, node: Node) -> None:
    """Emit the release of a guard's lock."""
    end = node.children[-1] if node.type == "compound_statement" else node
    lowering.flow.emit(
        Release(
            *(f"end of {held.text}", lowering.unit.place(end), held.address, held.shared),
            next=lowering.flow.after(),
        )
    )


def declaration(lowering: Lowering, node: Node) -> None:
    """Lower a declaration: its variables get slots, its initialisers are executed.

    Raises:
        RefusedError: it declares what another file defines.
    """
    base = lowering.types.of_specifier(node)
    for declarator in declarators(node):
        if declarator.type == "function_declarator":
            continue
        if has_storage(node, "extern"):
            raise lowering.refusal(
                node, f"`{lowering.short(node)}` in a function", "it outside of functions"
            )
        declared = lowering.types.declared(declarator, base)
        if has_storage(node, "static"):
            lowering.blocks[-1][declared.name] = static(lowering, declared, lowering.function)
            continue
        _local(lowering, node, declared)


def _local(lowering: Lowering, node: Node, declared: Declared) -> None:
    ctype = declared.type
    if not isinstance(ctype, IntegerType | PointerType):
        _local_object(lowering, declared)
        return
    if declared.initial is not None and declared.initial.type == "initializer_list":
        raise lowering.refusal(declared.initial, f"`{lowering.short(declared.initial)}`", "a value")
    if declared.initial is not None:
        hoist(lowering, declared.initial)
    value = None if declared.initial is None else scalar(lowering, declared.initial)
    address = slot(lowering, declared.name, ctype)
    lowering.blocks[-1][declared.name] = Object(address, ctype)
    if value is not None and declared.initial is not None:
        execute(
            lowering,
            node,
            Assignment(address, fitted(lowering, declared.node, value, ctype), ctype),
        )


def _local_object(lowering: Lowering, declared: Declared) -> None:
    ctype = declared.type
    zero = declared.initial is None
    if isinstance(ctype, ArrayType) and zero and isinstance(ctype.element, IntegerType):
        first = slot(lowering, f"{declared.name}[0]", ctype.element)
        for index in range(1, ctype.length):
            slot(lowering, f"{declared.name}[{index}]", ctype.element)
        address = attrs.evolve(first, type=PointerType(ctype))
    elif isinstance(ctype, AtomicType | LockType) and zero:
        address = slot(lowering, declared.name, ctype)
    else:
        raise lowering.refusal(
            declared.node,
            f"a local variable of type {type_name(ctype)}",
            "a number or a pointer, or an array of numbers without initialiser",
        )
    lowering.blocks[-1][declared.name] = Object(address, ctype)


STATEMENTS: Final[Rules[None]] = {"compound_statement": compound, "declaration": declaration}
