"""Evaluation of expressions against whatever offers the machine's state."""

from __future__ import annotations

from typing import Protocol

from engine.policy.addresses import Region, address, decode
from engine.policy.expressions import (
    Ask,
    Assignment,
    Binary,
    Conditional,
    Constant,
    Convert,
    ElementAddress,
    Exchange,
    Expression,
    FieldAddress,
    InnerCondition,
    Kept,
    Let,
    LocalAddress,
    Logical,
    MachineQuery,
    Modify,
    ObjectValue,
    Oops,
    RegisterAddress,
    Sequence,
    TryLock,
    Unary,
    VcpuAddress,
    Watched,
)
from engine.policy.integers import binary, convert, unary
from engine.policy.source import Place


class OopsError(Exception):
    """The kernel would oops here: NULL or a wild pointer, an index out of bounds, BUG()."""


class Scope(Protocol):
    """What an expression can see and change of the machine."""

    @property
    def frame_address(self) -> int:
        """The address of the innermost frame's first slot."""

    @property
    def kept(self) -> dict[int, int]:
        """The values that `Let` keeps."""

    def load(self, where: int) -> int:
        """Return what an address holds; OopsError where it is none."""

    def store(self, where: int, value: int) -> None:
        """Change what an address holds; OopsError where it is none or read-only."""

    def ask(self, query: MachineQuery) -> int:
        """Return what the hardware or the VM answers."""

    def owner(self) -> int:
        """Return the value by which a lock knows the actor that holds it."""

    def watch(self, text: str, value: int) -> None:
        """Note an operand of a condition and its value."""

    def decide(self, text: str, place: Place, met: bool) -> None:
        """Note a condition inside of an expression, and what it came to."""


def evaluate(expression: Expression, scope: Scope) -> int:
    """Return an expression's value, having done what it does.

    Raises:
        OopsError: the kernel would oops.
    """
    match expression:
        case Constant(value):
            return value
        case ObjectValue(at, _):
            return scope.load(evaluate(at, scope))
        case LocalAddress(slot, _):
            return scope.frame_address + slot
        case Binary(operator, left, right, ctype):
            return binary(operator, evaluate(left, scope), evaluate(right, scope), ctype)
        case Convert(operand, ctype):
            return convert(evaluate(operand, scope), ctype)
        case Watched(text, operand, _):
            value = evaluate(operand, scope)
            scope.watch(text, value)
            return value
        case InnerCondition(text, place, operand, _):
            value = evaluate(operand, scope)
            scope.decide(text, place, bool(value))
            return value
        case Logical(stop_at, left, right, _):
            if bool(evaluate(left, scope)) == stop_at:
                return int(stop_at)
            return int(bool(evaluate(right, scope)))
        case Unary(operator, operand, ctype):
            return unary(operator, evaluate(operand, scope), ctype)
        case FieldAddress(base, region, slot, _):
            return _field(evaluate(base, scope), region, slot)
        case Assignment(at, value_of, ctype):
            where = evaluate(at, scope)
            value = convert(evaluate(value_of, scope), ctype)
            scope.store(where, value)
            return value
        case Modify():
            return _modify(expression, scope)
        case Conditional(condition, then, otherwise, _):
            return evaluate(then if evaluate(condition, scope) else otherwise, scope)
        case Sequence(parts, _):
            value = 0
            for part in parts:
                value = evaluate(part, scope)
            return value
        case Let(number, operand, body, _):
            scope.kept[number] = evaluate(operand, scope)
            return evaluate(body, scope)
        case Kept(number, _):
            return scope.kept[number]
        case Exchange(at, expected, value_of, ctype):
            where = evaluate(at, scope)
            wanted = None if expected is None else evaluate(expected, scope)
            value = evaluate(value_of, scope)
            old = scope.load(where)
            if wanted is None or wanted == old:
                scope.store(where, convert(value, ctype))
            return old
        case ElementAddress(base, index_of, length, _):
            index = evaluate(index_of, scope)
            if not 0 <= index < length:
                raise OopsError
            return evaluate(base, scope) + index
        case RegisterAddress(base, number_of, _):
            return _field(evaluate(base, scope), Region.SYSTEM_REGISTER, evaluate(number_of, scope))
        case VcpuAddress(index_of, _):
            index = evaluate(index_of, scope)
            online = scope.ask(MachineQuery.ONLINE_VCPUS)
            return address(Region.VCPU, owner=index) if index < online else 0
        case Ask(query, _):
            return scope.ask(query)
        case TryLock(at, shared, _):
            return int(take_lock(scope, evaluate(at, scope), shared=shared))
        case Oops(condition, _):
            if evaluate(condition, scope):
                raise OopsError
            return 0


def _field(base: int, region: int, slot: int) -> int:
    holder = decode(base)
    if holder is None:
        raise OopsError
    return address(region, owner=holder.owner, slot=slot)


def _modify(expression: Modify, scope: Scope) -> int:
    where = evaluate(expression.address, scope)
    operand = evaluate(expression.value, scope)
    old = scope.load(where)
    wide = convert(old, expression.compute)
    result = binary(expression.operator, wide, operand, expression.compute)
    new = convert(result, expression.type)
    scope.store(where, new)
    return old if expression.gives_old else new


def take_lock(scope: Scope, where: int, *, shared: bool) -> bool:
    """Take a lock if it is free, or held by none but readers where `shared`; say whether.

    A lock is a number: 0 free, positive the one writer that holds it, negative how many readers.
    """
    held = scope.load(where)
    if held > 0 or (held < 0 and not shared):
        return False
    scope.store(where, held - 1 if shared else scope.owner())
    return True


def release_lock(scope: Scope, where: int, *, shared: bool) -> None:
    """Release a lock; one that is not held stays free, as the kernel's unlock leaves it."""
    held = scope.load(where)
    scope.store(where, min(held + 1, 0) if shared and held < 0 else 0)
