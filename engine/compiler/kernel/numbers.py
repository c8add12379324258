"""Lowering of calls that compute numbers from numbers: bits, masks, halves, extremes."""

from __future__ import annotations

import re
from typing import Final

import attrs
from tree_sitter import Node

from engine.compiler.kernel.accessors import Accessors
from engine.compiler.lower.build import chosen, converted, keeping, operate
from engine.policy.c_types import INT, UINT, ULLONG, ULONG
from engine.policy.expressions import Constant, Expression
from engine.policy.operators import BinaryOperator

_MASK: Final = re.compile(r"(BIT|BIT_ULL|GENMASK|GENMASK_ULL)")


@attrs.define
class Numbers(Accessors):
    """Lowers calls that compute a number."""

    def _mask(self, name: str, node: Node, arguments: list[Node]) -> Expression | None:
        if name in ("lower_32_bits", "upper_32_bits"):
            self.count(node, arguments, 1)
            value: Expression = converted(self.integer(arguments[0]), ULLONG)
            if name == "upper_32_bits":
                value = operate(BinaryOperator.SHIFT_RIGHT, value, Constant(32, INT))
            return converted(value, UINT)
        if name in ("min", "max", "min_t", "max_t"):
            return self._extreme(name, node, arguments)
        if not _MASK.fullmatch(name):
            return None
        wide = ULLONG if name.endswith("_ULL") else ULONG
        if name.startswith("BIT"):
            self.count(node, arguments, 1)
            bit = self.integer(arguments[0])
            if isinstance(bit, Constant) and not 0 <= bit.value < 64:
                raise self.refusal(node, f"`{self.short(node)}`", "a bit from 0 to 63")
            return operate(BinaryOperator.SHIFT_LEFT, Constant(1, wide), bit)
        self.count(node, arguments, 2)
        high, low = self.constant(arguments[0]), self.constant(arguments[1])
        if high is None or low is None or not 0 <= low.value <= high.value < 64:
            raise self.refusal(node, f"`{self.short(node)}`", "constants, 63 >= high >= low >= 0")
        return Constant((1 << (high.value + 1)) - (1 << low.value), wide)

    def _extreme(self, name: str, node: Node, arguments: list[Node]) -> Expression:
        typed = name.endswith("_t")
        self.count(node, arguments, 3 if typed else 2)
        left, right = self.integer(arguments[-2]), self.integer(arguments[-1])
        if typed:
            ctype = self.types.named(arguments[0])
            left, right = converted(left, ctype), converted(right, ctype)
        compare = BinaryOperator.LESS if name.startswith("min") else BinaryOperator.GREATER

        def body(one: Expression) -> Expression:
            return keeping(
                self.compilation.fresh(),
                right,
                lambda other: chosen(operate(compare, one, other), one, other),
            )

        return keeping(self.compilation.fresh(), left, body)
