"""Hoisting: calls inside of expressions become operations of their own, in C's order.

What emits an operation raises a `RefusedError` where the function has too many, or where the
expression that it evaluates is not supported.
"""

from __future__ import annotations

from tree_sitter import Node

from engine.compiler.compilation import Signature
from engine.compiler.lower.build import ONE, ZERO, changes, unnoted
from engine.compiler.lower.calls import is_followed, is_operation, lock, lock_arguments
from engine.compiler.lower.conditions import condition
from engine.compiler.lower.conversions import fitted, kvm, target
from engine.compiler.lower.flow import Jump, Label
from engine.compiler.lower.lowering import Lowering
from engine.compiler.signatures import signature_of
from engine.compiler.syntax import arguments, children, field, unwrap, walk, word
from engine.policy.c_types import (
    INT,
    VOID,
    CType,
    IntegerType,
    PointerType,
    VoidType,
)
from engine.policy.expressions import Assignment, Constant, Expression, LocalAddress, ObjectValue
from engine.policy.integers import common
from engine.policy.locks import lock_call
from engine.policy.operations import Acquire, Call, Decide, Execute, Flush, Release
from engine.policy.policy import Variable


def slot(lowering: Lowering, name: str, ctype: CType) -> LocalAddress:
    """Return the address of a new slot of the frame."""
    lowering.variables.append(Variable(name, ctype))
    return LocalAddress(len(lowering.variables) - 1, PointerType(ctype))


def temporary(lowering: Lowering, ctype: CType) -> LocalAddress:
    """Return the address of a slot that has no name in the source."""
    return slot(lowering, f".{len(lowering.variables)}", ctype)


def has_operations(lowering: Lowering, node: Node) -> bool:
    """Say whether a call with an operation of its own is in an expression."""
    return any(
        is_operation(lowering, inner) and inner.id not in lowering.substitutes
        for inner in walk(node)
    )


def execute(lowering: Lowering, node: Node, expression: Expression) -> None:
    """Emit an operation that evaluates an expression for what it changes.

    One that changes nothing decides nothing, such as what a warning asks.
    """
    if not changes(expression):
        expression = unnoted(expression)
    lowering.flow.emit(
        Execute(
            lowering.unit.text(node), lowering.unit.place(node), expression, lowering.flow.after()
        )
    )


def jump(lowering: Lowering, node: Node, target: Label) -> None:
    """Let control pass to a label."""
    lowering.flow.emit(Jump(lowering.unit.text(node), lowering.unit.place(node), target))


def hoist(lowering: Lowering, node: Node) -> None:
    """Emit operations for the calls in an expression, leaving it free of them."""
    if node.id in lowering.substitutes or not has_operations(lowering, node):
        return
    match node.type:
        case "binary_expression" if word(field(node, "operator")) in ("&&", "||"):
            if has_operations(lowering, field(node, "right")):
                _hoist_logical(lowering, node)
                return
        case "conditional_expression":
            _hoist_conditional(lowering, node)
            return
        case "comma_expression" if has_operations(lowering, field(node, "right")):
            left, right = field(node, "left"), field(node, "right")
            effect(lowering, left, left)
            hoist(lowering, right)
            lowering.substitutes[node.id] = lowering.value(right)
            return
        case "sizeof_expression":
            return
        case _:
            pass
    for child in children(node):
        hoist(lowering, child)
    if is_operation(lowering, node):
        lowering.substitutes[node.id] = _operation(lowering, node, node)


def effect(lowering: Lowering, expression: Node, shown: Node) -> None:
    """Emit the operations of an expression whose value is not used, shown as a node's text."""
    inner = unwrap(expression)
    if is_operation(lowering, inner):
        for argument in arguments(inner):
            hoist(lowering, argument)
        _operation(lowering, inner, shown, used=False)
        return
    if inner.type == "comma_expression":
        for part in (field(inner, "left"), field(inner, "right")):
            effect(lowering, part, part)
        return
    hoist(lowering, inner)
    if inner.id not in lowering.substitutes:
        execute(lowering, shown, lowering.value(inner))


def _hoist_logical(lowering: Lowering, node: Node) -> None:
    result = temporary(lowering, INT)
    yes, no, end = lowering.flow.label(), lowering.flow.label(), lowering.flow.label()
    branch(lowering, node, yes, no)
    for label, value in ((yes, ONE), (no, ZERO)):
        lowering.flow.bind(label)
        execute(lowering, node, Assignment(result, value, INT))
        jump(lowering, node, end)
    lowering.flow.bind(end)
    lowering.substitutes[node.id] = ObjectValue(result, INT)


def _hoist_conditional(lowering: Lowering, node: Node) -> None:
    test = field(node, "condition")
    middle, last = node.child_by_field_name("consequence"), field(node, "alternative")
    if middle is None:
        raise lowering.refusal(
            node, f"a call in `{lowering.short(node)}`", "both values of ?: written out"
        )
    if not has_operations(lowering, middle) and not has_operations(lowering, last):
        hoist(lowering, test)
        return
    yes, no, end = lowering.flow.label(), lowering.flow.label(), lowering.flow.label()
    branch(lowering, test, yes, no)
    result: LocalAddress | None = None
    for label, side in ((yes, middle), (no, last)):
        lowering.flow.bind(label)
        hoist(lowering, side)
        value = lowering.value(side)
        if isinstance(value.type, VoidType):
            if value != Constant(0, VOID):
                execute(lowering, side, value)
        else:
            ctype: CType = value.type
            if isinstance(ctype, IntegerType):
                ctype = _common(lowering, middle, last)
            result = temporary(lowering, ctype) if result is None else result
            held = lowering.variables[result.slot].type
            execute(lowering, side, Assignment(result, fitted(lowering, side, value, held), held))
        jump(lowering, node, end)
    lowering.flow.bind(end)
    if result is None:
        lowering.substitutes[node.id] = Constant(0, VOID)
    else:
        lowering.substitutes[node.id] = ObjectValue(result, lowering.variables[result.slot].type)


def _common(lowering: Lowering, middle: Node, last: Node) -> CType:
    one, other = (_type_of_value(lowering, side) for side in (middle, last))
    if isinstance(one, IntegerType) and isinstance(other, IntegerType):
        return common(one, other)
    raise lowering.refusal(
        middle, f"`{lowering.short(middle)}`", "two numbers or two pointers in ?:"
    )


def _type_of_value(lowering: Lowering, node: Node) -> CType:
    inner = unwrap(node)
    if inner.id not in lowering.substitutes and is_operation(lowering, inner):
        signature = _signature(lowering, inner)
        if signature is not None:
            return signature.result
        found = lock_call(word(field(inner, "function")))
        return INT if found is not None and found.gives else VOID
    if has_operations(lowering, inner):
        return INT
    return lowering.value(inner).type


def branch(lowering: Lowering, node: Node, yes: Label, no: Label) -> None:
    """Emit the operations that decide a condition and pass control to one of two labels."""
    inner = unwrap(node)
    negates = inner.type == "unary_expression" and word(inner.children[0]) == "!"
    if negates and has_operations(lowering, inner):
        branch(lowering, field(inner, "argument"), no, yes)
        return
    if inner.type == "binary_expression" and word(field(inner, "operator")) in ("&&", "||"):
        right = field(inner, "right")
        if has_operations(lowering, right):
            middle = lowering.flow.label()
            both = word(field(inner, "operator")) == "&&"
            left = field(inner, "left")
            branch(lowering, left, *((middle, no) if both else (yes, middle)))
            lowering.flow.bind(middle)
            branch(lowering, right, yes, no)
            return
    hoist(lowering, inner)
    decide(lowering, inner, condition(lowering, inner), yes, no)


def decide(lowering: Lowering, node: Node, test: Expression, yes: Label, no: Label) -> None:
    """Emit a condition, which passes control to one of two labels."""
    lowering.flow.emit(
        Decide(lowering.unit.text(node), lowering.unit.place(node), test, then=yes, otherwise=no)
    )


def _signature(lowering: Lowering, call: Node) -> Signature | None:
    """Return the signature of the source's function that a call calls."""
    name = word(field(call, "function"))
    found = lowering.compilation.function(lowering.names, name)
    if found is None or not is_followed(lowering, name):
        return None
    return signature_of(lowering.compilation, *found, name)


def _operation(lowering: Lowering, call: Node, shown: Node, *, used: bool = True) -> Expression:
    """Emit the operation of a call whose arguments have none left; return its result."""
    text, place = lowering.unit.text(shown), lowering.unit.place(shown)
    name = word(field(call, "function"))
    if name == "stage2_flush_vm":
        given = arguments(call)
        lowering.require_arguments(call, given, 1)
        flushed = kvm(lowering, given[0])
        lowering.flow.emit(Flush(text, place, flushed, lowering.flow.after()))
        return Constant(0, VOID)
    signature = _signature(lowering, call)
    if signature is not None:
        return _call(lowering, call, signature, shown, used=used)
    found = lock_call(name)
    assert found is not None
    pointer, *_ = lock_arguments(lowering, call, found)
    address = lock(lowering, pointer, found.kinds).address
    form = Release if found.releases else Acquire
    lowering.flow.emit(form(text, place, address, found.shared, lowering.flow.after()))
    return ZERO if found.gives else Constant(0, VOID)


def _call(
    lowering: Lowering, call: Node, signature: Signature, shown: Node, *, used: bool
) -> Expression:
    """Emit the operation of a call that is followed into the source."""
    given = arguments(call)
    lowering.require_arguments(call, given, len(signature.parameters))
    values = list[Expression]()
    for argument, (_, wanted) in zip(given, signature.parameters, strict=True):
        inner = unwrap(argument)
        if isinstance(wanted, PointerType) and inner.type == "pointer_expression":
            target(lowering, argument, wanted.target)
        values.append(fitted(lowering, argument, lowering.value(argument), wanted))
    index = lowering.compilation.index_of(signature, lowering.unit.place(call))
    result = None
    if used and not isinstance(signature.result, VoidType):
        result = temporary(lowering, signature.result)
    lowering.flow.emit(
        Call(
            *(lowering.unit.text(shown), lowering.unit.place(shown), index, tuple(values)),
            result=None if result is None else result.slot,
            next=lowering.flow.after(),
        )
    )
    return Constant(0, VOID) if result is None else ObjectValue(result, signature.result)
