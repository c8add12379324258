"""Lowering of bit operations on words and bitmaps (`Documentation/atomic_bitops.txt`)."""

from __future__ import annotations

import re
from typing import Final

import attrs
from tree_sitter import Node

from engine.compiler.kernel.exchanges import Exchanges
from engine.compiler.lower.build import (
    ZERO,
    chosen,
    converted,
    keeping,
    operate,
    prefixed,
    sequence,
)
from engine.compiler.lower.objects import Object
from engine.compiler.syntax import field, unwrap, word
from engine.policy.c_types import BOOL, INT, LONG, ULONG, VOID, ArrayType, PointerType, type_name
from engine.policy.expressions import Constant, ElementAddress, Expression, Load, Modify
from engine.policy.operators import BinaryOperator, UnaryOperator

_BITS: Final = re.compile(
    r"(?:arch_|raw_)?(?:__)?((?:test_and_)?(?:set|clear|change)_bit|test_bit|assign_bit)"
    r"(?:_lock|_unlock|_acquire)?"
)


@attrs.define
class Bits(Exchanges):
    """Lowers calls that test or change a bit."""

    def bit_call(self, name: str, node: Node, arguments: list[Node]) -> Expression | None:
        """Return the value of a bit operation's call, or None if the name is of none."""
        match = _BITS.fullmatch(name)
        if match is None:
            return None
        kind = match.group(1)
        self.count(node, arguments, 3 if kind == "assign_bit" else 2)
        number = converted(self.integer(arguments[0]), LONG)
        inner = unwrap(arguments[1])
        thing = self._bitmap(inner)
        length = thing.type.length if isinstance(thing.type, ArrayType) else 1
        word_type = thing.type.element if isinstance(thing.type, ArrayType) else thing.type
        if word_type != ULONG or not thing.writable:
            raise self.refusal(
                arguments[1],
                f"`{self.short(arguments[1])}`, a {type_name(thing.type)}",
                "unsigned long or an array of them",
            )
        operator = BinaryOperator.OR if "set" in kind or kind == "assign_bit" else (
            BinaryOperator.XOR if "change" in kind else BinaryOperator.AND
        )  # fmt: skip

        def body(bit: Expression) -> Expression:
            index = operate(BinaryOperator.SHIFT_RIGHT, bit, Constant(6, INT))
            rest = operate(BinaryOperator.AND, bit, Constant(63, LONG))
            mask = operate(BinaryOperator.SHIFT_LEFT, Constant(1, ULONG), rest)
            where = ElementAddress(thing.address, index, length, PointerType(ULONG))
            if kind == "test_bit":
                held = operate(BinaryOperator.AND, Load(where, ULONG), mask)
                return operate(BinaryOperator.UNEQUAL, held, ZERO)
            if kind == "assign_bit":
                on = Modify(where, BinaryOperator.OR, mask, ULONG, ULONG)
                off = prefixed(UnaryOperator.INVERT, mask)
                clear = Modify(where, BinaryOperator.AND, off, ULONG, ULONG)
                return sequence(chosen(self.scalar(arguments[2]), on, clear), Constant(0, VOID))
            clears = operator is BinaryOperator.AND
            value = prefixed(UnaryOperator.INVERT, mask) if clears else mask
            old = Modify(where, operator, value, ULONG, ULONG, gives_old=True)
            if not kind.startswith("test_and"):
                return sequence(old, Constant(0, VOID))
            held = operate(BinaryOperator.AND, old, mask)
            return operate(BinaryOperator.UNEQUAL, held, ZERO)

        result = keeping(self.compilation.fresh(), number, body)
        return result if result.type == VOID else converted(result, BOOL)

    def _bitmap(self, node: Node) -> Object:
        if node.type in ("identifier", "field_expression"):
            thing = self.object(node)
            if isinstance(thing.type, ArrayType):
                return thing
        if node.type == "pointer_expression" and word(node.children[0]) == "&":
            first = field(node, "argument")
            if first.type == "subscript_expression":
                array = self.object(field(first, "argument"))
                index = self.constant(field(first, "index"))
                if index is not None and index.value == 0:
                    return array
        return self.target(node, ULONG)
