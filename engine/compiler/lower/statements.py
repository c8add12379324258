"""Lowering of statements: a function's body becomes steps and the flow between them."""

from __future__ import annotations

import attrs
from tree_sitter import Node

from engine.compiler.compilation import Compilation, Signature
from engine.compiler.lower.blocks import STATEMENTS_SUPPORTED
from engine.compiler.lower.build import as_bool, sequence
from engine.compiler.lower.flow import Flow, Label, spin_points
from engine.compiler.lower.objects import Object
from engine.compiler.lower.switch import Switches
from engine.compiler.syntax import check, children, field, unwrap, walk, word
from engine.policy.c_types import (
    VOID,
    CType,
    IntegerType,
    VoidType,
    type_name,
)
from engine.policy.expressions import (
    Constant,
    Expression,
    Load,
    LocalAddress,
    Store,
)
from engine.policy.operations import Execute, Return
from engine.policy.policy import Function
from engine.policy.source import PolicyError


@attrs.define
class Statements(Switches):
    """Lowers the body of one function."""

    signature_: Signature = attrs.field(kw_only=True)
    labels: dict[str, tuple[Label, Node]] = attrs.Factory(dict)

    def body(self) -> None:
        """Emit the function's steps."""
        node = field(self.signature_.node, "body")
        self.blocks.append({})
        for name, ctype in self.signature_.parameters:
            address = self.slot(name, ctype)
            if name:
                self.blocks[-1][name] = Object(address, ctype)
        for inner in walk(node):
            if inner.type == "labeled_statement":
                self.labels[word(field(inner, "label"))] = (self.flow.label(), inner)
        self.compound(node)
        self._end(node)

    def _end(self, node: Node) -> None:
        result = self.signature_.result
        value = None if isinstance(result, VoidType) else Constant(0, result)
        end = node.children[-1]
        self.flow.emit(Return("}", self.unit.place(end), value, free=True))

    def statement(self, node: Node) -> None:
        """Lower a statement.

        Raises:
            PolicyError: the construct is not supported.
        """
        try:
            self._statement(node)
        except PolicyError:
            if not self.compilation.draft:
                raise

    def _statement(self, node: Node) -> None:
        match node.type:
            case "compound_statement":
                self.compound(node)
            case "expression_statement":
                self._expression(node)
            case "declaration":
                self._declaration(node)
            case "if_statement":
                self._if(node)
            case "switch_statement":
                self._switch(node)
            case "case_statement":
                self._case(node)
            case "while_statement" | "do_statement":
                self._while(node)
            case "for_statement":
                self._for(node)
            case "labeled_statement":
                self.flow.bind(self.labels[word(field(node, "label"))][0])
                for child in children(node)[1:]:
                    self.statement(child)
            case "goto_statement":
                self._goto(node)
            case "break_statement" | "continue_statement":
                self._break(node)
            case "return_statement":
                self._return(node)
            case "attributed_statement":
                for child in children(node):
                    if not child.type.startswith("attribute"):
                        self.statement(child)
            case "type_definition" | "enum_specifier" | "struct_specifier" | "attribute_specifier":
                return
            case _:
                raise self.refusal(node, f"`{self.short(node)}`", STATEMENTS_SUPPORTED)

    def _expression(self, node: Node) -> None:
        inner = children(node)
        if not inner:
            return
        expression = inner[0]
        if expression.type == "identifier" and word(expression) == "fallthrough":
            return
        if expression.type == "call_expression" and self._guard(expression, node):
            return
        if self.has_steps(expression):
            self.effect_of_statement(node, expression)
            return
        self.execute(node, self.value(expression))

    def _if(self, node: Node) -> None:
        yes, no, end = self.flow.label(), self.flow.label(), self.flow.label()
        condition = field(node, "condition")
        known = self._decided(condition)
        then, alternative = field(node, "consequence"), node.child_by_field_name("alternative")
        self.branch(condition, yes, no)
        self.flow.bind(yes)
        if known is None or known or self._enterable(then):
            self.statement(then)
            self.jump(node, end)
        self.flow.bind(no)
        if alternative is not None and (known is None or not known or self._enterable(alternative)):
            for child in children(alternative):
                self.statement(child)
        self.jump(node, end)
        self.flow.bind(end)

    def _decided(self, condition: Node) -> bool | None:
        """Return what a condition always is, or None."""
        if self.has_steps(condition):
            return None
        value = self.condition(condition)
        return bool(value.value) if isinstance(value, Constant) else None

    def _enterable(self, node: Node) -> bool:
        """Say whether control can come into a statement other than from above."""
        return any(n.type in ("labeled_statement", "case_statement") for n in walk(node))

    def _goto(self, node: Node) -> None:
        name = word(field(node, "label"))
        if name not in self.labels:
            raise self.refusal(node, f"goto {name}", "a label of the same function")
        label, target = self.labels[name]
        for held in reversed(self.guards):
            block = held.block
            inside = block.start_byte <= target.start_byte < block.end_byte
            if not inside or target.start_byte < held.node.start_byte:
                self._drop(held, node)
        self.jump(node, label)

    def _return(self, node: Node) -> None:
        result, given = self.signature_.result, children(node)
        if isinstance(result, VoidType) != (not given):
            called = bool(given) and unwrap(given[0]).type == "call_expression"
            if not (called and isinstance(result, VoidType) and self._returns_nothing(given[0])):
                raise self.refusal(
                    node, f"`{self.short(node)}`", f"a result of {type_name(result)}"
                )
            given = []
        value: Expression | None = None
        if given:
            self.hoist(given[0])
            value = self._result(given[0], result)
        free = value is None or isinstance(value, Constant) or self._is_temporary(value)
        if value is not None and self.guards and not free:
            kept = self.temporary(result)
            self.execute(node, Store(kept, value, result))
            value, free = Load(kept, result), True
        self._release(0, node)
        self.flow.emit(Return(self.unit.text(node), self.unit.place(node), value, free))

    def _result(self, node: Node, result: CType) -> Expression:
        value = self.scalar(node)
        if isinstance(result, IntegerType) and result.is_bool:
            return as_bool(value)
        return self.fitted(node, value, result)

    def _returns_nothing(self, node: Node) -> bool:
        self.effect(node)
        return True

    def _is_temporary(self, value: Expression) -> bool:
        return (
            isinstance(value, Load)
            and isinstance(value.address, LocalAddress)
            and self.variables[value.address.slot].name.startswith(".")
        )


def lower(compilation: Compilation, signature: Signature) -> Function | None:
    """Lower a function; what its steps can reach is filled in later. None for a draft.

    Raises:
        PolicyError: something in it is not supported.
    """
    names = signature.names
    check(names.unit, signature.node)
    second = names.unit.repeated.get(signature.name)
    if second is not None:
        found = f"a second definition of {signature.name}()"
        raise names.unit.refusal(second, found, "one definition of each function")
    place = names.unit.place(signature.node)
    work = Statements(
        compilation, names, function=signature.name, flow=Flow(place), signature_=signature
    )
    work.body()
    if compilation.draft:
        return None
    for name, (label, node) in work.labels.items():
        if work.flow.bound[label] is None:
            raise work.refusal(
                node, f"the label {name} in code that is never reached", "code that is"
            )
    steps = work.flow.settle()
    if isinstance(steps[0], Return) and steps[0].free:
        steps = (_shown(steps[0], 1), *steps)
    points = spin_points(steps)
    return Function(
        *(signature.name, place, len(signature.parameters), tuple(work.variables)),
        *(signature.result, steps, tuple(False for _ in steps), points),
    )


def _shown(end: Return, following: int) -> Execute:
    """Return a step for a function that has none, so that its call can be seen."""
    return Execute(end.text, end.place, sequence(Constant(0, VOID)), following)
