"""Lvalues: the objects that elements and dereferences name."""

from __future__ import annotations

from typing import Final

from tree_sitter import Node

from engine.compiler.lower.build import converted
from engine.compiler.lower.conversions import inside, integer
from engine.compiler.lower.lowering import LVALUES_SUPPORTED, Lowering, Object, Rules
from engine.compiler.syntax import field, unwrap, word
from engine.policy.addresses import Region
from engine.policy.c_types import LLONG, VOID, ArrayType, PointerType
from engine.policy.expressions import ElementAddress, FieldAddress


def _parenthesized(lowering: Lowering, node: Node) -> Object:
    return lowering.object(inside(lowering, node))


def _dereference(lowering: Lowering, node: Node) -> Object:
    if word(node.children[0]) != "*":
        raise lowering.refusal(node, f"`{lowering.short(node)}`", LVALUES_SUPPORTED)
    call = unwrap(field(node, "argument"))
    if call.type == "call_expression":
        name = f"*{word(field(call, 'function'))}"
        known = lowering.grammar.kernel_objects.lowered(lowering, call, name)
        if known is not None:
            return known
    pointer = lowering.value(field(node, "argument"))
    if not isinstance(pointer.type, PointerType) or pointer.type.target == VOID:
        raise lowering.refusal(node, f"`{lowering.short(node)}`", "`*` on a pointer to something")
    fixed = isinstance(pointer, FieldAddress) and pointer.region == Region.PC
    return Object(pointer, pointer.type.target, writable=not fixed)


def _element(lowering: Lowering, node: Node) -> Object:
    array = lowering.object(field(node, "argument"))
    if not isinstance(array.type, ArrayType):
        raise lowering.refusal(node, f"`{lowering.short(node)}`", "an index into an array")
    index = converted(integer(lowering, field(node, "index")), LLONG)
    element, length = array.type.element, array.type.length
    return Object(ElementAddress(array.address, index, length, PointerType(element)), element)


LVALUES: Final[Rules[Object]] = {
    "parenthesized_expression": _parenthesized,
    "pointer_expression": _dereference,
    "subscript_expression": _element,
}
