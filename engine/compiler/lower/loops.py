"""Lowering of loops, KVM's and C's, and of the ways out of them."""

from __future__ import annotations

from typing import Final

from tree_sitter import Node

from engine.compiler.lower.blocks import declaration, release, take
from engine.compiler.lower.build import ONE, ZERO, logical, operate, sequence
from engine.compiler.lower.calls import vcpu_at
from engine.compiler.lower.conversions import kvm, modify, store
from engine.compiler.lower.hoisting import branch, decide, effect, execute, has_operations, jump
from engine.compiler.lower.lowering import STATEMENTS_SUPPORTED, Loop, Lowering, Rules
from engine.compiler.preprocess.built_in import EACH_VCPU, SCOPED_GUARD
from engine.compiler.syntax import arguments, field, unwrap, word
from engine.policy.addresses import Region
from engine.policy.c_types import INT, VCPU, IntegerType, PointerType
from engine.policy.expressions import FieldAddress, ObjectValue
from engine.policy.locks import UNCHECKED_GUARDS
from engine.policy.operators import BinaryOperator


def _while(lowering: Lowering, node: Node) -> None:
    again, leave, body = lowering.flow.label(), lowering.flow.label(), lowering.flow.label()
    condition = field(node, "condition")
    first = node.type == "do_statement"
    lowering.loops.append(Loop(leave, again, len(lowering.guards)))
    if first:
        lowering.flow.bind(body)
        lowering.statement(field(node, "body"))
    lowering.flow.bind(again)
    known = _literal_truth(lowering, condition)
    if known is None:
        branch(lowering, condition, body, leave)
    else:
        jump(lowering, node, body if known else leave)
    if not first:
        lowering.flow.bind(body)
        lowering.statement(field(node, "body"))
        jump(lowering, node, again)
    lowering.flow.bind(leave)
    lowering.loops.pop()


def _literal_truth(lowering: Lowering, condition: Node) -> bool | None:
    inner = unwrap(condition)
    if inner.type in ("number_literal", "true", "false"):
        value = lowering.constant(inner)
        return None if value is None else bool(value.value)
    return None


def _for(lowering: Lowering, node: Node) -> None:
    start = node.child_by_field_name("initializer")
    if start is not None and start.type == "call_expression":
        name = word(field(start, "function"))
        if name == EACH_VCPU:
            _each_vcpu(lowering, node, start)
            return
        if name == SCOPED_GUARD:
            _scoped_guard(lowering, node, start)
            return
    again, step, leave = lowering.flow.label(), lowering.flow.label(), lowering.flow.label()
    lowering.blocks.append({})
    if start is not None:
        (declaration if start.type == "declaration" else _part)(lowering, start)
    lowering.loops.append(Loop(leave, step, len(lowering.guards)))
    lowering.flow.bind(again)
    condition = node.child_by_field_name("condition")
    if condition is not None and _literal_truth(lowering, condition) is not True:
        body = lowering.flow.label()
        branch(lowering, condition, body, leave)
        lowering.flow.bind(body)
    lowering.statement(field(node, "body"))
    lowering.flow.bind(step)
    update = node.child_by_field_name("update")
    if update is not None:
        _part(lowering, update)
    jump(lowering, node, again)
    lowering.flow.bind(leave)
    lowering.loops.pop()
    lowering.blocks.pop()


def _part(lowering: Lowering, node: Node) -> None:
    """Emit the first or the last part of a `for`."""
    if has_operations(lowering, node):
        effect(lowering, node, node)
    else:
        execute(lowering, node, lowering.value(node))


def _each_vcpu(lowering: Lowering, node: Node, call: Node) -> None:
    given = arguments(call)
    lowering.require_arguments(call, given, 3)
    index, vcpu = lowering.object(given[0]), lowering.object(given[1])
    walked = kvm(lowering, given[2])
    if not isinstance(index.type, IntegerType) or vcpu.type != PointerType(VCPU):
        raise lowering.refusal(
            call, f"`{lowering.short(call)}`", "an integer, a struct kvm_vcpu * and a kvm"
        )
    now = ObjectValue(index.address, index.type)
    online = ObjectValue(FieldAddress(walked, Region.ONLINE_VCPUS, 0, PointerType(INT)), INT)
    fetched = store(lowering, call, vcpu, vcpu_at(now))
    more = operate(BinaryOperator.LESS, now, online)
    test = logical(False, more, sequence(fetched, ONE))
    begin = store(lowering, call, index, ZERO)
    advance = modify(lowering, call, index, BinaryOperator.ADD, ONE)
    body, again, leave = lowering.flow.label(), lowering.flow.label(), lowering.flow.label()
    decide(lowering, call, sequence(begin, test), body, leave)
    lowering.flow.bind(again)
    decide(lowering, call, sequence(advance, test), body, leave)
    lowering.loops.append(Loop(leave, again, len(lowering.guards)))
    lowering.flow.bind(body)
    lowering.statement(field(node, "body"))
    jump(lowering, node, again)
    lowering.flow.bind(leave)
    lowering.loops.pop()


def _scoped_guard(lowering: Lowering, node: Node, call: Node) -> None:
    given = arguments(call)
    name = word(given[0]) if given else ""
    held = len(lowering.guards)
    leave = lowering.flow.label()
    if name not in UNCHECKED_GUARDS:
        lowering.compounds.append(node)
        take(lowering, name, call, given[1:], call)
        lowering.compounds.pop()
    out = lowering.flow.label()
    lowering.loops.append(Loop(out, out, len(lowering.guards)))
    lowering.statement(field(node, "body"))
    lowering.flow.bind(out)
    release(lowering, held, field(node, "body"))
    del lowering.guards[held:]
    lowering.loops.pop()
    jump(lowering, node, leave)
    lowering.flow.bind(leave)


def _break(lowering: Lowering, node: Node) -> None:
    leaves = node.type == "break_statement"
    if not lowering.loops or (not leaves and lowering.loops[-1].again is None):
        raise lowering.refusal(
            node, f"`{lowering.short(node)}` outside of a loop", STATEMENTS_SUPPORTED
        )
    loop = lowering.loops[-1]
    release(lowering, loop.guards if leaves else _guards_outside(lowering, loop), node)
    target = loop.leave if leaves else loop.again
    assert target is not None
    jump(lowering, node, target)


def _guards_outside(lowering: Lowering, loop: Loop) -> int:
    """Return how many guards are held around the loop that `continue` goes on with."""
    return next(entry.guards for entry in lowering.loops if entry.again == loop.again)


STATEMENTS: Final[Rules[None]] = {
    "while_statement": _while,
    "do_statement": _while,
    "for_statement": _for,
    "break_statement": _break,
    "continue_statement": _break,
}
