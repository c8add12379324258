"""Lowering of loops, KVM's and C's, and of the ways out of them."""

from __future__ import annotations

import attrs
from tree_sitter import Node

from engine.compiler.lower.blocks import STATEMENTS_SUPPORTED, Blocks
from engine.compiler.lower.build import ONE, ZERO, logical, operate, sequence
from engine.compiler.lower.flow import Label
from engine.compiler.preprocess.built_in import EACH_VCPU, SCOPED_GUARD
from engine.compiler.syntax import field, unwrap, word
from engine.policy.addresses import Region
from engine.policy.c_types import (
    INT,
    VCPU,
    IntegerType,
    PointerType,
)
from engine.policy.expressions import FieldAddress, Load
from engine.policy.locks import UNCHECKED_GUARDS
from engine.policy.operators import BinaryOperator


@attrs.frozen
class Loop:
    """Where `break` and `continue` lead, and how many guards are held outside."""

    leave: Label
    again: Label | None
    guards: int


@attrs.define
class Loops(Blocks):
    """Lowers loops."""

    loops: list[Loop] = attrs.Factory(list)

    def _while(self, node: Node) -> None:
        again, leave, body = self.flow.label(), self.flow.label(), self.flow.label()
        condition = field(node, "condition")
        first = node.type == "do_statement"
        self.loops.append(Loop(leave, again, len(self.guards)))
        if first:
            self.flow.bind(body)
            self.statement(field(node, "body"))
        self.flow.bind(again)
        known = self._literal_truth(condition)
        if known is None:
            self.branch(condition, body, leave)
        else:
            self.jump(node, body if known else leave)
        if not first:
            self.flow.bind(body)
            self.statement(field(node, "body"))
            self.jump(node, again)
        self.flow.bind(leave)
        self.loops.pop()

    def _literal_truth(self, condition: Node) -> bool | None:
        inner = unwrap(condition)
        if inner.type in ("number_literal", "true", "false"):
            value = self.constant(inner)
            return None if value is None else bool(value.value)
        return None

    def _for(self, node: Node) -> None:
        start = node.child_by_field_name("initializer")
        if start is not None and start.type == "call_expression":
            name = word(field(start, "function"))
            if name == EACH_VCPU:
                self._each_vcpu(node, start)
                return
            if name == SCOPED_GUARD:
                self._scoped_guard(node, start)
                return
        again, step, leave = self.flow.label(), self.flow.label(), self.flow.label()
        self.blocks.append({})
        if start is not None:
            self._declaration(start) if start.type == "declaration" else self._part(start)
        self.loops.append(Loop(leave, step, len(self.guards)))
        self.flow.bind(again)
        condition = node.child_by_field_name("condition")
        if condition is not None and self._literal_truth(condition) is not True:
            body = self.flow.label()
            self.branch(condition, body, leave)
            self.flow.bind(body)
        self.statement(field(node, "body"))
        self.flow.bind(step)
        update = node.child_by_field_name("update")
        if update is not None:
            self._part(update)
        self.jump(node, again)
        self.flow.bind(leave)
        self.loops.pop()
        self.blocks.pop()

    def _part(self, node: Node) -> None:
        """Emit the first or the last part of a `for`."""
        if self.has_steps(node):
            self.effect_of_statement(node, node)
        else:
            self.execute(node, self.value(node))

    def _each_vcpu(self, node: Node, call: Node) -> None:
        arguments = self.arguments(call)
        self.count(call, arguments, 3)
        index, vcpu = self.object(arguments[0]), self.object(arguments[1])
        kvm = self.kvm(arguments[2])
        if not isinstance(index.type, IntegerType) or vcpu.type != PointerType(VCPU):
            raise self.refusal(
                call, f"`{self.short(call)}`", "an integer, a struct kvm_vcpu * and a kvm"
            )
        now = Load(index.address, index.type)
        online = Load(FieldAddress(kvm, Region.ONLINE_VCPUS, 0, PointerType(INT)), INT)
        fetched = self.store(call, vcpu, self.vcpu_at(now))
        more = operate(BinaryOperator.LESS, now, online)
        test = logical(False, more, sequence(fetched, ONE))
        begin = self.store(call, index, ZERO)
        advance = self.modify(call, index, BinaryOperator.ADD, ONE)
        body, again, leave = self.flow.label(), self.flow.label(), self.flow.label()
        self.decide(call, sequence(begin, test), body, leave)
        self.flow.bind(again)
        self.decide(call, sequence(advance, test), body, leave)
        self.loops.append(Loop(leave, again, len(self.guards)))
        self.flow.bind(body)
        self.statement(field(node, "body"))
        self.jump(node, again)
        self.flow.bind(leave)
        self.loops.pop()

    def _scoped_guard(self, node: Node, call: Node) -> None:
        kind, *rest = self.arguments(call)
        held = len(self.guards)
        leave = self.flow.label()
        if word(kind) not in UNCHECKED_GUARDS:
            self.compounds.append(node)
            self._take(word(kind), call, rest, call)
            self.compounds.pop()
        out = self.flow.label()
        self.loops.append(Loop(out, out, len(self.guards)))
        self.statement(field(node, "body"))
        self.flow.bind(out)
        self._release(held, field(node, "body"))
        del self.guards[held:]
        self.loops.pop()
        self.jump(node, leave)
        self.flow.bind(leave)

    def _break(self, node: Node) -> None:
        leaves = node.type == "break_statement"
        if not self.loops or (not leaves and self.loops[-1].again is None):
            raise self.refusal(
                node, f"`{self.short(node)}` outside of a loop", STATEMENTS_SUPPORTED
            )
        loop = self.loops[-1]
        self._release(loop.guards if leaves else self._outside(loop), node)
        target = loop.leave if leaves else loop.again
        assert target is not None
        self.jump(node, target)

    def _outside(self, loop: Loop) -> int:
        """Return how many guards are held around the loop that `continue` goes on with."""
        return next(entry.guards for entry in self.loops if entry.again == loop.again)
