"""Signatures: what the definition of a function says of its parameters and its result."""

from __future__ import annotations

from tree_sitter import Node

from engine.compiler.compilation import Compilation, Signature
from engine.compiler.syntax import children, field
from engine.compiler.unit import UnitNames
from engine.policy.c_types import VOID, CType, IntegerType, PointerType, VoidType, type_name


def signature_of(compilation: Compilation, names: UnitNames, node: Node, name: str) -> Signature:
    """Return the signature of a function definition.

    Raises:
        RefusedError: a parameter or the result has a type the model lacks.
    """
    unit, types = names.unit, compilation.types(names)
    declarator, result = field(node, "declarator"), types.of_specifier(node)
    while declarator.type == "pointer_declarator":
        result = PointerType(result)
        declarator = field(declarator, "declarator")
    if declarator.type != "function_declarator":
        raise unit.refusal(declarator, f"`{unit.short(declarator)}`", "a function's definition")
    parameters = list[tuple[str, CType]]()
    for item in children(field(declarator, "parameters")):
        if item.type != "parameter_declaration":
            raise unit.refusal(item, f"`{unit.short(item)}`", "parameters with a name and a type")
        specified = types.of_specifier(item)
        inner = item.child_by_field_name("declarator")
        if inner is None:
            if specified == VOID:
                continue
            parameters.append(("", specified))
            continue
        declared = types.declared(inner, specified)
        parameters.append((declared.name, declared.type))
    for parameter, ctype in parameters:
        if not isinstance(ctype, IntegerType | PointerType):
            raise unit.refusal(
                node, f"parameter {parameter} of type {type_name(ctype)}", "a number or a pointer"
            )
    if not isinstance(result, IntegerType | PointerType | VoidType):
        raise unit.refusal(
            node, f"a result of type {type_name(result)}", "a number, pointer or void"
        )
    return Signature(names, node, name, result, tuple(parameters))
