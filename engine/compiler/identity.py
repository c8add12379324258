"""Identity: where what decides is computed from a vCPU's number and from something else at once.

Scenarios have few vCPUs. A condition on a vCPU's number alone shows that, since it comes to the
same each time; one that arithmetic makes of the number and of what varies comes to both, and may
hide what it would come to for another vCPU. What is read of a policy here is which values depend
on such numbers, on anything else, and whether they were computed; not in which order.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import attrs

from engine.policy.addresses import Region
from engine.policy.c_types import CType, IntegerType
from engine.policy.decisions import parts
from engine.policy.expressions import (
    Ask,
    Assignment,
    Binary,
    Conditional,
    Constant,
    Convert,
    ElementAddress,
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
    Sequence,
    Unary,
    Watched,
)
from engine.policy.operations import Call, Decide, Operation, Return, Select
from engine.policy.operators import BinaryOperator, UnaryOperator
from engine.policy.policy import Policy

_NUMBERS: Final = (Region.VCPU_ID, Region.VCPU_CPU, Region.ONLINE_VCPUS)
_COUNTS: Final = (BinaryOperator.ADD, BinaryOperator.SUBTRACT)
_ASKED: Final = (MachineQuery.CURRENT_PCPU, MachineQuery.CURRENT_VCPU, MachineQuery.ONLINE_VCPUS)


@attrs.frozen
class _Origin:
    """What a value comes from."""

    identity: bool = False
    other: bool = False
    computed: bool = False

    def __or__(self, more: _Origin) -> _Origin:
        return _Origin(
            self.identity or more.identity,
            self.other or more.other,
            self.computed or more.computed,
        )

    @property
    def is_constant(self) -> bool:
        return not (self.identity or self.other)


_FIXED: Final = _Origin()
_OTHER: Final = _Origin(other=True)
_IDENTITY: Final = _Origin(identity=True)
_COMPUTED: Final = _Origin(computed=True)


_Holder: TypeAlias = tuple[str, int, int]
"""What holds a value: its kind, the function, and the slot."""
_SLOT: Final = "slot"
_RESULT: Final = "result"
_BEYOND: Final = ("beyond", 0, 0)
"""All that outlives a call, or is reached by a pointer."""


def mixed(policy: Policy) -> tuple[tuple[int, Operation], ...]:
    """Return the steps that decide by a vCPU's number and something else at once."""
    origins = _Origins(policy)
    origins.enter()
    before = None
    while before != origins.known:
        before = dict(origins.known)
        origins.found.clear()
        for number, function in enumerate(policy.functions):
            for operation in function.operations:
                origins.take(number, operation)
    return tuple(origins.found)


@attrs.define
class _Origins:
    """Where the values of a policy come from, as far as that is known; it only grows."""

    policy: Policy
    known: dict[_Holder, _Origin] = attrs.Factory(dict)
    given: dict[_Holder, set[Expression | None]] = attrs.Factory(dict)
    """What a holder may be given: several values make it vary, constants too."""
    found: dict[tuple[int, Operation], None] = attrs.Factory(dict)
    number: int = 0
    operation: Operation | None = None
    kept: dict[int, _Origin] = attrs.Factory(dict)

    def enter(self) -> None:
        """Learn that whoever calls from outside may give anything."""
        every = [each for function in self.policy.functions for each in function.operations]
        called = {each.function for each in every if isinstance(each, Call)}
        for number, function in enumerate(self.policy.functions):
            if number not in called:
                for slot in range(function.parameters):
                    self.known[_SLOT, number, slot] = _OTHER

    def take(self, number: int, operation: Operation) -> None:
        """Learn from a step, and note it where it decides by what is mixed."""
        self.number, self.operation = number, operation
        match operation:
            case Decide(condition=expression) | Select(selector=expression):
                self._decide(self.origin(expression))
            case Call(function=called, arguments=arguments, result=result):
                for slot, argument in enumerate(arguments):
                    self._give((_SLOT, called, slot), argument, self.origin(argument))
                if result is not None:
                    self._give((_SLOT, number, result), None, self._of((_RESULT, called, 0)))
            case Return(value=value) if value is not None:
                self._give((_RESULT, number, 0), value, self.origin(value))
            case _:
                for part in parts(operation):
                    self.origin(part)

    def _of(self, holder: _Holder) -> _Origin:
        return self.known.get(holder, _FIXED)

    def _give(self, holder: _Holder, value: Expression | None, origin: _Origin) -> None:
        given = self.given.setdefault(holder, set())
        given.add(value if isinstance(value, Constant) else None)
        varies = len(given) > 1
        self.known[holder] = self._of(holder) | origin | (_OTHER if varies else _FIXED)

    def _decide(self, origin: _Origin) -> None:
        if origin.identity and origin.other and self.operation is not None:
            self.found[self.number, self.operation] = None

    def origin(self, expression: Expression) -> _Origin:
        """Return what a value comes from."""
        match expression:
            case Constant():
                return _FIXED
            case Ask(query):
                return _IDENTITY if query in _ASKED else _OTHER
            case Kept(number):
                return self.kept[number]
            case ObjectValue(address):
                return self._loaded(address)
            case Let(number, operand, body):
                self.kept[number] = self.origin(operand)
                return self.origin(body)
            case Sequence(each):
                return [self.origin(part) for part in each][-1]
            case Watched(operand=operand):
                return self.origin(operand)
            case InnerCondition(operand=operand):
                origin = self.origin(operand)
                self._decide(origin)
                return origin
            case Logical(left=left, right=right):
                self._decide(self.origin(left))
                self._decide(self.origin(right))
                return _OTHER
            case Conditional(condition, then, otherwise):
                self._decide(self.origin(condition))
                return self.origin(then) | self.origin(otherwise) | _OTHER
            case Oops(condition):
                self._decide(self.origin(condition))
                return _FIXED
            case Unary(operator, operand):
                origin = self.origin(operand)
                if operator is UnaryOperator.NOT:
                    self._decide(origin)
                    return _OTHER
                return origin if origin.is_constant else origin | _COMPUTED
            case Convert(operand, ctype):
                return self._converted(self.origin(operand), operand.type, ctype)
            case Binary(operator, left, right):
                one, other = self.origin(left), self.origin(right)
                if operator.compares:
                    if one.computed or other.computed:
                        self._decide(one | other)
                    return _FIXED if (one | other).is_constant else _OTHER
                both = one | other
                return both if both.is_constant else both | _COMPUTED
            case Assignment(address, value):
                origin = self.origin(value)
                self._stored(address, value, origin)
                return origin
            case Modify(address, operator, value):
                origin = self.origin(value) | self._loaded(address)
                counts = operator in _COUNTS and isinstance(value, Constant) and value.value == 1
                origin = origin if counts else origin | _COMPUTED
                self._stored(address, None, origin)
                return origin
            case LocalAddress(slot):  # what is reached by a pointer may be stored there
                self._give((_SLOT, self.number, slot), None, self._of(_BEYOND))
                return _OTHER
            case _:
                for part in parts(expression):
                    self.origin(part)
                return _OTHER

    def _converted(self, origin: _Origin, before: CType, after: CType) -> _Origin:
        if not isinstance(after, IntegerType) or not isinstance(before, IntegerType):
            return origin
        if after.is_bool and not before.is_bool:
            self._decide(origin)
            return _FIXED if origin.is_constant else _OTHER
        return origin | _COMPUTED if after.bits < before.bits and origin.identity else origin

    def _loaded(self, address: Expression) -> _Origin:
        match address:
            case LocalAddress(slot):
                return self._of((_SLOT, self.number, slot))
            case FieldAddress(region=region) if region in _NUMBERS:
                return _IDENTITY
            case ElementAddress(base, index):
                return self._loaded(base) | self.origin(index) | _COMPUTED
            case _:
                self.origin(address)
                return self._of(_holder(address)) | _OTHER

    def _stored(self, address: Expression, value: Expression | None, origin: _Origin) -> None:
        match address:
            case LocalAddress(slot):
                self._give((_SLOT, self.number, slot), value, origin)
            case ElementAddress(LocalAddress(slot), _):
                self._give((_SLOT, self.number, slot), value, origin | _OTHER)
            case FieldAddress(region=Region.HCR):
                self._decide(origin | _OTHER)
            case _:
                self._give(_holder(address), None, origin)


def _holder(address: Expression) -> _Holder:
    """Return what holds the object at an address that is no local's own."""
    match address:
        case FieldAddress(region=region, slot=slot):
            return ("field", region, slot)
        case Constant(value):
            return ("static", value, 0)
        case ElementAddress(base):
            return _holder(base)
        case _:
            return _BEYOND
