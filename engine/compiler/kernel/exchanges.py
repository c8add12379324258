"""Exchanges: xchg(), cmpxchg() and try_cmpxchg(), each one indivisible access."""

from __future__ import annotations

from functools import partial
from typing import Final

from tree_sitter import Node

from engine.compiler.lower.build import ONE, as_bool, chosen, keeping, operate, sequence
from engine.compiler.lower.conversions import fitted, require_writable, scalar, target
from engine.compiler.lower.lowering import KernelCall, KernelRow, Lowering, Object, row
from engine.policy.c_types import INT, IntegerType, PointerType, type_name
from engine.policy.expressions import Assignment, Constant, Exchange, Expression, ObjectValue
from engine.policy.operators import BinaryOperator

KERNEL: Final[list[KernelRow[Expression]]] = []
kernel = partial(row, KERNEL)


def _names(operation: str) -> str:
    order = "(?:_relaxed|_acquire|_release)?"
    return rf"(?:raw_|arch_)?{operation}(?:64|128)?(?:_local)?{order}"


@kernel(_names("xchg"), arguments=2)
def xchg(lowering: Lowering, call: KernelCall) -> Expression:
    """Store a value at an address, and give the old one."""
    thing, new = _exchanged(lowering, call)
    return Exchange(thing.address, None, new, thing.type)


@kernel(_names("cmpxchg"), arguments=3)
def cmpxchg(lowering: Lowering, call: KernelCall) -> Expression:
    """Store a new value at an address if the old one is there, and give what was there."""
    thing, new = _exchanged(lowering, call)
    old = call.given[1]
    expected = fitted(lowering, old, scalar(lowering, old), thing.type)
    return Exchange(thing.address, expected, new, thing.type)


@kernel(_names("try_cmpxchg"), arguments=3)
def try_cmpxchg(lowering: Lowering, call: KernelCall) -> Expression:
    """Store a new value at an address if the old one is there, and give whether it was."""
    thing, _ = _exchanged(lowering, call)
    return try_exchange(lowering, thing, *call.given[1:])


def _exchanged(lowering: Lowering, call: KernelCall) -> tuple[Object, Expression]:
    """Return the object at an exchange's address, and the value that goes there.

    Raises:
        RefusedError: it is no number or pointer, or the value is of another kind.
    """
    pointer, given = call.given[0], call.given[-1]
    value = scalar(lowering, given)
    thing = target(lowering, pointer, value.type)
    if not thing.writable or not isinstance(thing.type, IntegerType | PointerType):
        raise lowering.refusal(pointer, f"`{lowering.short(pointer)}`", "an integer or a pointer")
    return thing, fitted(lowering, given, value, thing.type)


def try_exchange(lowering: Lowering, thing: Object, old: Node, new: Node) -> Expression:
    """Return try_cmpxchg(): where it fails, the value found goes to the old one's place.

    Raises:
        RefusedError: the two are of different types, or the old one's place never changes.
    """
    expected = target(lowering, old, thing.type)
    if expected.type != thing.type:
        raise lowering.refusal(
            old,
            f"`{lowering.short(old)}`, a {type_name(expected.type)}",
            f"a {type_name(thing.type)}",
        )
    require_writable(lowering, old, expected)
    ctype = thing.type
    value = fitted(lowering, new, scalar(lowering, new), ctype)

    def body(wanted: Expression) -> Expression:
        found = Exchange(thing.address, wanted, value, ctype)

        def settle(got: Expression) -> Expression:
            failed = sequence(Assignment(expected.address, got, ctype), Constant(0, INT))
            return chosen(operate(BinaryOperator.EQUAL, got, wanted), ONE, failed)

        return keeping(lowering.compilation.fresh(), found, settle)

    before = ObjectValue(expected.address, ctype)
    return as_bool(keeping(lowering.compilation.fresh(), before, body))
