"""Lowering of assignments, and the conversions that come with them."""

from __future__ import annotations

import attrs
from tree_sitter import Node

from engine.compiler.lower.build import (
    ONE,
    as_bool,
    converted,
    negated,
    prefixed,
    promoted,
)
from engine.compiler.lower.lvalues import EXPRESSIONS_SUPPORTED, Objects
from engine.compiler.lower.objects import Object
from engine.compiler.syntax import field, unwrap, word
from engine.policy.c_types import (
    INT,
    VOID,
    CType,
    IntegerType,
    PointerType,
    type_name,
)
from engine.policy.expressions import Constant, Expression, Load, Modify, Store
from engine.policy.integers import common
from engine.policy.operators import BINARY, BinaryOperator, UnaryOperator


@attrs.define
class Assignments(Objects):
    """Lowers what changes an object; other expressions are the business of a subclass."""

    def _assignment(self, node: Node) -> Expression:
        operator = word(field(node, "operator"))
        target, source = field(node, "left"), field(node, "right")
        thing = self.object(target)
        value = self.scalar(source)
        if operator == "=":
            return self.store(node, thing, value)
        self._check_writable(node, thing)
        known = BINARY.get(operator.rstrip("="))
        if known is None or not isinstance(value.type, IntegerType):
            raise self.refusal(node, f"`{self.short(node)}`", EXPRESSIONS_SUPPORTED)
        thing = self.inferred(thing, value.type, node)
        self._check_constant(node, known, Load(thing.address, thing.type), value)
        return self.modify(node, thing, known, value)

    def _check_writable(self, node: Node, thing: Object) -> None:
        if not thing.writable:
            raise self.refusal(
                node, f"an assignment to `{self.short(node)}`", "an object that can change"
            )

    def _check_constant(
        self, node: Node, operator: BinaryOperator, left: Expression, right: Expression
    ) -> None:
        if not isinstance(right, Constant):
            return
        if operator in (BinaryOperator.DIVIDE, BinaryOperator.REMAINDER) and right.value == 0:
            raise self.refusal(node, "a division by zero", "another divisor")
        shifted = promoted(left).type
        if not operator.shifts or not isinstance(shifted, IntegerType):
            return
        if not 0 <= right.value < shifted.bits:
            raise self.refusal(
                node,
                f"a shift of {shifted.bits} bits by {right.value}",
                f"0 to {shifted.bits - 1}",
            )

    def store(self, node: Node, thing: Object, value: Expression) -> Expression:
        """Return `object = value`."""
        self._check_writable(node, thing)
        thing = self.inferred(thing, value.type, node)
        return Store(thing.address, self.fitted(node, value, thing.type), thing.type)

    def inferred(self, thing: Object, ctype: CType, node: Node) -> Object:
        """Return an object that has taken note of a type it must hold, if it is invented."""
        if thing.invented is None:
            return thing
        self.compilation.infer(thing.invented, ctype, self.unit.place(node))
        return attrs.evolve(thing, type=self.compilation.member_type(thing.invented))

    def target(self, node: Node, ctype: CType | None) -> Object:
        """Return the object that a pointer argument points at.

        A member of arch takes `ctype` for its type.
        """
        inner = unwrap(node)
        if inner.type == "pointer_expression" and word(inner.children[0]) == "&":
            thing = self.object(field(inner, "argument"))
        else:
            pointer = self.value(inner)
            if not isinstance(pointer.type, PointerType):
                raise self.refusal(node, f"`{self.short(node)}`", "a pointer")
            thing = Object(pointer, pointer.type.target)
        return thing if ctype is None else self.inferred(thing, ctype, node)

    def fitted(self, node: Node, value: Expression, target: CType) -> Expression:
        """Return a value converted to the type of what it is assigned or passed to."""
        match target:
            case IntegerType() if isinstance(value.type, IntegerType):
                return converted(value, target)
            case IntegerType(rank=0) if isinstance(value.type, PointerType):
                return as_bool(value)
            case PointerType():
                null = isinstance(value, Constant) and value.value == 0
                void = PointerType(VOID)
                if null or value.type in (target, void):
                    return Constant(0, target) if null else converted(value, target)
                if target == void and isinstance(value.type, PointerType):
                    return converted(value, target)
            case _:
                pass
        raise self.refusal(
            node,
            f"`{self.short(node)}`: {type_name(value.type)} where {type_name(target)} stands",
            "two numbers or pointers to the same type",
        )

    def modify(
        self,
        node: Node,
        thing: Object,
        operator: BinaryOperator,
        value: Expression,
        *,
        gives_old: bool = False,
    ) -> Expression:
        """Return `object operator= value`."""
        self._check_writable(node, thing)
        if not isinstance(thing.type, IntegerType) or not isinstance(value.type, IntegerType):
            raise self.refusal(node, f"`{self.short(node)}`", "arithmetic on integers")
        if operator.shifts:
            compute = promoted(Load(thing.address, thing.type)).type
            operand = promoted(value)
        else:
            compute = common(thing.type, value.type)
            operand = converted(value, compute)
        assert isinstance(compute, IntegerType)
        return Modify(thing.address, operator, operand, compute, thing.type, gives_old)

    def _update(self, node: Node) -> Expression:
        argument = field(node, "argument")
        operator = word(field(node, "operator"))
        postfix = node.children[0].id == argument.id
        prefixes = list[str]()
        while postfix and argument.type == "unary_expression":
            # The grammar binds `!x++` as `(!x)++`; C binds the postfix first.
            prefixes.append(word(argument.children[0]))
            argument = field(argument, "argument")
        known = BinaryOperator.ADD if operator == "++" else BinaryOperator.SUBTRACT
        thing = self.object(argument)
        thing = self.inferred(thing, INT, node)
        value = self.modify(node, thing, known, ONE, gives_old=postfix)
        for prefix in reversed(prefixes):
            value = self._prefixed(prefix, value)
        return value

    def _prefixed(self, operator: str, operand: Expression) -> Expression:
        if operator == "!":
            return negated(operand)
        return promoted(operand) if operator == "+" else prefixed(UnaryOperator(operator), operand)
