"""Auxiliary variables (Owicki and Gries): what a policy's C keeps for nobody but itself.

A statistic is one: its value is only ever assigned to itself or to other auxiliary variables, so
that no condition, no address, no lock and no register ever depends on it. States that differ in
auxiliary variables alone go on alike for ever, and are taken for one another wherever it is asked
what can still happen. A variable whose address is computed with, or handed on, is not auxiliary.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, TypeAlias

import attrs

from engine.machine.state import KvmFrame, Machine
from engine.policy.addresses import Region, parts
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
from engine.policy.frame import CFrame
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
from engine.policy.policy import Policy

SlotOf: TypeAlias = tuple[int, int]
"""A region and a slot for statics and fields; for a function's variables -1 - its number."""

Into: TypeAlias = tuple[SlotOf, ...]
"""The variables that a value ends up in, and nowhere else."""

_ANYWHERE: Final[Into] = ((0, 0),)
"""What stands for all that a value can matter to."""

_RESULT: Final = -1
"""The slot that stands for a function's result."""

_KEPT: Final = 1 << 32
"""The region that stands for what `Let` keeps."""


@attrs.frozen
class Auxiliaries:
    """The auxiliary variables of a policy, by slot."""

    statics: frozenset[int]
    fields: frozenset[int]
    locals: tuple[frozenset[int], ...]
    """Per function."""

    def holds(self, where: int) -> bool:
        """Say whether an address is that of an auxiliary static or field."""
        region, _, _, slot = parts(where)
        if region == Region.STATIC:
            return slot in self.statics
        return region == Region.FIELD and slot in self.fields

    def erased(self, stack: tuple[KvmFrame, ...]) -> tuple[KvmFrame, ...]:
        """Return a call stack without the values of auxiliary variables."""
        if not any(self.locals):
            return stack
        return tuple(
            attrs.evolve(frame, slots=without(frame.slots, self.locals[frame.function]))
            if isinstance(frame, CFrame)
            else frame
            for frame in stack
        )


def without(values: tuple[int, ...], slots: frozenset[int]) -> tuple[int, ...]:
    """Return values with 0 in some slots."""
    if not slots:
        return values
    return tuple(0 if slot in slots else value for slot, value in enumerate(values))


def without_auxiliaries(machine: Machine) -> Machine:
    """Return the machine that stands for all that differ in auxiliary variables only."""
    known = auxiliaries(machine.setup.policy)
    if not (known.statics or known.fields or any(known.locals)):
        return machine
    vm = machine.vm.with_(statics=without(machine.vm.statics, known.statics))
    vmm = machine.vmm.with_(stack=known.erased(machine.vmm.stack))
    vcpus = tuple(
        vcpu.with_(fields=without(vcpu.fields, known.fields), stack=known.erased(vcpu.stack))
        for vcpu in machine.vcpus
    )
    return Machine(machine.setup, machine.lines, vcpus, vmm, vm)


@lru_cache(maxsize=64)  # pure: a policy never changes
def auxiliaries(policy: Policy) -> Auxiliaries:
    """Return a policy's auxiliary variables."""
    flows = _Flows(policy)
    for number, function in enumerate(policy.functions):
        for operation in function.operations:
            flows.follow(operation, number)
    reaching = flows.reaching_anywhere()

    def auxiliary(region: int, count: int) -> frozenset[int]:
        return frozenset(slot for slot in range(count) if (region, slot) not in reaching)

    return Auxiliaries(
        auxiliary(Region.STATIC, len(policy.statics)),
        auxiliary(Region.FIELD, len(policy.fields)),
        tuple(
            auxiliary(-1 - number, len(function.variables))
            for number, function in enumerate(policy.functions)
        ),
    )


class _Flows:
    """Which variables' values end up in which others, or anywhere."""

    def __init__(self, policy: Policy) -> None:
        self._from: dict[SlotOf, dict[SlotOf, None]] = {}
        """Per variable: those whose values end up in it."""
        self._function = 0
        self._names = {
            Region.STATIC: [each.name for each in policy.statics],
            Region.FIELD: [each.name for each in policy.fields],
        } | {
            -1 - number: [each.name for each in function.variables]
            for number, function in enumerate(policy.functions)
        }

    def reaching_anywhere(self) -> dict[SlotOf, None]:
        """Return the variables whose values can matter."""
        reaching: dict[SlotOf, None] = dict.fromkeys(_ANYWHERE)
        due = list(reaching)
        for variable in due:  # grows as it goes
            for source in self._from.get(variable, ()):
                if source not in reaching:
                    reaching[source] = None
                    due.append(source)
        return reaching

    def follow(self, operation: Operation, function: int) -> None:
        """Take note of what an operation does with values."""
        self._function = function
        match operation:
            case Execute(expression=expression):
                self._value(expression, ())
            case Decide(condition=expression) | Select(selector=expression):
                self._value(expression, _ANYWHERE)
            case Flush(kvm=expression):
                self._value(expression, _ANYWHERE)
            case Acquire(address=expression) | Release(address=expression):
                self._value(expression, _ANYWHERE)
            case Call(function=callee, arguments=arguments, result=result):
                for slot, argument in enumerate(arguments):
                    self._value(argument, ((-1 - callee, slot),))
                if result is not None:
                    self._note(((-1 - callee, _RESULT),), ((-1 - function, result),))
            case Return(value=value):
                if value is not None:
                    self._value(value, ((-1 - function, _RESULT),))

    def _note(self, sources: Into, into: Into) -> None:
        for target in into:
            self._from.setdefault(target, {}).update(dict.fromkeys(sources))

    def _value(self, expression: Expression, into: Into) -> None:
        """Take note of what becomes of an expression's value, and of what computing it does."""
        match expression:
            case Constant() | LocalAddress() | FieldAddress() | ElementAddress():
                for variable in self._object(expression) or ():
                    self._note(self._whole(variable), _ANYWHERE)
                self._address(expression)
            case RegisterAddress(base, number):
                self._value(base, _ANYWHERE)
                self._value(number, _ANYWHERE)
            case VcpuAddress(index):
                self._value(index, _ANYWHERE)
            case ObjectValue(address):
                self._note(self._at(address), into)
            case Assignment(address, value):
                self._value(value, (*self._target(address), *into))
            case Modify(address, _, value):
                stored = (*self._target(address), *into)
                self._note(self._at(address), stored)
                self._value(value, stored)
            case Exchange(address, expected, value):
                stored = (*self._target(address), *into)
                self._note(self._at(address), stored)
                self._value(value, stored)
                if expected is not None:
                    self._value(expected, stored)
            case (
                Convert(operand)
                | Unary(_, operand)
                | Watched(_, operand)
                | InnerCondition(_, _, operand)
            ):
                self._value(operand, into)
            case Binary(_, left, right):
                self._value(left, into)
                self._value(right, into)
            case Logical(_, left, right):
                self._value(left, into if _only_computes(right) else _ANYWHERE)
                self._value(right, into)
            case Conditional(condition, then, otherwise):
                harmless = _only_computes(then) and _only_computes(otherwise)
                self._value(condition, into if harmless else _ANYWHERE)
                self._value(then, into)
                self._value(otherwise, into)
            case Sequence(each):
                for part in each[:-1]:
                    self._value(part, ())
                self._value(each[-1], into)
            case Let(number, operand, body):
                self._value(operand, ((_KEPT, number),))
                self._value(body, into)
            case Kept(number):
                self._note(((_KEPT, number),), into)
            case Ask():
                pass
            case TryLock(address):
                self._value(address, _ANYWHERE)
            case Oops(condition):
                self._value(condition, _ANYWHERE)

    def _whole(self, variable: SlotOf) -> Into:
        """Return the variables that a pointer to one can come to: all elements of its array."""
        region, slot = variable
        names = self._names.get(region, [])
        if slot >= len(names):
            return (variable,)
        array = names[slot].partition("[")[0]
        return tuple(
            (region, each) for each, name in enumerate(names) if name.partition("[")[0] == array
        )

    def _at(self, address: Expression) -> Into:
        """Return the variables that may be read at an address, having looked at it."""
        self._address(address)
        return self._object(address) or ()

    def _target(self, address: Expression) -> Into:
        """Return where a value ends up that is stored at an address."""
        self._address(address)
        found = self._object(address)
        return _ANYWHERE if found is None else found

    def _address(self, address: Expression) -> None:
        """Take note of what an address depends on, an object's own excepted."""
        match address:
            case Constant() | LocalAddress():
                pass
            case FieldAddress(base):
                self._value(base, _ANYWHERE)
            case ElementAddress(base, index):
                self._address(base)
                self._value(index, _ANYWHERE)
            case _:
                self._value(address, _ANYWHERE)

    def _object(self, address: Expression) -> Into | None:
        """Return the variables that an address names by itself; None where it is a pointer's."""
        match address:
            case Constant(value):
                region, _, _, slot = parts(value)
                return ((region, slot),)
            case LocalAddress(slot):
                return ((-1 - self._function, slot),)
            case FieldAddress(_, region, slot):
                return ((int(region), slot),) if _is_variable(region) else None
            case ElementAddress(base, _, length):
                first = self._object(base)
                if first is None:
                    return None
                return tuple((region, slot + n) for region, slot in first for n in range(length))
            case _:
                return None


def _is_variable(region: int) -> bool:
    return region in {Region.STATIC, Region.FIELD}


def _only_computes(expression: Expression) -> bool:
    """Say whether evaluating changes nothing and cannot go wrong."""
    match expression:
        case Constant() | Ask() | Kept():
            return True
        case ObjectValue(Constant() | LocalAddress()):
            return True
        case (
            Convert(operand)
            | Unary(_, operand)
            | Watched(_, operand)
            | InnerCondition(_, _, operand)
        ):
            return _only_computes(operand)
        case Binary(_, left, right) | Logical(_, left, right):
            return _only_computes(left) and _only_computes(right)
        case Conditional(condition, then, otherwise):
            return all(map(_only_computes, (condition, then, otherwise)))
        case _:
            return False
