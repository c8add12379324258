"""Counting loops: which heads of loops a run may come round to as it left them.

A loop that adds to a variable at every turn, and sets it to nothing else on the way, is never
again in a state in which it was before the variable has gone through all of its values. Whoever
goes round there goes on, however long that takes. So a circle that a run can come round to leads
by some other point of the function, and it is enough to look for it there.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from engine.kvm.auxiliary import auxiliaries
from engine.policy.c_types import IntegerType
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
from engine.policy.operations import (
    Acquire,
    Call,
    Decide,
    Execute,
    Flush,
    Operation,
    Release,
    Return,
    Select,
    targets,
)
from engine.policy.operators import BinaryOperator
from engine.policy.policy import Function, Policy

_WIDE: Final = 32
"""Bits of a variable that takes long to go through all of its values."""

_STRIDE: Final = 255
"""The most by which such a variable may go up or down at a time."""


@lru_cache(maxsize=64)  # pure: a policy never changes
def circle_points(policy: Policy) -> tuple[frozenset[int], ...]:
    """Return per function the operations at which to look whether a run goes round in a circle.

    Every circle that a run can come round to leads by one of them, at which it holds no more
    locks than elsewhere.
    """
    auxiliary = auxiliaries(policy).locals
    return tuple(
        _points(function, auxiliary[number]) for number, function in enumerate(policy.functions)
    )


def _points(function: Function, auxiliary: frozenset[int]) -> frozenset[int]:
    points = {index for index, may in enumerate(function.may_spin) if may}
    released = {
        operation.next for operation in function.operations if isinstance(operation, Release)
    }
    for head in sorted(points - released, reverse=True):  # inner loops before outer ones
        others = frozenset(points - {head})
        body = _circles(function, head, others)
        counters = _counters(function, auxiliary, body)
        if any(_only_counts(function, head, others, body, *each) for each in counters):
            points.discard(head)
    return frozenset(points)


def _counters(
    function: Function, auxiliary: frozenset[int], body: frozenset[int]
) -> Iterator[tuple[frozenset[int], frozenset[int]]]:
    """Yield for each variable that counts: the operations that count it, and those that set it.

    Those of a loop's body count if they do so wherever the run stays in the loop.
    """
    writes = [_writes(operation, body) for operation in function.operations]
    for slot, variable in enumerate(function.variables):
        if slot in auxiliary or not isinstance(variable.type, IntegerType):
            continue
        if variable.type.bits < _WIDE or any(
            _is_handed_on(operation, slot) for operation in function.operations
        ):
            continue
        signs: dict[int, dict[int, None]] = {}
        setting: dict[int, None] = {}
        for index, written in enumerate(writes):
            own = [sign for each, sign in written if each == slot]
            if len(own) == 1 and own[0]:
                signs.setdefault(own[0], {})[index] = None
            elif own:
                setting[index] = None
        for sign, counting in signs.items():
            against = (index for other, each in signs.items() if other != sign for index in each)
            yield frozenset(counting), frozenset((*setting, *against))


def _only_counts(
    function: Function,
    head: int,
    others: frozenset[int],
    body: frozenset[int],
    counting: frozenset[int],
    setting: frozenset[int],
) -> bool:
    """Say whether all circles from a head that lead by no other point count and never set."""
    if not body or not body.isdisjoint(setting):
        return False
    return head in counting or not _circles(function, head, others | counting)


def _circles(function: Function, head: int, avoided: frozenset[int]) -> frozenset[int]:
    """Return the operations of the circles from a head that lead by none of the avoided ones."""
    ahead = [head]
    reached: dict[int, None] = {}
    before: dict[int, list[int]] = {}
    for index in ahead:  # grows as it goes
        for target in targets(function.operations[index]):
            if target in avoided:
                continue
            before.setdefault(target, []).append(index)
            if target not in reached:
                reached[target] = None
                if target != head:
                    ahead.append(target)
    if head not in reached:
        return frozenset()
    circling = {head: None}
    for index in list(circling):
        due = [index]
        while due:
            for earlier in before.get(due.pop(), ()):
                if earlier not in circling:
                    circling[earlier] = None
                    due.append(earlier)
    return frozenset(circling)


def _writes(operation: Operation, body: frozenset[int]) -> list[tuple[int, int]]:
    """Return the variables of its own that an operation writes: 1 or -1 if it counts, else 0."""
    written: list[tuple[int, int]] = []
    match operation:
        case Decide(condition=condition, then=then, otherwise=otherwise):
            staying = (then in body, otherwise in body)
            _collect_met(condition, staying[0] if staying[0] != staying[1] else None, written)
        case Execute() | Select() | Call() | Flush() | Acquire() | Release() | Return():
            for expression in _expressions(operation):
                _collect(expression, True, written)
    if isinstance(operation, Call) and operation.result is not None:
        written.append((operation.result, 0))
    return written


def _collect_met(condition: Expression, met: bool | None, written: list[tuple[int, int]]) -> None:
    """Collect what a condition writes where it comes to `met`, whatever that is for None.

    An `&&` that is met has evaluated both its sides, and so has an `||` that is not.
    """
    match condition:
        case Logical(stop_at, left, right) if met is not None and stop_at != met:
            _collect_met(left, met, written)
            _collect_met(right, met, written)
        case _:
            _collect(condition, True, written)


def _collect(expression: Expression, surely: bool, written: list[tuple[int, int]]) -> None:
    match expression:
        case Modify(LocalAddress(slot), operator, Constant(value), _, ctype):
            signs = {BinaryOperator.ADD: 1, BinaryOperator.SUBTRACT: -1}
            counts = surely and isinstance(ctype, IntegerType) and 0 < value <= _STRIDE
            written.append((slot, signs.get(operator, 0) if counts else 0))
            return
        case (
            Modify(LocalAddress(slot))
            | Assignment(LocalAddress(slot))
            | Exchange(LocalAddress(slot))
        ):
            written.append((slot, 0))
        case _:
            pass
    match expression:
        case Logical(_, left, right):
            _collect(left, surely, written)
            _collect(right, False, written)
        case Conditional(condition, then, otherwise):
            _collect(condition, surely, written)
            _collect(then, False, written)
            _collect(otherwise, False, written)
        case _:
            for part in _parts(expression):
                _collect(part, surely, written)


def _is_handed_on(operation: Operation, slot: int) -> bool:
    """Say whether an operation does anything with a variable's address but load and store there."""
    return any(_hands_on(expression, slot) for expression in _expressions(operation))


def _hands_on(expression: Expression, slot: int) -> bool:
    match expression:
        case LocalAddress(own):
            return own == slot
        case ObjectValue(LocalAddress()):
            return False
        case Assignment(LocalAddress(), value):
            return _hands_on(value, slot)
        case Modify(LocalAddress(), _, value):
            return _hands_on(value, slot)
        case _:
            return any(_hands_on(part, slot) for part in _parts(expression))


def _expressions(operation: Operation) -> tuple[Expression, ...]:
    match operation:
        case Execute(expression=expression):
            return (expression,)
        case Decide(condition=expression) | Select(selector=expression):
            return (expression,)
        case Call(arguments=arguments):
            return arguments
        case Flush(kvm=expression):
            return (expression,)
        case Acquire(address=expression) | Release(address=expression):
            return (expression,)
        case Return(value=value):
            return () if value is None else (value,)


def _parts(expression: Expression) -> tuple[Expression, ...]:
    match expression:
        case FieldAddress(base):
            return (base,)
        case ElementAddress(base, other) | RegisterAddress(base, other):
            return (base, other)
        case VcpuAddress(part) | ObjectValue(part) | TryLock(part) | Oops(part):
            return (part,)
        case Convert(part) | Unary(_, part) | Watched(_, part) | InnerCondition(_, _, part):
            return (part,)
        case Assignment(address, value) | Modify(address, _, value):
            return (address, value)
        case Exchange(address, expected, value):
            return (address, value) if expected is None else (address, expected, value)
        case Binary(_, left, right) | Logical(_, left, right):
            return (left, right)
        case Conditional(condition, then, otherwise):
            return (condition, then, otherwise)
        case Sequence(parts):
            return parts
        case Let(_, operand, body):
            return (operand, body)
        case Constant() | LocalAddress() | Kept() | Ask():
            return ()
