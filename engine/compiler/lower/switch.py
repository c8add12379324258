"""Lowering of switch statements and their cases."""

from __future__ import annotations

import attrs
from tree_sitter import Node

from engine.compiler.implementor import note_values
from engine.compiler.lower.blocks import STATEMENTS_SUPPORTED
from engine.compiler.lower.flow import Label
from engine.compiler.lower.loops import Loop, Loops
from engine.compiler.syntax import children, field, is_range_end, unwrap
from engine.policy.c_types import (
    IntegerType,
)
from engine.policy.expressions import Constant, Expression
from engine.policy.integers import promote
from engine.policy.operations import Return, Select


@attrs.define
class Switch:
    """The cases of a switch that have been met."""

    ctype: IntegerType
    cases: list[tuple[int, int, Label]] = attrs.Factory(list)
    default: Label | None = None


@attrs.define
class Switches(Loops):
    """Lowers switches."""

    switches: list[Switch] = attrs.Factory(list)

    def _switch(self, node: Node) -> None:
        condition = field(node, "condition")
        self.hoist(condition)
        value = self.condition(condition)
        if not isinstance(value.type, IntegerType):
            raise self.refusal(condition, f"`{self.short(condition)}`", "an integer")
        slot = len(self.flow.steps)
        self._emit_placeholder(condition)
        leave = self.flow.label()
        again = self.loops[-1].again if self.loops else None
        self.loops.append(Loop(leave, again, len(self.guards)))
        self.switches.append(Switch(promote(value.type)))
        self.statement(field(node, "body"))
        switch = self.switches.pop()
        self.loops.pop()
        self.flow.bind(leave)
        self._note_cases(value, switch)
        text, place = self.unit.text(unwrap(condition)), self.unit.place(unwrap(condition))
        default = leave if switch.default is None else switch.default
        self.flow.steps[slot] = Select(text, place, value, tuple(switch.cases), default)

    def _emit_placeholder(self, node: Node) -> None:
        self.flow.emit(Return("", self.unit.place(node), None, free=True))

    def _note_cases(self, value: Expression, switch: Switch) -> None:
        note_values(
            self.compilation,
            value,
            tuple(end for low, high, _ in switch.cases for end in (low, high)),
        )

    def _case(self, node: Node) -> None:
        if not self.switches:
            raise self.refusal(node, "a case outside of a switch", STATEMENTS_SUPPORTED)
        switch, label = self.switches[-1], self.flow.label()
        self.flow.bind(label)
        value = node.child_by_field_name("value")
        rest = children(node)
        if value is None:
            switch.default = label
        else:
            constant = self.constant(value)
            if constant is None:
                raise self.refusal(value, f"`{self.short(value)}`", "a constant")
            first = self._case_value(value, constant, switch)
            last = first
            for child in rest:
                if is_range_end(child):
                    end = children(child)[0]
                    bound = self.constant(end)
                    if bound is None:
                        raise self.refusal(end, f"`{self.short(end)}`", "a constant")
                    last = self._case_value(end, bound, switch)
            if any(low <= last and first <= high for low, high, _ in switch.cases):
                raise self.refusal(value, f"`case {self.short(value)}` twice", "each value once")
            switch.cases.append((first, last, label))
            rest = [child for child in rest if child.id != value.id and not child.is_error]
        for child in rest:
            self.statement(child)

    def _case_value(self, node: Node, constant: Constant, switch: Switch) -> int:
        fitted = self.fitted(node, constant, switch.ctype)
        assert isinstance(fitted, Constant)
        return fitted.value
