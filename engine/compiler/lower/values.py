"""Lowering of expressions: from tree-sitter's nodes to typed expressions."""

from __future__ import annotations

import attrs
from tree_sitter import Node

from engine.compiler.headers import HINTS
from engine.compiler.implementor import note_comparison
from engine.compiler.lower.build import (
    chosen,
    logical,
    negated,
    operate,
    sequence,
    truth,
)
from engine.compiler.lower.casts import Casts
from engine.compiler.lower.lvalues import EXPRESSIONS_SUPPORTED
from engine.compiler.syntax import children, field, unwrap, word
from engine.policy.c_types import (
    INT,
    VOID,
    IntegerType,
    PointerType,
)
from engine.policy.expressions import (
    Constant,
    Convert,
    Decided,
    Expression,
    Kept,
    Let,
    Logical,
    Unary,
    Watched,
)
from engine.policy.operators import BINARY, BinaryOperator


@attrs.define
class Expressions(Casts):
    """Lowers expressions; calls are the business of a subclass."""

    substitutes: dict[int, Expression] = attrs.Factory(dict)
    """What stands for a node whose calls have been given steps of their own."""

    def call(self, node: Node) -> Expression:
        """Return the value of a call that needs no step of its own."""
        raise NotImplementedError

    def count(self, node: Node, arguments: list[Node], wanted: int) -> None:
        """Refuse a call with another number of arguments."""
        if len(arguments) != wanted:
            raise self.refusal(
                node,
                f"`{self.short(node)}` with {len(arguments)} arguments",
                f"{wanted} arguments",
            )

    def value(self, node: Node) -> Expression:
        """Return the value of an expression.

        Raises:
            PolicyError: the construct is not supported.
        """
        substitute = self.substitutes.get(node.id)
        if substitute is not None:
            return substitute
        match node.type:
            case "parenthesized_expression":
                return self.value(self.inner(node))
            case "number_literal" | "char_literal" | "true" | "false" | "null":
                return self._literal(node)
            case "identifier" if (constant := self.named_constant(node)) is not None:
                return constant
            case "identifier" | "field_expression" | "subscript_expression":
                return self.load(node, self.object(node))
            case "pointer_expression" if word(node.children[0]) == "&":
                return self.address_of(field(node, "argument"))
            case "pointer_expression":
                return self.load(node, self.object(node))
            case "unary_expression":
                return self._unary(node)
            case "binary_expression":
                return self._binary(node)
            case "assignment_expression":
                return self._assignment(node)
            case "update_expression":
                return self._update(node)
            case "conditional_expression":
                asked = field(node, "condition")
                condition = self.value(asked)
                otherwise = self.value(field(node, "alternative"))
                middle = node.child_by_field_name("consequence")
                if middle is None:
                    return self._elvis(asked, condition, otherwise)
                then = self.value(middle)
                self._same_kind(node, then, otherwise)
                return chosen(self._noted(asked, condition), then, otherwise)
            case "comma_expression":
                left = self.value(field(node, "left"))
                return sequence(left, self.value(field(node, "right")))
            case "cast_expression":
                return self._cast(node)
            case "sizeof_expression":
                return self._sizeof(node)
            case "call_expression":
                return self.call(node)
            case _:
                raise self.refusal(node, f"`{self.short(node)}`", EXPRESSIONS_SUPPORTED)

    def condition(self, node: Node) -> Expression:
        """Return the value of a condition, with the operands that it watches."""
        inner = unwrap(node)
        if inner.id in self.substitutes:
            return self._leaf(inner)
        match inner.type:
            case "unary_expression" if word(inner.children[0]) == "!":
                return negated(self.condition(field(inner, "argument")))
            case "binary_expression":
                operator = word(field(inner, "operator"))
                left, right = field(inner, "left"), field(inner, "right")
                if operator in ("&&", "||"):
                    first = self.condition(left)
                    if isinstance(first, Constant) and bool(first.value) == (operator == "||"):
                        return Constant(int(bool(first.value)), INT)
                    return self._logical(inner, first, self.condition(right))
                if operator in BINARY and BINARY[operator].compares:
                    return self._compare(
                        inner, BINARY[operator], self._leaf(left), self._leaf(right)
                    )
            case "call_expression" if word(field(inner, "function")) in HINTS:
                arguments = children(field(inner, "arguments"))
                if len(arguments) == 1:
                    return self.condition(arguments[0])
        return self._leaf(inner)

    def _leaf(self, node: Node) -> Expression:
        value = self.scalar(node)
        if isinstance(value, Constant):
            return value
        return Watched(self.unit.operand_text(unwrap(node)), value, value.type)

    def _logical(self, node: Node, left: Expression, right: Expression) -> Expression:
        """Return `&&` or `||`, whose operands are noted unless the left one is a constant."""
        if not isinstance(left, Constant):
            left = self._noted(field(node, "left"), left)
            right = self._noted(field(node, "right"), right)
        return logical(word(field(node, "operator")) == "||", left, right)

    def _noted(self, node: Node, value: Expression) -> Expression:
        """Return a condition inside of an expression, as one that is noted where it is evaluated.

        A constant decides nothing, and what is made of others is decided by them.
        """
        inner = value
        while isinstance(inner, Unary | Convert | Watched):
            inner = inner.operand
        if isinstance(inner, Constant | Logical):
            return value
        condition = unwrap(node)
        text, place = self.unit.operand_text(condition), self.unit.place(condition)
        return Decided(text, place, value, value.type)

    def _unary(self, node: Node) -> Expression:
        operator, argument = word(node.children[0]), field(node, "argument")
        if operator == "!":
            return negated(self.scalar(argument))
        return self._prefixed(operator, self.integer(argument))

    def _binary(self, node: Node) -> Expression:
        operator = word(field(node, "operator"))
        if operator in ("&&", "||"):
            left = truth(self.scalar(field(node, "left")))
            if isinstance(left, Constant) and bool(left.value) == (operator == "||"):
                return left
            right = truth(self.scalar(field(node, "right")))
            return self._logical(node, left, right)
        known = BINARY.get(operator)
        if known is None:
            raise self.refusal(node, f"the operator `{operator}`", EXPRESSIONS_SUPPORTED)
        left, right = self.scalar(field(node, "left")), self.scalar(field(node, "right"))
        if known.compares:
            return self._compare(node, known, left, right)
        for side, operand in (("left", left), ("right", right)):
            if not isinstance(operand.type, IntegerType):
                raise self.refusal(field(node, side), "arithmetic on a pointer", "integers")
        self._check_constant(node, known, left, right)
        return operate(known, left, right)

    def _compare(
        self, node: Node, operator: BinaryOperator, left: Expression, right: Expression
    ) -> Expression:
        if self.compilation.draft:
            self._infer_pointers(node, left, right)
        pointers = [e.type for e in (left, right) if isinstance(e.type, PointerType)]
        null = any(isinstance(e, Constant) and e.value == 0 for e in (left, right))
        if len(pointers) == 1 and not null:
            raise self.refusal(node, f"`{self.short(node)}`", "two numbers or two pointers")
        if len(pointers) == 2 and pointers[0] != pointers[1] and not null:
            void = PointerType(VOID)
            if void not in pointers:
                raise self.refusal(node, f"`{self.short(node)}`", "pointers to the same type")
        note_comparison(self.compilation, left, right)
        return operate(operator, left, right)

    def _infer_pointers(self, node: Node, left: Expression, right: Expression) -> None:
        """Learn from a comparison with a pointer that a member holds one."""
        for side, other in (("left", right), ("right", left)):
            inner = unwrap(field(node, side))
            if isinstance(other.type, PointerType) and inner.type == "field_expression":
                self.inferred(self.object(inner), other.type, node)

    def _elvis(self, asked: Node, condition: Expression, otherwise: Expression) -> Expression:
        number = self.compilation.fresh()
        kept = Kept(number, condition.type)
        body = chosen(self._noted(asked, kept), kept, otherwise)
        return Let(number, condition, body, body.type)

    def _same_kind(self, node: Node, then: Expression, otherwise: Expression) -> None:
        numbers = [isinstance(e.type, IntegerType) for e in (then, otherwise)]
        null = any(isinstance(e, Constant) and e.value == 0 for e in (then, otherwise))
        if all(numbers) or then.type == otherwise.type or (null and not any(numbers)):
            return
        raise self.refusal(
            node, f"`{self.short(node)}`", "two numbers or two pointers to the same type"
        )
