"""Lowering of constants: literals, enumerators and the names that kernel headers define."""

from __future__ import annotations

from typing import Final

import attrs
from tree_sitter import Node

from engine.compiler.headers import CONSTANTS, FWB_CAPABILITY, IMPLEMENTORS
from engine.compiler.lower.build import ONE, operate, prefixed
from engine.compiler.lower.members import Members
from engine.compiler.syntax import children, word
from engine.policy.c_types import BOOL, INT, VOID, PointerType
from engine.policy.expressions import Constant, Expression
from engine.policy.integers import literal
from engine.policy.operators import BinaryOperator, UnaryOperator

_ESCAPES: Final = {"n": 10, "t": 9, "0": 0, "r": 13, "\\": 92, "'": 39, '"': 34, "a": 7, "b": 8}


@attrs.define
class Constants(Members):
    """Lowers what has a value by itself."""

    def _literal(self, node: Node) -> Expression:
        text = word(node)
        if node.type in ("true", "false"):
            return Constant(int(node.type == "true"), BOOL)
        if node.type == "null":
            return Constant(0, PointerType(VOID))
        if node.type == "char_literal":
            body = text[1:-1]
            if len(body) == 1:
                return Constant(ord(body), INT)
            if len(body) == 2 and body[0] == "\\" and body[1] in _ESCAPES:
                return Constant(_ESCAPES[body[1]], INT)
            raise self.refusal(node, f"`{text}`", "a character constant of one character")
        negative = text.startswith("-")
        found = literal(text.lstrip("-+"))
        if found is None:
            raise self.refusal(node, f"`{text}`", "an integer constant")
        constant = Constant(*found)
        return prefixed(UnaryOperator.MINUS, constant) if negative else constant

    def named_constant(self, node: Node) -> Expression | None:
        """Return the constant that a name stands for, or None where it is no constant."""
        name = word(node)
        if self.lookup(name) is not None:
            return None
        listed = self.enumerator(name)
        if listed is not None:
            return listed
        if name in self.names.globals:
            return None
        if name in IMPLEMENTORS:
            self.compilation.ask_implementor(name, IMPLEMENTORS[name])
        if name == FWB_CAPABILITY:
            raise self.refusal(
                node, f"`{name}`", "it as the argument of cpus_have_final_cap() and kin"
            )
        found = CONSTANTS.get(name)
        return None if found is None else Constant(*found)

    def enumerator(self, name: str) -> Expression | None:
        """Return the value of an enum's name (C11 6.7.2.2)."""
        found = self.names.enumerators.get(name)
        if found is None or name in self.visiting:
            return None
        value: Expression = Constant(-1, INT)
        self.visiting.add(name)
        items = [n for n in children(found.listing) if n.type == "enumerator"]
        for item in items[: found.index + 1]:
            given = item.child_by_field_name("value")
            value = operate(BinaryOperator.ADD, value, ONE) if given is None else self.value(given)
        self.visiting.discard(name)
        return value
