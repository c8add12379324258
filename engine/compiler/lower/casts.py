"""Lowering of casts and sizeof, where the name of a type stands in an expression."""

from __future__ import annotations

import attrs
from tree_sitter import Node

from engine.compiler.declarations import declarators, width_in_bytes
from engine.compiler.lower.build import ZERO, as_bool, converted, sequence
from engine.compiler.lower.conversions import Assignments
from engine.compiler.syntax import field, unwrap, word
from engine.policy.c_types import CHAR, ULONG, VOID, CType, IntegerType, PointerType
from engine.policy.expressions import Constant, Expression


@attrs.define
class Casts(Assignments):
    """Lowers expressions that name a type."""

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
