"""Lowering of statements: a function's body becomes steps and the flow between them."""

from __future__ import annotations

from typing import Final

from tree_sitter import Node

from engine.compiler.compilation import Compilation, Signature
from engine.compiler.lower.blocks import compound, drop, guard, release
from engine.compiler.lower.build import as_bool, sequence
from engine.compiler.lower.conditions import condition
from engine.compiler.lower.conversions import fitted, noted, scalar
from engine.compiler.lower.flow import Flow, spin_points
from engine.compiler.lower.hoisting import (
    branch,
    effect,
    execute,
    has_operations,
    hoist,
    jump,
    slot,
    temporary,
)
from engine.compiler.lower.lowering import Grammar, Lowering, Object, Rules
from engine.compiler.syntax import check, children, field, unwrap, walk, word
from engine.policy.c_types import VOID, CType, IntegerType, VoidType, type_name
from engine.policy.expressions import Assignment, Constant, Expression, LocalAddress, ObjectValue
from engine.policy.operations import Execute, Return
from engine.policy.policy import Function


def _labeled(lowering: Lowering, node: Node) -> None:
    lowering.flow.bind(lowering.labels[word(field(node, "label"))][0])
    for child in children(node)[1:]:
        lowering.statement(child)


def _attributed(lowering: Lowering, node: Node) -> None:
    for child in children(node):
        if not child.type.startswith("attribute"):
            lowering.statement(child)


def _nothing(lowering: Lowering, node: Node) -> None:
    """Pass over what only names a type."""


def _expression(lowering: Lowering, node: Node) -> None:
    inner = children(node)
    if not inner:
        return
    expression = inner[0]
    if expression.type == "identifier" and word(expression) == "fallthrough":
        return
    if expression.type == "call_expression" and guard(lowering, expression, node):
        return
    if has_operations(lowering, expression):
        effect(lowering, expression, node)
        return
    execute(lowering, node, lowering.value(expression))


def _if(lowering: Lowering, node: Node) -> None:
    yes, no, end = lowering.flow.label(), lowering.flow.label(), lowering.flow.label()
    test = field(node, "condition")
    known = _decided(lowering, test)
    then, alternative = field(node, "consequence"), node.child_by_field_name("alternative")
    branch(lowering, test, yes, no)
    lowering.flow.bind(yes)
    if known is None or known or _is_enterable(then):
        lowering.statement(then)
        jump(lowering, node, end)
    lowering.flow.bind(no)
    if alternative is not None and (not known or _is_enterable(alternative)):
        for child in children(alternative):
            lowering.statement(child)
    jump(lowering, node, end)
    lowering.flow.bind(end)


def _decided(lowering: Lowering, test: Node) -> bool | None:
    """Return what a condition always is, or None."""
    if has_operations(lowering, test):
        return None
    value = condition(lowering, test)
    return bool(value.value) if isinstance(value, Constant) else None


def _is_enterable(node: Node) -> bool:
    """Say whether control can come into a statement other than from above."""
    return any(n.type in ("labeled_statement", "case_statement") for n in walk(node))


def _goto(lowering: Lowering, node: Node) -> None:
    name = word(field(node, "label"))
    if name not in lowering.labels:
        raise lowering.refusal(node, f"goto {name}", "a label of the same function")
    label, target = lowering.labels[name]
    for held in reversed(lowering.guards):
        block = held.block
        inside = block.start_byte <= target.start_byte < block.end_byte
        if not inside or target.start_byte < held.node.start_byte:
            drop(lowering, held, node)
    jump(lowering, node, label)


def _return(lowering: Lowering, node: Node) -> None:
    result, given = lowering.result, children(node)
    if given and isinstance(result, VoidType) and unwrap(given[0]).type == "call_expression":
        effect(lowering, given[0], given[0])
        given = []
    elif isinstance(result, VoidType) != (not given):
        raise lowering.refusal(
            node, f"`{lowering.short(node)}`", f"a result of {type_name(result)}"
        )
    value: Expression | None = None
    if given:
        hoist(lowering, given[0])
        value = _result(lowering, given[0], result)
    free = value is None or isinstance(value, Constant) or _is_temporary(lowering, value)
    if value is not None and lowering.guards and not free:
        kept = temporary(lowering, result)
        execute(lowering, node, Assignment(kept, value, result))
        value, free = ObjectValue(kept, result), True
    release(lowering, 0, node)
    lowering.flow.emit(Return(lowering.unit.text(node), lowering.unit.place(node), value, free))


def _result(lowering: Lowering, node: Node, result: CType) -> Expression:
    value = scalar(lowering, node)
    if isinstance(result, IntegerType) and result.is_bool:
        return as_bool(noted(lowering, node, value))
    return fitted(lowering, node, value, result)


def _is_temporary(lowering: Lowering, value: Expression) -> bool:
    return (
        isinstance(value, ObjectValue)
        and isinstance(value.address, LocalAddress)
        and lowering.variables[value.address.slot].name.startswith(".")
    )


def lower(compilation: Compilation, grammar: Grammar, signature: Signature) -> Function | None:
    """Lower a function; what its steps can reach is filled in later. None for a draft.

    Raises:
        RefusedError: something in it is not supported.
    """
    names = signature.names
    check(names.unit, signature.node)
    second = names.unit.repeated.get(signature.name)
    if second is not None:
        found = f"a second definition of {signature.name}()"
        raise names.unit.refusal(second, found, "one definition of each function")
    place = names.unit.place(signature.node)
    lowering = Lowering(
        *(compilation, grammar, names, Flow(place)),
        function=signature.name,
        result=signature.result,
    )
    _body(lowering, signature)
    if compilation.draft:
        return None
    for name, (label, node) in lowering.labels.items():
        if lowering.flow.bound[label] is None:
            raise lowering.refusal(
                node, f"the label {name} in code that is never reached", "code that is"
            )
    steps = lowering.flow.settle()
    if isinstance(steps[0], Return) and steps[0].free:
        steps = (_shown(steps[0], 1), *steps)
    points = spin_points(steps)
    return Function(
        *(signature.name, place, len(signature.parameters), tuple(lowering.variables)),
        *(signature.result, steps, tuple(False for _ in steps), points),
    )


def _body(lowering: Lowering, signature: Signature) -> None:
    node = field(signature.node, "body")
    lowering.blocks.append({})
    for name, ctype in signature.parameters:
        address = slot(lowering, name, ctype)
        if name:
            lowering.blocks[-1][name] = Object(address, ctype)
    for inner in walk(node):
        if inner.type == "labeled_statement":
            lowering.labels[word(field(inner, "label"))] = (lowering.flow.label(), inner)
    compound(lowering, node)
    value = None if isinstance(lowering.result, VoidType) else Constant(0, lowering.result)
    lowering.flow.emit(Return("}", lowering.unit.place(node.children[-1]), value, free=True))


def _shown(end: Return, following: int) -> Execute:
    """Return a step for a function that has none, so that its call can be seen."""
    return Execute(end.text, end.place, sequence(Constant(0, VOID)), following)


STATEMENTS: Final[Rules[None]] = {
    "expression_statement": _expression,
    "if_statement": _if,
    "labeled_statement": _labeled,
    "goto_statement": _goto,
    "return_statement": _return,
    "attributed_statement": _attributed,
    "type_definition": _nothing,
    "enum_specifier": _nothing,
    "struct_specifier": _nothing,
    "attribute_specifier": _nothing,
}
