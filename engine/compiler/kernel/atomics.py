"""Lowering of atomic_t and refcount_t operations (`Documentation/atomic_t.txt`).

Each is one indivisible access, whatever ordering its name asks for: the model is sequentially
consistent.
"""

from __future__ import annotations

import re
from typing import Final

import attrs
from tree_sitter import Node

from engine.compiler.headers import ATOMIC_TYPES
from engine.compiler.kernel.bits import Bits
from engine.compiler.lower.build import (
    ONE,
    ZERO,
    as_bool,
    chosen,
    converted,
    keeping,
    logical,
    operate,
    prefixed,
    sequence,
)
from engine.compiler.lower.objects import Object
from engine.policy.c_types import (
    UINT,
    VOID,
    IntegerType,
    type_name,
)
from engine.policy.expressions import Constant, Exchange, Expression, Load, Modify, Store
from engine.policy.operators import BinaryOperator, UnaryOperator

_ATOMIC: Final = re.compile(r"(?:raw_|arch_)?(atomic_long|atomic64|atomic|refcount)_(\w+?)"
                            r"(?:_relaxed|_acquire|_release)?")  # fmt: skip
_OPERATORS: Final = {
    "add": BinaryOperator.ADD,
    "inc": BinaryOperator.ADD,
    "sub": BinaryOperator.SUBTRACT,
    "dec": BinaryOperator.SUBTRACT,
    "and": BinaryOperator.AND,
    "andnot": BinaryOperator.AND,
    "or": BinaryOperator.OR,
    "xor": BinaryOperator.XOR,
}
_PLAIN: Final = re.compile(r"(fetch_)?(add|inc|sub|dec|andnot|and|or|xor)(_return|_and_test)?")
_WITH_SUFFIX: Final = {
    "_return": ("add", "inc", "sub", "dec"),
    "_and_test": ("inc", "sub", "dec"),
}
"""Which operations there are that give the new value, or whether it is zero."""
_SATURATED: Final = -0x4000_0000
"""REFCOUNT_SATURATED, where a refcount_t that was misused stays."""


@attrs.define
class Atomics(Bits):
    """Lowers calls of atomic functions."""

    def atomic_call(self, name: str, node: Node, arguments: list[Node]) -> Expression | None:
        """Return the value of an atomic function's call, or None if the name is of none."""
        match = _ATOMIC.fullmatch(name)
        if match is None:
            return None
        return self._atomic(match.group(1), match.group(2), node, arguments)

    def _counter(
        self, family: str, node: Node, *, reads: bool = False
    ) -> tuple[Object, IntegerType]:
        wanted = ATOMIC_TYPES[f"{family}_t"]
        thing = self.target(node, wanted)
        if thing.type != wanted or not (reads or thing.writable):
            raise self.refusal(
                node, f"`{self.short(node)}`, a {type_name(thing.type)}", f"a {wanted.name}"
            )
        return thing, wanted.value

    def _atomic(
        self, family: str, operation: str, node: Node, arguments: list[Node]
    ) -> Expression | None:
        if family == "refcount":
            return self._refcount(operation, node, arguments)
        plain = _PLAIN.fullmatch(operation)
        if plain is not None:
            fetch, verb, suffix = plain.groups()
            if suffix is not None and (fetch or verb not in _WITH_SUFFIX[suffix]):
                return None
            operand, pointer = self._operand(verb, node, arguments)
            thing, ctype = self._counter(family, pointer)
            value = converted(ONE if operand is None else self.integer(operand), ctype)
            if verb == "andnot":
                value = prefixed(UnaryOperator.INVERT, value)
            gives_old = fetch is not None
            result = Modify(
                thing.address, _OPERATORS[verb], value, ctype, ctype, gives_old=gives_old
            )
            if suffix == "_and_test":
                return as_bool(operate(BinaryOperator.EQUAL, result, ZERO))
            if suffix == "_return" or fetch:
                return result
            return sequence(result, Constant(0, VOID))
        return self._other(family, operation, node, arguments)

    def _operand(self, verb: str, node: Node, arguments: list[Node]) -> tuple[Node | None, Node]:
        self.count(node, arguments, 1 if verb in ("inc", "dec") else 2)
        return (None, arguments[0]) if len(arguments) == 1 else (arguments[0], arguments[1])

    def _other(
        self, family: str, operation: str, node: Node, arguments: list[Node]
    ) -> Expression | None:
        wanted = {
            "read": 1,
            "set": 2,
            "xchg": 2,
            "cmpxchg": 3,
            "try_cmpxchg": 3,
            "inc_not_zero": 1,
            "add_unless": 3,
            "fetch_add_unless": 3,
            "dec_if_positive": 1,
            "inc_unless_negative": 1,
            "dec_unless_positive": 1,
            "add_negative": 2,
        }.get(operation)
        if wanted is None:
            return None
        self.count(node, arguments, wanted)
        pointer = arguments[1] if operation == "add_negative" else arguments[0]
        thing, ctype = self._counter(family, pointer, reads=operation == "read")
        at = thing.address
        rest = [self.integer(a) for a in arguments[1:] if operation not in
                ("try_cmpxchg", "add_negative")]  # fmt: skip
        minus = Constant(-1, ctype)
        zero, one = Constant(0, ctype), Constant(1, ctype)
        match operation:
            case "read":
                return Load(at, ctype)
            case "set":
                return sequence(Store(at, converted(rest[0], ctype), ctype), Constant(0, VOID))
            case "xchg":
                return Exchange(at, None, converted(rest[0], ctype), ctype)
            case "cmpxchg":
                return Exchange(at, converted(rest[0], ctype), converted(rest[1], ctype), ctype)
            case "try_cmpxchg":
                return self._try(node, Object(at, ctype), arguments[1], arguments[2])
            case "inc_not_zero":
                return self._unless(at, ctype, one, BinaryOperator.UNEQUAL, zero)
            case "add_unless":
                return self._unless(at, ctype, rest[0], BinaryOperator.UNEQUAL, rest[1])
            case "inc_unless_negative":
                return self._unless(at, ctype, one, BinaryOperator.GREATER_EQUAL, zero)
            case "dec_unless_positive":
                return self._unless(at, ctype, minus, BinaryOperator.LESS_EQUAL, zero)
            case "add_negative":
                amount = converted(self.integer(arguments[0]), ctype)
                new = Modify(at, BinaryOperator.ADD, amount, ctype, ctype)
                return as_bool(operate(BinaryOperator.LESS, new, zero))
            case "fetch_add_unless":
                return self._fetch_unless(at, ctype, rest[0], BinaryOperator.UNEQUAL, rest[1])
            case _:
                old = self._fetch_unless(at, ctype, minus, BinaryOperator.GREATER, zero)
                return operate(BinaryOperator.SUBTRACT, old, one)

    def _fetch_unless(
        self,
        at: Expression,
        ctype: IntegerType,
        amount: Expression,
        test: BinaryOperator,
        limit: Expression,
    ) -> Expression:
        """Return the old value of an object that grows by an amount where a test passes."""
        amount, limit = converted(amount, ctype), converted(limit, ctype)

        def body(where: Expression) -> Expression:
            old = Load(where, ctype)
            add = Modify(where, BinaryOperator.ADD, amount, ctype, ctype, gives_old=True)
            return chosen(operate(test, old, limit), add, old)

        return keeping(self.compilation.fresh(), at, body)

    def _unless(
        self,
        at: Expression,
        ctype: IntegerType,
        amount: Expression,
        test: BinaryOperator,
        limit: Expression,
    ) -> Expression:
        old = self._fetch_unless(at, ctype, amount, test, limit)
        return as_bool(operate(test, old, converted(limit, ctype)))

    def _refcount(self, operation: str, node: Node, arguments: list[Node]) -> Expression | None:
        """Return an operation on a refcount_t (`lib/refcount.c`); misuse saturates it for good."""
        match operation:
            case "inc" | "dec" | "add" | "dec_and_test" | "sub_and_test":
                return self._counted(operation, node, arguments)
            case "set":
                return self._other("refcount", operation, node, arguments)
            case "read" | "inc_not_zero" | "dec_not_one" | "dec_if_one":
                self.count(node, arguments, 1)
                thing, ctype = self._counter("refcount", arguments[0], reads=operation == "read")
                if operation == "read":
                    return converted(Load(thing.address, ctype), UINT)
            case _:
                return None

        def body(where: Expression) -> Expression:
            return as_bool(_checked(operation, where, ctype))

        return keeping(self.compilation.fresh(), thing.address, body)

    def _counted(self, operation: str, node: Node, arguments: list[Node]) -> Expression:
        verb = operation.partition("_")[0]
        operand, pointer = self._operand(verb, node, arguments)
        thing, ctype = self._counter("refcount", pointer)
        value = converted(ONE if operand is None else self.integer(operand), ctype)
        operator, number = _OPERATORS[verb], self.compilation.fresh()

        def body(where: Expression) -> Expression:
            old = Load(where, ctype)
            good = operate(BinaryOperator.GREATER, old, ZERO)
            if operation == "dec":
                good = operate(BinaryOperator.GREATER, old, ONE)
            elif operator is BinaryOperator.SUBTRACT:
                good = logical(False, operate(BinaryOperator.GREATER_EQUAL, old, value), good)
            else:
                new = operate(BinaryOperator.ADD, old, value)
                good = logical(False, good, operate(BinaryOperator.GREATER_EQUAL, new, ZERO))
            saturated = Store(where, Constant(_SATURATED, ctype), ctype)
            return chosen(good, Modify(where, operator, value, ctype, ctype), saturated)

        new = keeping(number, thing.address, body)
        if operation.endswith("_and_test"):
            return as_bool(operate(BinaryOperator.EQUAL, new, ZERO))
        return sequence(new, Constant(0, VOID))


def _checked(operation: str, where: Expression, ctype: IntegerType) -> Expression:
    """Return what a refcount_t does only where it is not, or is, some value; gives if it did."""
    old, one = Load(where, ctype), Constant(1, ctype)
    saturated = Constant(_SATURATED, ctype)

    def was(value: Expression) -> Expression:
        return operate(BinaryOperator.EQUAL, old, value)

    match operation:
        case "inc_not_zero":
            new = operate(BinaryOperator.ADD, old, one)
            both = (operate(BinaryOperator.GREATER_EQUAL, each, ZERO) for each in (old, new))
            grown = Modify(where, BinaryOperator.ADD, one, ctype, ctype)
            kept = chosen(logical(False, *both), grown, Store(where, saturated, ctype))
            return chosen(was(ZERO), ZERO, sequence(kept, ONE))
        case "dec_not_one":
            # Both are left alone, and told as if they had been counted down.
            stays = logical(True, was(ZERO), was(saturated))
            less = Modify(where, BinaryOperator.SUBTRACT, one, ctype, ctype)
            return chosen(was(one), ZERO, chosen(stays, ONE, sequence(less, ONE)))
        case _:
            none = Store(where, Constant(0, ctype), ctype)
            return chosen(was(one), sequence(none, ONE), ZERO)
