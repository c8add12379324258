"""Lowering of xchg(), cmpxchg() and try_cmpxchg(), each one indivisible access."""

from __future__ import annotations

import re
from typing import Final

import attrs
from tree_sitter import Node

from engine.compiler.lower.build import ONE, as_bool, chosen, keeping, operate, sequence
from engine.compiler.lower.objects import Object
from engine.compiler.lower.values import Expressions
from engine.policy.c_types import INT, IntegerType, PointerType, type_name
from engine.policy.expressions import Constant, Exchange, Expression, Load, Store
from engine.policy.operators import BinaryOperator

_EXCHANGE: Final = re.compile(
    r"(?:raw_|arch_)?(cmpxchg|try_cmpxchg|xchg)(?:64|128)?(?:_local)?(?:_relaxed|_acquire|_release)?"
)


@attrs.define
class Exchanges(Expressions):
    """Lowers calls that exchange a value."""

    def exchange_call(self, name: str, node: Node, arguments: list[Node]) -> Expression | None:
        """Return the value of an exchange's call, or None if the name is of none."""
        match = _EXCHANGE.fullmatch(name)
        if match is None:
            return None
        kind = match.group(1)
        self.count(node, arguments, 2 if kind == "xchg" else 3)
        value = self.scalar(arguments[-1])
        thing = self.target(arguments[0], value.type)
        if not thing.writable or not isinstance(thing.type, IntegerType | PointerType):
            raise self.refusal(
                arguments[0], f"`{self.short(arguments[0])}`", "an integer or a pointer"
            )
        if kind == "try_cmpxchg":
            return self._try(node, thing, arguments[1], arguments[2])
        new = self.fitted(arguments[-1], value, thing.type)
        expected = None
        if kind == "cmpxchg":
            expected = self.fitted(arguments[1], self.scalar(arguments[1]), thing.type)
        return Exchange(thing.address, expected, new, thing.type)

    def _try(self, node: Node, thing: Object, old: Node, new: Node) -> Expression:
        """Return try_cmpxchg(): where it fails, the value found goes to the old one's place."""
        expected = self.target(old, thing.type)
        if expected.type != thing.type:
            raise self.refusal(
                old,
                f"`{self.short(old)}`, a {type_name(expected.type)}",
                f"a {type_name(thing.type)}",
            )
        ctype = thing.type
        value = self.fitted(new, self.scalar(new), ctype)

        def body(wanted: Expression) -> Expression:
            found = Exchange(thing.address, wanted, value, ctype)

            def settle(got: Expression) -> Expression:
                failed = sequence(Store(expected.address, got, ctype), Constant(0, INT))
                return chosen(operate(BinaryOperator.EQUAL, got, wanted), ONE, failed)

            return keeping(self.compilation.fresh(), found, settle)

        before = Load(expected.address, ctype)
        return as_bool(keeping(self.compilation.fresh(), before, body))
