"""Signatures: what the definition of a function says of its parameters and its result."""

from __future__ import annotations

from tree_sitter import Node

from engine.compiler.compilation import Signature
from engine.compiler.lower.objects import Names
from engine.compiler.syntax import children, field
from engine.policy.c_types import VOID, CType, IntegerType, PointerType, VoidType, type_name


def signature_of(names: Names, node: Node, name: str) -> Signature:
    """Return the signature of a function definition.

    Raises:
        PolicyError: a parameter or the result has a type the model lacks.
    """
    declarator, base = field(node, "declarator"), names.types.of_specifier(node)
    result = base
    while declarator.type == "pointer_declarator":
        result = PointerType(result)
        declarator = field(declarator, "declarator")
    if declarator.type != "function_declarator":
        raise names.refusal(declarator, f"`{names.short(declarator)}`", "a function's definition")
    parameters = list[tuple[str, CType]]()
    for item in children(field(declarator, "parameters")):
        if item.type != "parameter_declaration":
            raise names.refusal(item, f"`{names.short(item)}`", "parameters with a name and a type")
        specified = names.types.of_specifier(item)
        inner = item.child_by_field_name("declarator")
        if inner is None:
            if specified == VOID:
                continue
            parameters.append(("", specified))
            continue
        declared = names.types.declared(inner, specified)
        parameters.append((declared.name, declared.type))
    for parameter, ctype in parameters:
        if not isinstance(ctype, IntegerType | PointerType):
            raise names.refusal(
                node, f"parameter {parameter} of type {type_name(ctype)}", "a number or a pointer"
            )
    if not isinstance(result, IntegerType | PointerType | VoidType):
        raise names.refusal(
            node, f"a result of type {type_name(result)}", "a number, pointer or void"
        )
    return Signature(names.names, node, name, result, tuple(parameters))
