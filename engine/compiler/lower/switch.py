"""Lowering of switch statements and their cases."""

from __future__ import annotations

from typing import Final

from tree_sitter import Node

from engine.compiler.implementor import note_values
from engine.compiler.lower.build import unnoted_number
from engine.compiler.lower.conditions import condition
from engine.compiler.lower.conversions import fitted
from engine.compiler.lower.hoisting import hoist
from engine.compiler.lower.lowering import STATEMENTS_SUPPORTED, Loop, Lowering, Rules, Switch
from engine.compiler.syntax import children, field, is_range_end, unwrap
from engine.policy.c_types import IntegerType
from engine.policy.expressions import Constant
from engine.policy.integers import promote
from engine.policy.operations import Return, Select


def _switch(lowering: Lowering, node: Node) -> None:
    selector = field(node, "condition")
    hoist(lowering, selector)
    value = unnoted_number(condition(lowering, selector))  # the cases tell more
    if not isinstance(value.type, IntegerType):
        raise lowering.refusal(selector, f"`{lowering.short(selector)}`", "an integer")
    text, place = lowering.unit.text(unwrap(selector)), lowering.unit.place(unwrap(selector))
    slot = len(lowering.flow.operations)
    lowering.flow.emit(Return("", place, None, free=True))  # until the cases are known
    leave = lowering.flow.label()
    again = lowering.loops[-1].again if lowering.loops else None
    lowering.loops.append(Loop(leave, again, len(lowering.guards)))
    lowering.switches.append(Switch(promote(value.type)))
    lowering.statement(field(node, "body"))
    switch = lowering.switches.pop()
    lowering.loops.pop()
    lowering.flow.bind(leave)
    ends = tuple(end for low, high, _ in switch.cases for end in (low, high))
    note_values(lowering.compilation, value, ends)
    default = leave if switch.default is None else switch.default
    lowering.flow.operations[slot] = Select(text, place, value, tuple(switch.cases), default)


def _case(lowering: Lowering, node: Node) -> None:
    if not lowering.switches:
        raise lowering.refusal(node, "a case outside of a switch", STATEMENTS_SUPPORTED)
    switch, label = lowering.switches[-1], lowering.flow.label()
    lowering.flow.bind(label)
    value = node.child_by_field_name("value")
    rest = children(node)
    if value is None:
        switch.default = label
    else:
        constant = lowering.constant(value)
        if constant is None:
            raise lowering.refusal(value, f"`{lowering.short(value)}`", "a constant")
        first = _case_value(lowering, value, constant, switch)
        last = first
        for child in rest:
            if is_range_end(child):
                end = children(child)[0]
                bound = lowering.constant(end)
                if bound is None:
                    raise lowering.refusal(end, f"`{lowering.short(end)}`", "a constant")
                last = _case_value(lowering, end, bound, switch)
        if any(low <= last and first <= high for low, high, _ in switch.cases):
            raise lowering.refusal(
                value, f"`case {lowering.short(value)}` twice", "each value once"
            )
        switch.cases.append((first, last, label))
        rest = [child for child in rest if child.id != value.id and not child.is_error]
    for child in rest:
        lowering.statement(child)


def _case_value(lowering: Lowering, node: Node, constant: Constant, switch: Switch) -> int:
    value = fitted(lowering, node, constant, switch.ctype)
    assert isinstance(value, Constant)
    return value.value


STATEMENTS: Final[Rules[None]] = {"switch_statement": _switch, "case_statement": _case}
