"""Definite assignment: what a policy reads of its locals before anything was assigned to it.

C leaves such a value to chance (C11 6.3.2.1, 6.9.1), the machine has it at 0: what goes by it is
no more than one of the ways that it may go. A local counts as assigned once it is on every path of
control; conditions are not followed further than their constants. An address that is handed to a
function is assigned through where that function does so on every path.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

import attrs

from engine.policy.c_types import LockType, PointerType
from engine.policy.decisions import parts
from engine.policy.expressions import (
    Assignment,
    Binary,
    Conditional,
    Constant,
    Convert,
    ElementAddress,
    Expression,
    InnerCondition,
    LocalAddress,
    Logical,
    Modify,
    ObjectValue,
    Oops,
    Sequence,
    Unary,
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
)
from engine.policy.operators import BinaryOperator, UnaryOperator
from engine.policy.policy import Function, Policy
from engine.policy.source import Place

_Unset: TypeAlias = frozenset[int]
"""The slots that may be unassigned, and for what a parameter points at, `~slot`."""
_After: TypeAlias = _Unset | None
"""None where control does not come to."""
_Argument: TypeAlias = tuple[int, int]
"""A function of the policy, and which of its parameters."""


@attrs.frozen
class Indeterminate:
    """A value that nothing gave, where it is read: a local's, or what a function gives (None)."""

    function: int
    place: Place
    name: str | None


def indeterminate(policy: Policy) -> tuple[Indeterminate, ...]:
    """Return what a policy may read although some path to there has not assigned it."""
    through = _Through.of(policy)
    found = dict[Indeterminate, None]()
    for number, function in enumerate(policy.functions):
        flow = _Flow(number, function, through)
        flow.follow()
        found.update(dict.fromkeys(flow.read))
    return tuple(found)


@attrs.define
class _Through:
    """What functions do with what their parameters point at."""

    leaves: set[_Argument] = attrs.Factory(set)
    """Not assigned on every path."""
    reads: set[_Argument] = attrs.Factory(set)
    """Read, or given away, where it may be unassigned."""

    @classmethod
    def of(cls, policy: Policy) -> _Through:
        """Return what holds of all functions at once, recursive ones too."""
        through, size = cls(), -1
        while size != len(through.leaves) + len(through.reads):
            size = len(through.leaves) + len(through.reads)
            for number, function in enumerate(policy.functions):
                flow = _Flow(number, function, through)
                flow.follow()
                through.leaves |= {(number, slot) for slot in flow.left}
                through.reads |= {(number, slot) for slot in flow.read_through}
        return through


@attrs.define
class _Flow:
    """What may be unassigned before each step of a function."""

    number: int
    function: Function
    through: _Through
    place: Place = attrs.field(init=False)
    read: list[Indeterminate] = attrs.Factory(list)
    read_through: set[int] = attrs.Factory(set)
    left: set[int] = attrs.Factory(set)

    def follow(self) -> None:
        """Follow control until what may be unassigned before each step stays."""
        before = {0: self._at_entry()}
        pending = [0]
        while pending:
            pc = pending.pop()
            for target, after in self._step(self.function.operations[pc], before[pc]):
                known = before.get(target)
                joined = after if known is None else after | known
                if joined != known:
                    before[target] = joined
                    pending.append(target)

    def _at_entry(self) -> _Unset:
        function = self.function
        given = function.variables[: function.parameters]
        pointed_at = {~n for n, each in enumerate(given) if isinstance(each.type, PointerType)}
        return frozenset(pointed_at) | {
            slot
            for slot, each in enumerate(function.variables)
            if slot >= function.parameters
            and not (each.name.startswith(".") or isinstance(each.type, LockType))
        }

    def _step(self, operation: Operation, unset: _Unset) -> Iterator[tuple[int, _Unset]]:
        """Yield where control passes to after a step, with what may be unassigned there."""
        self.place = operation.place
        match operation:
            case Execute(expression=expression, next=to) | Flush(kvm=expression, next=to):
                yield from _to(to, self._evaluate(expression, unset))
            case Acquire(address=expression, next=to) | Release(address=expression, next=to):
                yield from _to(to, self._address(expression, unset))
            case Decide(condition=condition, then=then, otherwise=otherwise):
                met, not_met = self._condition(condition, unset)
                yield from _to(then, met)
                yield from _to(otherwise, not_met)
            case Select(selector=selector, cases=cases, default=default):
                after = self._evaluate(selector, unset)
                for target in (*(target for _, _, target in cases), default):
                    yield from _to(target, after)
            case Call():
                yield from _to(operation.next, self._call(operation, unset))
            case Return(value=value):
                if value is not None and operation.text == "}":
                    self.read.append(Indeterminate(self.number, operation.place, None))
                end = unset if value is None else self._evaluate(value, unset)
                self.left |= {~each for each in end or () if each < 0}

    def _call(self, call: Call, unset: _Unset) -> _After:
        after: _After = unset
        assigned = set[int]()
        for position, argument in enumerate(call.arguments):
            handed = None if after is None else _handed(argument, after)
            if handed is None or after is None:
                after = None if after is None else self._evaluate(argument, after)
                continue
            if (call.function, position) in self.through.reads:
                self._note(handed)
            if (call.function, position) not in self.through.leaves:
                assigned.add(handed)
        if after is None:
            return None
        return after - assigned - ({call.result} if call.result is not None else set())

    def _evaluate(self, expression: Expression, unset: _Unset) -> _After:
        """Return what may be unassigned once an expression is evaluated; note what it reads."""
        match expression:
            case ObjectValue(address):
                return self._address(address, unset, read=True)
            case Assignment(address, value):
                return self._assigned(address, value, unset)
            case Modify(address, _, value):
                after = self._address(address, unset, read=True)
                return self._assigned(address, value, unset if after is None else after)
            case LocalAddress(slot):
                if slot in unset:
                    self._note(slot)
                return unset
            case Conditional(condition, then, otherwise):
                met, not_met = self._condition(condition, unset)
                one = None if met is None else self._evaluate(then, met)
                other = None if not_met is None else self._evaluate(otherwise, not_met)
                return _joined(one, other)
            case Logical() | InnerCondition() | Watched() | Convert() | Unary() | Sequence():
                return _joined(*self._condition(expression, unset))
            case Oops(condition):
                return self._condition(condition, unset)[1]
            case _:
                return self._in_order(parts(expression), unset)

    def _in_order(self, expressions: Iterable[Expression], unset: _Unset) -> _After:
        after: _After = unset
        for part in expressions:
            if after is not None:
                after = self._evaluate(part, after)
        return after

    def _condition(self, condition: Expression, unset: _Unset) -> tuple[_After, _After]:
        """Return what may be unassigned where a condition is met, and where it is not."""
        match condition:
            case Constant(value):
                return (unset, None) if value else (None, unset)
            case InnerCondition(operand=inner) | Watched(operand=inner) | Convert(operand=inner):
                return self._condition(inner, unset)
            case Unary(UnaryOperator.NOT, inner):
                met, not_met = self._condition(inner, unset)
                return not_met, met
            case Logical(stop_at, left, right):
                met, not_met = self._condition(left, unset)
                stopped, going_on = (met, not_met) if stop_at else (not_met, met)
                if going_on is None:
                    return (stopped, None) if stop_at else (None, stopped)
                yes, no = self._condition(right, going_on)
                return (_joined(stopped, yes), no) if stop_at else (yes, _joined(stopped, no))
            case Binary(BinaryOperator.UNEQUAL, inner, Constant(0)):
                return self._condition(inner, unset)
            case Sequence((*before, last)):
                after = self._in_order(before, unset)
                return (None, None) if after is None else self._condition(last, after)
            case Unary(operand=inner):
                after = self._evaluate(inner, unset)
                return after, after
            case _:
                after = self._evaluate(condition, unset)
                return after, after

    def _assigned(self, address: Expression, value: Expression, unset: _Unset) -> _After:
        after = self._address(address, unset)
        after = None if after is None else self._evaluate(value, after)
        named = _named(address)
        if after is None or named is None:
            return after
        if ~named in after:  # what it pointed at is given up, unassigned
            self.left.add(named)
        return after - {named, ~named}

    def _address(self, address: Expression, unset: _Unset, *, read: bool = False) -> _After:
        """Evaluate an address, of what is read there or else assigned."""
        named = _named(address)
        if named is not None:
            if read and named in unset:
                self._note(named)
            return unset
        if isinstance(address, ElementAddress) and isinstance(address.base, LocalAddress):
            first = address.base.slot
            for slot in sorted(unset & {*range(first, first + address.length)}) if read else ():
                self._note(slot)
            return self._evaluate(address.index, unset)
        return self._evaluate(address, unset)

    def _note(self, slot: int) -> None:
        if slot < 0:
            self.read_through.add(~slot)
            return
        name = self.function.variables[slot].name
        self.read.append(Indeterminate(self.number, self.place, name))


def _named(address: Expression) -> int | None:
    """Return the slot that an address is of, `~slot` for what a parameter points at."""
    match address:
        case LocalAddress(slot):
            return slot
        case ElementAddress(LocalAddress(first), Constant(index), length) if 0 <= index < length:
            return first + index
        case ObjectValue(LocalAddress(slot)):
            return ~slot
        case _:
            return None


def _handed(argument: Expression, unset: _Unset) -> int | None:
    """Return what may be unassigned where an argument points, None where nothing is."""
    match argument:
        case LocalAddress(slot) if slot in unset:
            return slot
        case ObjectValue(LocalAddress(slot)) if slot not in unset and ~slot in unset:
            return ~slot
        case _:
            return None


def _to(target: int, after: _After) -> Iterator[tuple[int, _Unset]]:
    if after is not None:
        yield target, after


def _joined(one: _After, other: _After) -> _After:
    if one is None or other is None:
        return one if other is None else other
    return one | other
