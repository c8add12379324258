"""Lowering of expressions: from tree-sitter's nodes to typed expressions."""

from __future__ import annotations

from typing import Final

import attrs
from tree_sitter import Node

from engine.c.addresses import Region
from engine.c.build import (
    ONE,
    ZERO,
    as_bool,
    chosen,
    converted,
    logical,
    negated,
    operate,
    prefixed,
    sequence,
    truth,
)
from engine.c.declarations import declarators, width_in_bytes
from engine.c.expressions import (
    Ask,
    BinaryOperator,
    Constant,
    Convert,
    ElementAddress,
    Expression,
    FieldAddress,
    Kept,
    Let,
    Load,
    Query,
    UnaryOperator,
    Watched,
)
from engine.c.integers import literal
from engine.c.kernel import CONSTANTS, FWB_CAPABILITY, IMPLEMENTORS, implementor_name
from engine.c.lower_assignments import BINARY, EXPRESSIONS_SUPPORTED, Assignments
from engine.c.names import Object
from engine.c.syntax import children, field, unwrap, word
from engine.c.types import (
    BOOL,
    CHAR,
    INT,
    LLONG,
    ULONG,
    VOID,
    ArrayType,
    AtomicType,
    CType,
    IntegerType,
    LockType,
    PointerType,
    StructType,
    VoidType,
    type_name,
)

_ESCAPES: Final = {"n": 10, "t": 9, "0": 0, "r": 13, "\\": 92, "'": 39, '"': 34, "a": 7, "b": 8}


@attrs.define
class Expressions(Assignments):
    """Lowers expressions; calls are the business of a subclass."""

    substitutes: dict[int, Expression] = attrs.Factory(dict)
    """What stands for a node whose calls have been given steps of their own."""

    def call(self, node: Node) -> Expression:
        """Return the value of a call that needs no step of its own."""
        raise NotImplementedError

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
                condition = self.value(field(node, "condition"))
                otherwise = self.value(field(node, "alternative"))
                middle = node.child_by_field_name("consequence")
                if middle is None:
                    return self._elvis(condition, otherwise)
                then = self.value(middle)
                self._same_kind(node, then, otherwise)
                return chosen(condition, then, otherwise)
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

    def scalar(self, node: Node) -> Expression:
        """Return the value of an expression that must be a number or a pointer."""
        value = self.value(node)
        if not isinstance(value.type, IntegerType | PointerType):
            raise self.refusal(
                node, f"`{self.short(node)}` of type {type_name(value.type)}", "a number or pointer"
            )
        return value

    def integer(self, node: Node) -> Expression:
        """Return the value of an expression that must be a number."""
        value = self.value(node)
        if not isinstance(value.type, IntegerType):
            raise self.refusal(
                node, f"`{self.short(node)}` of type {type_name(value.type)}", "an integer"
            )
        return value

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
                    return logical(operator == "||", first, self.condition(right))
                if operator in BINARY and BINARY[operator].compares:
                    return self._compare(
                        inner, BINARY[operator], self._leaf(left), self._leaf(right)
                    )
            case "call_expression" if word(field(inner, "function")) in ("likely", "unlikely"):
                arguments = children(field(inner, "arguments"))
                if len(arguments) == 1:
                    return self.condition(arguments[0])
        return self._leaf(inner)

    def _leaf(self, node: Node) -> Expression:
        value = self.scalar(node)
        if isinstance(value, Constant):
            return value
        return Watched(self.unit.operand_text(unwrap(node)), value, value.type)

    def inner(self, node: Node) -> Node:
        """Return what parentheses hold, refusing GNU statement expressions."""
        held = children(node)
        if len(held) != 1 or held[0].type == "compound_statement":
            raise self.refusal(node, f"`{self.short(node)}`", EXPRESSIONS_SUPPORTED)
        return held[0]

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

    def load(self, node: Node, thing: Object) -> Expression:
        """Return the value of an object."""
        if thing.known is not None:
            return thing.known
        match thing.type:
            case IntegerType() | PointerType():
                return Load(thing.address, thing.type)
            case AtomicType() | LockType() | ArrayType() | StructType() | VoidType():
                raise self.refusal(
                    node,
                    f"the value of `{self.short(node)}`, a {type_name(thing.type)}",
                    "the functions that the kernel has for it",
                )

    def address_of(self, node: Node) -> Expression:
        """Return `&node` for an object."""
        thing = self.object(node)
        if isinstance(thing.type, ArrayType):
            raise self.refusal(
                node, f"the address of the array `{self.short(node)}`", "of an element"
            )
        if not thing.writable:
            raise self.refusal(
                node, f"the address of `{self.short(node)}`", "an object that can change"
            )
        return attrs.evolve(thing.address, type=PointerType(thing.type))

    def object(self, node: Node) -> Object:
        """Return the object that an lvalue names.

        Raises:
            PolicyError: it names none that the model has.
        """
        match node.type:
            case "parenthesized_expression":
                return self.object(self.inner(node))
            case "identifier":
                return self.variable(node)
            case "pointer_expression" if word(node.children[0]) == "*":
                pointer = self.value(field(node, "argument"))
                return self._pointee(node, pointer)
            case "subscript_expression":
                return self._element(node)
            case "field_expression":
                return self.member(node)
            case "call_expression":
                return self.called_object(node)
            case _:
                raise self.refusal(
                    node, f"`{self.short(node)}`", "a variable, a member or `*pointer`"
                )

    def called_object(self, node: Node) -> Object:
        """Return the object that a call such as `vcpu_sys_reg(vcpu, SCTLR_EL1)` names."""
        raise NotImplementedError

    def _pointee(self, node: Node, pointer: Expression) -> Object:
        if not isinstance(pointer.type, PointerType) or pointer.type.target == VOID:
            raise self.refusal(node, f"`{self.short(node)}`", "`*` on a pointer to something")
        fixed = isinstance(pointer, FieldAddress) and pointer.region == Region.PC
        return Object(pointer, pointer.type.target, writable=not fixed)

    def _element(self, node: Node) -> Object:
        array = self.object(field(node, "argument"))
        if not isinstance(array.type, ArrayType):
            raise self.refusal(node, f"`{self.short(node)}`", "an index into an array")
        index = converted(self.integer(field(node, "index")), LLONG)
        element, length = array.type.element, array.type.length
        return Object(ElementAddress(array.address, index, length, PointerType(element)), element)

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
            return logical(operator == "||", left, truth(self.scalar(field(node, "right"))))
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
        self.note_implementor(left, right)
        return operate(operator, left, right)

    def _infer_pointers(self, node: Node, left: Expression, right: Expression) -> None:
        """Learn from a comparison with a pointer that a member holds one."""
        for side, other in (("left", right), ("right", left)):
            inner = unwrap(field(node, side))
            if isinstance(other.type, PointerType) and inner.type == "field_expression":
                self.inferred(self.object(inner), other.type, node)

    def _elvis(self, condition: Expression, otherwise: Expression) -> Expression:
        number = self.compilation.fresh()
        kept = Kept(number, condition.type)
        body = chosen(kept, kept, otherwise)
        return Let(number, condition, body, body.type)

    def _same_kind(self, node: Node, then: Expression, otherwise: Expression) -> None:
        numbers = [isinstance(e.type, IntegerType) for e in (then, otherwise)]
        null = any(isinstance(e, Constant) and e.value == 0 for e in (then, otherwise))
        if all(numbers) or then.type == otherwise.type or (null and not any(numbers)):
            return
        raise self.refusal(
            node, f"`{self.short(node)}`", "two numbers or two pointers to the same type"
        )

    def _cast(self, node: Node) -> Expression:
        target = self.type_of(field(node, "type"))
        value = self.value(field(node, "value"))
        if target == VOID:
            return sequence(value, attrs.evolve(ZERO, type=VOID))
        if isinstance(target, IntegerType) and isinstance(value.type, IntegerType):
            return converted(value, target)
        if isinstance(target, PointerType):
            return self.fitted(node, value, target)
        if isinstance(target, IntegerType) and target.rank == 0:
            return as_bool(value)
        raise self.refusal(node, f"`{self.short(node)}`", "a cast between integer types")

    def type_of(self, descriptor: Node) -> CType:
        """Return the type that a type name names."""
        base = self.types.of_specifier(descriptor)
        abstract = next(iter(declarators(descriptor)), None)
        return base if abstract is None else self.types.declared(abstract, base).type

    def _sizeof(self, node: Node) -> Expression:
        descriptor = node.child_by_field_name("type")
        if descriptor is not None:
            ctype = self.type_of(descriptor)
        else:
            argument = unwrap(field(node, "value"))
            if argument.type == "identifier" and self.lookup(word(argument)) is None:
                ctype = self._sizeof_name(argument)
            elif argument.type in ("identifier", "field_expression", "subscript_expression"):
                ctype = self.object(argument).type
            else:
                ctype = self.value(argument).type
        width = width_in_bytes(ctype)
        if width is None:
            raise self.refusal(
                node, f"`{self.short(node)}`", "sizeof an integer, a pointer or an array"
            )
        return Constant(width, ULONG)

    def _sizeof_name(self, node: Node) -> CType:
        name = word(node)
        if name in self.names.globals or self.named_constant(node) is not None:
            constant = self.named_constant(node)
            return self.variable(node).type if constant is None else constant.type
        if name == "char":
            return CHAR
        return self.types.named(node)

    def note_implementor(self, left: Expression, right: Expression) -> None:
        """Record a constant that a value is compared with, if the implementor is in play."""
        for one, other in ((left, right), (right, left)):
            if isinstance(one, Constant):
                self.note_values(other, (one.value,))

    def note_values(self, compared: Expression, values: tuple[int, ...]) -> None:
        """Record all constants that a value is compared with at one place."""
        if not _asks_implementor(compared):
            self.compilation.compared.extend(values)
            return
        self.compilation.implementor_compared += 1
        for value in values:
            self.compilation.ask_implementor(implementor_name(value), value)


def _asks_implementor(expression: Expression) -> bool:
    while isinstance(expression, Watched | Convert):
        expression = expression.operand
    return isinstance(expression, Ask) and expression.query is Query.IMPLEMENTOR
