"""Hoisting: calls inside of expressions become steps of their own, in C's order."""

from __future__ import annotations

import attrs
from tree_sitter import Node

from engine.compiler.compilation import Signature
from engine.compiler.lower.build import ONE, ZERO
from engine.compiler.lower.calls import Calls
from engine.compiler.lower.flow import Flow, Jump, Label
from engine.compiler.signatures import signature_of
from engine.compiler.syntax import children, field, unwrap, walk, word
from engine.policy.c_types import (
    INT,
    VOID,
    CType,
    IntegerType,
    PointerType,
    VoidType,
)
from engine.policy.expressions import Constant, Expression, Load, LocalAddress, Store
from engine.policy.integers import common
from engine.policy.locks import lock_call
from engine.policy.operations import Acquire, Call, Decide, Execute, Flush, Release
from engine.policy.policy import Variable


@attrs.define
class Hoisting(Calls):
    """Emits the steps of calls before the expression that uses their results."""

    flow: Flow = attrs.field(kw_only=True)
    variables: list[Variable] = attrs.Factory(list)

    def slot(self, name: str, ctype: CType) -> LocalAddress:
        """Return the address of a new slot of the frame."""
        self.variables.append(Variable(name, ctype))
        return LocalAddress(len(self.variables) - 1, PointerType(ctype))

    def temporary(self, ctype: CType) -> LocalAddress:
        """Return the address of a slot that has no name in the source."""
        return self.slot(f".{len(self.variables)}", ctype)

    def has_steps(self, node: Node) -> bool:
        """Say whether a call with a step of its own is in an expression."""
        return any(
            self.takes_step(inner) and inner.id not in self.substitutes for inner in walk(node)
        )

    def execute(self, node: Node, expression: Expression) -> None:
        """Emit a step that evaluates an expression."""
        self.flow.emit(
            Execute(self.unit.text(node), self.unit.place(node), expression, self.flow.after())
        )

    def jump(self, node: Node, target: Label) -> None:
        """Emit a passing on of control."""
        self.flow.emit(Jump(self.unit.text(node), self.unit.place(node), target))

    def hoist(self, node: Node) -> None:
        """Emit steps for the calls in an expression, leaving it free of them."""
        if node.id in self.substitutes or not self.has_steps(node):
            return
        match node.type:
            case "binary_expression" if word(field(node, "operator")) in ("&&", "||"):
                if self.has_steps(field(node, "right")):
                    self._hoist_logical(node)
                    return
            case "conditional_expression":
                self._hoist_conditional(node)
                return
            case "comma_expression" if self.has_steps(field(node, "right")):
                self.effect(field(node, "left"))
                right = field(node, "right")
                self.hoist(right)
                self.substitutes[node.id] = self.value(right)
                return
            case "sizeof_expression":
                return
            case _:
                pass
        for child in children(node):
            self.hoist(child)
        if self.takes_step(node):
            self.substitutes[node.id] = self.step(node, node)

    def effect_of_statement(self, node: Node, expression: Node) -> None:
        """Emit the steps of an expression statement that has calls in it."""
        plain = unwrap(expression)
        if self.takes_step(plain):
            for argument in self.arguments(plain):
                self.hoist(argument)
            self.step(plain, node, used=False)
            return
        if plain.type == "comma_expression":
            self.effect(plain)
            return
        self.hoist(plain)
        if plain.id not in self.substitutes:
            self.execute(node, self.value(plain))

    def effect(self, node: Node) -> None:
        """Emit the steps of an expression whose value is not used."""
        inner = unwrap(node)
        if self.takes_step(inner):
            for argument in self.arguments(inner):
                self.hoist(argument)
            self.step(inner, node, used=False)
            return
        if inner.type == "comma_expression":
            self.effect(field(inner, "left"))
            self.effect(field(inner, "right"))
            return
        self.hoist(inner)
        if inner.id in self.substitutes:
            return
        self.execute(node, self.value(inner))

    def _hoist_logical(self, node: Node) -> None:
        result = self.temporary(INT)
        yes, no, end = self.flow.label(), self.flow.label(), self.flow.label()
        self.branch(node, yes, no)
        for label, value in ((yes, ONE), (no, ZERO)):
            self.flow.bind(label)
            self.execute(node, Store(result, value, INT))
            self.jump(node, end)
        self.flow.bind(end)
        self.substitutes[node.id] = Load(result, INT)

    def _hoist_conditional(self, node: Node) -> None:
        condition = field(node, "condition")
        middle, last = node.child_by_field_name("consequence"), field(node, "alternative")
        if middle is None:
            raise self.refusal(
                node, f"a call in `{self.short(node)}`", "both values of ?: written out"
            )
        if not self.has_steps(middle) and not self.has_steps(last):
            self.hoist(condition)
            return
        yes, no, end = self.flow.label(), self.flow.label(), self.flow.label()
        self.branch(condition, yes, no)
        result: LocalAddress | None = None
        for label, side in ((yes, middle), (no, last)):
            self.flow.bind(label)
            self.hoist(side)
            value = self.value(side)
            if isinstance(value.type, VoidType):
                if value != Constant(0, VOID):
                    self.execute(side, value)
            else:
                ctype: CType = value.type
                if isinstance(ctype, IntegerType):
                    ctype = self._common(middle, last)
                result = self.temporary(ctype) if result is None else result
                held = self.variables[result.slot].type
                self.execute(side, Store(result, self.fitted(side, value, held), held))
            self.jump(node, end)
        self.flow.bind(end)
        if result is None:
            self.substitutes[node.id] = Constant(0, VOID)
        else:
            self.substitutes[node.id] = Load(result, self.variables[result.slot].type)

    def _common(self, middle: Node, last: Node) -> CType:
        types = [self._type_of_value(side) for side in (middle, last)]
        one, other = types
        if isinstance(one, IntegerType) and isinstance(other, IntegerType):
            return common(one, other)
        raise self.refusal(middle, f"`{self.short(middle)}`", "two numbers or two pointers in ?:")

    def _type_of_value(self, node: Node) -> CType:
        inner = unwrap(node)
        if inner.id not in self.substitutes and self.takes_step(inner):
            signature = self.signature(inner)
            if signature is not None:
                return signature.result
            found = lock_call(word(field(inner, "function")))
            return INT if found is not None and found.gives else VOID
        if self.has_steps(inner):
            return INT
        return self.value(inner).type

    def branch(self, node: Node, yes: Label, no: Label) -> None:
        """Emit the steps that decide a condition and pass control to one of two labels."""
        inner = unwrap(node)
        negates = inner.type == "unary_expression" and word(inner.children[0]) == "!"
        if negates and self.has_steps(inner):
            self.branch(field(inner, "argument"), no, yes)
            return
        if inner.type == "binary_expression" and word(field(inner, "operator")) in ("&&", "||"):
            right = field(inner, "right")
            if self.has_steps(right):
                middle = self.flow.label()
                both = word(field(inner, "operator")) == "&&"
                left = field(inner, "left")
                self.branch(left, *((middle, no) if both else (yes, middle)))
                self.flow.bind(middle)
                self.branch(right, yes, no)
                return
        self.hoist(inner)
        self.decide(inner, self.condition(inner), yes, no)

    def decide(self, node: Node, condition: Expression, yes: Label, no: Label) -> None:
        """Emit a condition."""
        self.flow.emit(
            Decide(self.unit.text(node), self.unit.place(node), condition, then=yes, otherwise=no)
        )

    def signature(self, call: Node) -> Signature | None:
        """Return the signature of the source's function that a call calls."""
        name = word(field(call, "function"))
        found = self.compilation.function(self.names, name)
        if found is None or not self.own_function(name):
            return None
        names, node = found
        return signature_of(Calls(self.compilation, names), node, name)

    def step(self, call: Node, shown: Node, *, used: bool = True) -> Expression:
        """Emit the step of a call whose arguments have none left; return its result."""
        text, place = self.unit.text(shown), self.unit.place(shown)
        name, arguments = word(field(call, "function")), self.arguments(call)
        if name == "stage2_flush_vm":
            self.count(call, arguments, 1)
            kvm = self.kvm(arguments[0])
            self.flow.emit(Flush(text, place, kvm, self.flow.after()))
            return Constant(0, VOID)
        signature = self.signature(call)
        if signature is not None:
            return self._call(call, signature, text, shown, used)
        found = lock_call(name)
        assert found is not None
        self.lock_arguments(call, found, arguments)
        address = self.lock(arguments[0], found.kinds).address
        form = Release if found.releases else Acquire
        self.flow.emit(form(text, place, address, found.shared, self.flow.after()))
        return ZERO if found.gives else Constant(0, VOID)

    def _call(
        self, call: Node, signature: Signature, text: str, shown: Node, used: bool
    ) -> Expression:
        given = self.arguments(call)
        self.count(call, given, len(signature.parameters))
        values = list[Expression]()
        for argument, (_, wanted) in zip(given, signature.parameters, strict=True):
            inner = unwrap(argument)
            if isinstance(wanted, PointerType) and inner.type == "pointer_expression":
                self.target(argument, wanted.target)
            values.append(self.fitted(argument, self.value(argument), wanted))
        index = self.compilation.index_of(signature, self.unit.place(call))
        result = None
        if used and not isinstance(signature.result, VoidType):
            result = self.temporary(signature.result)
        place = self.unit.place(shown)
        slot = None if result is None else result.slot
        self.flow.emit(Call(text, place, index, tuple(values), slot, self.flow.after()))
        return Constant(0, VOID) if result is None else Load(result, signature.result)
