"""Lowering of lvalues: the objects that expressions name, their values and addresses."""

from __future__ import annotations

from typing import Final

import attrs
from tree_sitter import Node

from engine.compiler.lower.build import converted
from engine.compiler.lower.constants import Constants
from engine.compiler.lower.objects import Object
from engine.compiler.syntax import children, field, word
from engine.policy.addresses import Region
from engine.policy.c_types import (
    LLONG,
    VOID,
    ArrayType,
    AtomicType,
    IntegerType,
    LockType,
    PointerType,
    StructType,
    VoidType,
    type_name,
)
from engine.policy.expressions import ElementAddress, Expression, FieldAddress, Load

EXPRESSIONS_SUPPORTED: Final = (
    "integer, comparison, logical and assignment operators, ?:, casts to integers, sizeof, "
    "members, pointers and calls"
)


@attrs.define
class Objects(Constants):
    """Lowers what names an object."""

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

    def load(self, node: Node, thing: Object) -> Expression:
        """Return the value of an object."""
        if thing.known is not None:
            return thing.known
        match thing.type:
            case IntegerType() | PointerType():
                return Load(thing.address, thing.type)
            case ArrayType():
                raise self.refusal(node, f"`{self.short(node)}`, an array", "an element of it")
            case AtomicType() | LockType() | StructType() | VoidType():
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

    def inner(self, node: Node) -> Node:
        """Return what parentheses hold, refusing GNU statement expressions."""
        held = children(node)
        if len(held) != 1 or held[0].type == "compound_statement":
            raise self.refusal(node, f"`{self.short(node)}`", EXPRESSIONS_SUPPORTED)
        return held[0]
