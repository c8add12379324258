"""Lowering of blocks: their declarations, and the guards that are released on the way out."""

from __future__ import annotations

from typing import Final

import attrs
from tree_sitter import Node

from engine.compiler.declarations import Declared, declarators, is_static
from engine.compiler.lower.hoisting import Hoisting
from engine.compiler.lower.objects import Object
from engine.compiler.syntax import children, field, word
from engine.policy.c_types import (
    ArrayType,
    AtomicType,
    IntegerType,
    LockType,
    PointerType,
    type_name,
)
from engine.policy.expressions import (
    Constant,
    Expression,
    Load,
    Store,
)
from engine.policy.locks import GUARDS, UNCHECKED_GUARDS
from engine.policy.operations import Acquire, Release

STATEMENTS_SUPPORTED = (
    "declarations, expressions, if, switch, for, while, do, goto, break, continue, return, "
    "guard() and scoped_guard()"
)


_BLOCKS: Final = frozenset({"compound_statement", "labeled_statement", "case_statement"})
"""What a declaration may stand in."""


@attrs.frozen
class Held:
    """A lock that a guard releases on every way out of a block."""

    address: Expression
    shared: bool
    text: str
    node: Node
    block: Node


@attrs.define
class Blocks(Hoisting):
    """Lowers what is between braces; statements are the business of a subclass."""

    guards: list[Held] = attrs.Factory(list)
    compounds: list[Node] = attrs.Factory(list)

    def compound(self, node: Node) -> None:
        """Lower what is between braces."""
        self.blocks.append({})
        self.compounds.append(node)
        held = len(self.guards)
        for child in children(node):
            self.statement(child)
        self._release(held, node)
        del self.guards[held:]
        self.compounds.pop()
        self.blocks.pop()

    def statement(self, node: Node) -> None:
        """Lower a statement."""
        raise NotImplementedError

    def _guard(self, call: Node, node: Node) -> bool:
        function = field(call, "function")
        if function.type != "call_expression" or word(field(function, "function")) != "guard":
            return False
        if node.parent is not None and node.parent.type not in _BLOCKS:
            raise self.refusal(
                node,
                f"`{self.short(node)}` without braces, though a guard is a declaration",
                "braces around it, or scoped_guard()",
            )
        kinds = self.arguments(function)
        name = word(kinds[0]) if len(kinds) == 1 else ""
        if name in UNCHECKED_GUARDS:
            return True
        self._take(name, function, self.arguments(call), node)
        return True

    def _take(self, name: str, where: Node, arguments: list[Node], node: Node) -> None:
        found = GUARDS.get(name)
        if found is None:
            raise self.refusal(where, f"a guard of class {name!r}", ", ".join(GUARDS))
        self.count(where, arguments, 1)
        self.hoist(arguments[0])
        lock = self.lock(arguments[0], found.kinds)
        address = lock.address
        if not isinstance(address, Constant):
            kept = self.temporary(address.type)
            self.execute(node, Store(kept, address, address.type))
            address = Load(kept, address.type)
        text = self.unit.text(node)
        place = self.unit.place(node)
        self.flow.emit(Acquire(text, place, address, found.shared, self.flow.after()))
        self.guards.append(Held(address, found.shared, text, node, self.compounds[-1]))

    def _release(self, down_to: int, node: Node) -> None:
        for held in reversed(self.guards[down_to:]):
            self._drop(held, node)

    def _drop(self, held: Held, node: Node) -> None:
        end = node.children[-1] if node.type == "compound_statement" else node
        self.flow.emit(
            Release(
                *(f"end of {held.text}", self.unit.place(end), held.address, held.shared),
                next=self.flow.after(),
            )
        )

    def _declaration(self, node: Node) -> None:
        base = self.types.of_specifier(node)
        for declarator in declarators(node):
            if declarator.type == "function_declarator":
                continue
            declared = self.types.declared(declarator, base)
            if is_static(node):
                self.blocks[-1][declared.name] = self.static(declared, self.function)
                continue
            self._local(node, declared)

    def _local(self, node: Node, declared: Declared) -> None:
        ctype = declared.type
        if not isinstance(ctype, IntegerType | PointerType):
            self._local_object(declared)
            return
        if declared.initial is not None and declared.initial.type == "initializer_list":
            raise self.refusal(declared.initial, f"`{self.short(declared.initial)}`", "a value")
        if declared.initial is not None:
            self.hoist(declared.initial)
        value = None if declared.initial is None else self.scalar(declared.initial)
        address = self.slot(declared.name, ctype)
        self.blocks[-1][declared.name] = Object(address, ctype)
        if value is not None and declared.initial is not None:
            self.execute(node, Store(address, self.fitted(declared.node, value, ctype), ctype))

    def _local_object(self, declared: Declared) -> None:
        ctype = declared.type
        zero = declared.initial is None
        if isinstance(ctype, ArrayType) and zero and isinstance(ctype.element, IntegerType):
            first = self.slot(f"{declared.name}[0]", ctype.element)
            for index in range(1, ctype.length):
                self.slot(f"{declared.name}[{index}]", ctype.element)
            address = attrs.evolve(first, type=PointerType(ctype))
        elif isinstance(ctype, AtomicType | LockType) and zero:
            address = self.slot(declared.name, ctype)
        else:
            raise self.refusal(
                declared.node,
                f"a local variable of type {type_name(ctype)}",
                "a number or a pointer, or an array of numbers without initialiser",
            )
        self.blocks[-1][declared.name] = Object(address, ctype)
