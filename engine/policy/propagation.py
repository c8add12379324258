"""Constant propagation: which steps and outcomes of a policy some hardware leaves possible.

What is left out no guest can bring about there: what the hardware answers is known, and with it
what is computed from it alone, in locals and in the results of functions. Of all else (the guest's
registers, the vCPU, parameters, state that is kept) nothing is known, so that it is never taken for
settled.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

import attrs

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
from engine.policy.source import Place

_Step: TypeAlias = tuple[int, int]
"""A function of the policy, and the index of an operation of it."""
_CameTo: TypeAlias = tuple[Place, str, bool]
"""Where a condition is, its text, and what it comes to."""
_Value: TypeAlias = int | None
"""A number, or None for any."""
_Slots: TypeAlias = tuple[_Value, ...]

_ABSORBED_BY_ZERO: Final = (BinaryOperator.AND, BinaryOperator.MULTIPLY)


@attrs.frozen
class Possible:
    """What runs of a policy may come to, whatever the guests do."""

    steps: frozenset[_Step]
    decisions: frozenset[_CameTo]


def possible(policy: Policy, answers: Mapping[MachineQuery, int]) -> Possible:
    """Return what a policy may come to where the hardware answers so; other answers may be any."""
    propagation = _Propagation(policy, answers)
    entries = (policy.toggle, policy.set_way, policy.trap_handler, policy.other_trap_handler)
    for entry in entries:
        if entry is not None:
            propagation.enter(entry)
    return propagation.result()


@attrs.define
class _Propagation:
    """What is known so far; it only ever grows, until nothing changes."""

    policy: Policy
    answers: Mapping[MachineQuery, int]
    entered: dict[int, None] = attrs.Factory(dict)
    """The functions that may be called."""
    results: dict[int, _Value] = attrs.Factory(dict)
    """What those give that may return."""
    before: dict[_Step, _Slots] = attrs.Factory(dict)
    """What the slots of a frame hold before a step that may be taken."""
    decisions: set[_CameTo] = attrs.Factory(set)

    def enter(self, function: int) -> None:
        """Note that a function may be called."""
        self.entered[function] = None

    def result(self) -> Possible:
        """Return all that may come of the functions entered."""
        known = None
        while known != (len(self.entered), self.results):
            known = (len(self.entered), dict(self.results))
            for function in tuple(self.entered):
                self._flow(function)
        return Possible(frozenset(self.before), frozenset(self.decisions))

    def _flow(self, number: int) -> None:
        """Follow control through a function until what is known before its steps stays."""
        function = self.policy.functions[number]
        private = _private(function)
        unknown: _Slots = (None,) * len(function.variables)
        self.before.setdefault((number, 0), unknown)
        pending = [pc for pc in range(len(function.operations)) if (number, pc) in self.before]
        while pending:
            pc = pending.pop()
            frame = _Frame(self, list(self.before[number, pc]), private)
            for target in self._taken(number, function.operations[pc], frame):
                step = (number, target)
                after = _joined(self.before.get(step), tuple(frame.slots))
                if self.before.get(step) != after:
                    self.before[step] = after
                    pending.append(target)

    def _taken(self, number: int, operation: Operation, frame: _Frame) -> tuple[int, ...]:
        """Evaluate a step, and return where control may pass to after it."""
        match operation:
            case Execute(expression=expression):
                frame.value(expression)
            case Decide(condition=condition, then=then, otherwise=otherwise):
                met = frame.value(condition)
                self.decide(operation.place, operation.text, met)
                if met is not None:
                    return (then if met else otherwise,)
            case Select(selector=selector):
                return self._selected(operation, frame.value(selector))
            case Call(function=called, arguments=arguments, result=result):
                for argument in arguments:
                    frame.value(argument)
                self.enter(called)
                if called not in self.results:
                    return ()
                if result is not None:
                    frame.store(result, self.results[called])
            case Flush(kvm=kvm):
                frame.value(kvm)
            case Acquire(address=at) | Release(address=at):
                frame.value(at)
            case Return(value=given):
                value = None if given is None else frame.value(given)
                before = self.results.get(number, value)
                self.results[number] = value if value == before else None
        return targets(operation)

    def _selected(self, operation: Select, value: _Value) -> tuple[int, ...]:
        matching = [
            target for low, high, target in operation.cases if value is None or low <= value <= high
        ]
        if value is None:
            self.decide(operation.place, operation.text, None)
            return (*matching, operation.default)
        self.decide(operation.place, operation.text, int(bool(matching)))
        return (*matching, operation.default)[:1]

    def decide(self, place: Place, text: str, value: _Value) -> None:
        """Note what a condition may come to."""
        for met in (True, False) if value is None else (bool(value),):
            self.decisions.add((place, text, met))


@attrs.define
class _Frame:
    """The slots of a frame while a step is evaluated."""

    propagation: _Propagation
    slots: list[_Value]
    private: frozenset[int]
    """The slots that are reached by their names alone."""
    kept: dict[int, _Value] = attrs.Factory(dict)

    def store(self, slot: int, value: _Value) -> None:
        """Change a slot, and forget it where others may change it too."""
        self.slots[slot] = value if slot in self.private else None

    def value(self, expression: Expression) -> _Value:
        """Return an expression's value where it is known, having done what it does to slots."""
        match expression:
            case Constant(value):
                return value
            case Ask(query):
                return self.propagation.answers.get(query)
            case Kept(number):
                return self.kept[number]
            case ObjectValue(LocalAddress(slot)):
                return self.slots[slot]
            case Binary():
                return self._binary(expression)
            case Unary(operator, operand, ctype):
                given = self.value(operand)
                return None if given is None else unary(operator, given, ctype)
            case Convert(operand, ctype):
                given = self.value(operand)
                return None if given is None else convert(given, ctype)
            case Watched(operand=operand):
                return self.value(operand)
            case InnerCondition(text, place, operand):
                met = self.value(operand)
                self.propagation.decide(place, text, met)
                return met
            case Logical():
                return self._logical(expression)
            case Conditional():
                return self._conditional(expression)
            case Sequence(parts):
                last: _Value = 0
                for part in parts:
                    last = self.value(part)
                return last
            case Let(number, operand, body):
                self.kept[number] = self.value(operand)
                return self.value(body)
            case Assignment(at, value_of, ctype):
                self.value(at)
                given = self.value(value_of)
                return self._stored(at, None if given is None else convert(given, ctype))
            case Modify():
                return self._modified(expression)
            case Exchange(at, expected, value_of):
                for part in (at, *(() if expected is None else (expected,)), value_of):
                    self.value(part)
                self._stored(at, None)
            case TryLock(at):
                self.value(at)
                self._stored(at, None)
            case ObjectValue(at) | FieldAddress(base=at) | VcpuAddress(index=at):
                self.value(at)
            case ElementAddress(at, other) | RegisterAddress(at, other):
                self.value(at)
                self.value(other)
            case Oops(condition):
                self.value(condition)
            case LocalAddress():
                pass
        return None

    def _stored(self, at: Expression, value: _Value) -> _Value:
        """Store a value at an address, which was evaluated, and return it."""
        if isinstance(at, LocalAddress):
            self.store(at.slot, value)
        return value

    def _modified(self, modify: Modify) -> _Value:
        at = modify.address
        self.value(at)
        operand = self.value(modify.value)
        old = self.slots[at.slot] if isinstance(at, LocalAddress) else None
        new = None
        if old is not None and operand is not None:
            wide = convert(old, modify.compute)
            new = convert(binary(modify.operator, wide, operand, modify.compute), modify.type)
        self._stored(at, new)
        return old if modify.gives_old else new

    def _binary(self, expression: Binary) -> _Value:
        left, right = self.value(expression.left), self.value(expression.right)
        if expression.operator in _ABSORBED_BY_ZERO and 0 in (left, right):
            return 0
        if left is None or right is None:
            return None
        return binary(expression.operator, left, right, expression.type)

    def _logical(self, logical: Logical) -> _Value:
        left = self.value(logical.left)
        if left is not None and bool(left) == logical.stop_at:
            return int(logical.stop_at)
        before = tuple(self.slots)
        right = self.value(logical.right)
        if left is None:
            self.slots[:] = _joined(before, tuple(self.slots))
        if right is None or (left is None and bool(right) != logical.stop_at):
            return None
        return int(bool(right))

    def _conditional(self, conditional: Conditional) -> _Value:
        met = self.value(conditional.condition)
        if met is not None:
            return self.value(conditional.then if met else conditional.otherwise)
        before = tuple(self.slots)
        then = self.value(conditional.then)
        after = tuple(self.slots)
        self.slots[:] = before
        otherwise = self.value(conditional.otherwise)
        self.slots[:] = _joined(after, tuple(self.slots))
        return then if then == otherwise else None


def _joined(one: _Slots | None, other: _Slots) -> _Slots:
    """Return what is known of slots by both of two ways to a step."""
    if one is None:
        return other
    return tuple(a if a == b else None for a, b in zip(one, other, strict=True))


def _private(function: Function) -> frozenset[int]:
    """Return the slots of a function's frame whose addresses go nowhere.

    An address that is computed with may reach all that lies above it.
    """
    lowest = min(
        (slot for operation in function.operations for slot in _escaping(operation)),
        default=len(function.variables),
    )
    return frozenset(range(lowest))


def _escaping(whole: Operation | Expression) -> list[int]:
    """Return the slots whose addresses are more than where a value is read or written."""
    found = list[int]()
    for field in attrs.fields(type(whole)):
        value = getattr(whole, field.name)
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, LocalAddress):
                if not (
                    field.name == "address"
                    and isinstance(whole, ObjectValue | Assignment | Modify | Exchange | TryLock)
                ):
                    found.append(each.slot)
            elif isinstance(each, Expression):
                found.extend(_escaping(each))
    return found
