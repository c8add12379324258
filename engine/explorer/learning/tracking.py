"""Tracking (dynamic dependence): which fields of a machine a step reads, and which it assigns.

A tracked machine is an ordinary one whose lines, vCPUs, VMM and VM are of subclasses that never
set the attributes of their base. So Python asks `__getattr__` for each that is read, which notes
the field. A changed copy is made by `with_` alone: it knows what is assigned, and notes no read of
what is merely copied, on which no outcome depends. A line is one field, so that a changed one is
an ordinary line.

Two tracked objects are compared without a look at what both have from the same field. Lines are
the same only if identical, so that no cache that is keyed by machines takes a tracked machine for
another one, the reads of which were noted then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from engine.explorer.learning.fields import VCPU_FIELDS, VM_FIELDS, VMM_FIELDS, FieldNumber, Fields
from engine.machine.state import Machine, VCpu, Vm, Vmm
from engine.memory.line import Line


@attrs.frozen(eq=False)
class TrackedMachine:
    """A machine that is made of the values of its fields, and what a step does with them."""

    machine: Machine
    _fields: Fields
    _reads: list[FieldNumber]

    @classmethod
    def of(cls, like: Machine, fields: Fields, values: Sequence[Any]) -> TrackedMachine:
        """Return a machine of which nothing is read yet; `like` gives what no run changes."""
        reads: list[FieldNumber] = []

        def origin(names: tuple[str, ...], first: FieldNumber) -> _Origin:
            return _Origin(
                {name: number for number, name in enumerate(names, first)}, values, reads
            )

        lines = tuple(_TrackedLine(field, values[field], reads) for field in range(fields.lines))
        vcpus = tuple(
            _TrackedVCpu(origin(VCPU_FIELDS, fields.vcpu(index)), {"pcpu": vcpu.pcpu})
            for index, vcpu in enumerate(like.vcpus)
        )
        vmm = _TrackedVmm(origin(VMM_FIELDS, fields.vmm), {"pcpu": like.vmm.pcpu})
        vm = _TrackedVm(origin(VM_FIELDS, fields.vm), {})
        return cls(Machine(like.setup, lines, vcpus, vmm, vm), fields, reads)

    def reads(self) -> tuple[FieldNumber, ...]:
        """Return the fields that have been read, in the order of their first reading."""
        return tuple(dict.fromkeys(self._reads))

    def assigned(self, after: Machine) -> Iterator[tuple[FieldNumber, Any]]:
        """Yield the fields that a step to `after` assigned, and their values."""
        fields = self._fields
        for field, line in enumerate(after.lines):
            if not isinstance(line, _TrackedLine):
                yield field, line
        for index, vcpu in enumerate(after.vcpus):
            yield from _assigned(vcpu, VCPU_FIELDS, fields.vcpu(index))
        yield from _assigned(after.vmm, VMM_FIELDS, fields.vmm)
        yield from _assigned(after.vm, VM_FIELDS, fields.vm)


def _assigned(
    owner: VCpu | Vmm | Vm, names: tuple[str, ...], first: FieldNumber
) -> Iterator[tuple[FieldNumber, Any]]:
    for field, name in enumerate(names, first):
        if not isinstance(owner, _Tracked):
            yield field, getattr(owner, name)
        elif name in owner._assigned:
            yield field, owner._assigned[name]


class _TrackedLine(Line):
    __slots__ = ("_line", "_number", "_reads")
    _line: Line
    _number: FieldNumber
    _reads: list[FieldNumber]

    def __init__(self, number: FieldNumber, line: Line, reads: list[FieldNumber]) -> None:
        self._number = number
        self._line = line
        self._reads = reads

    def __getattr__(self, name: str) -> Any:
        self._reads.append(self._number)
        return getattr(self._line, name)

    def with_(self, **changes: Any) -> Line:
        return self._line.with_(**changes)

    __eq__ = object.__eq__
    __hash__ = object.__hash__
    __setattr__ = object.__setattr__


@attrs.frozen(eq=False)
class _Origin:
    """Where an object has from what is not assigned."""

    numbers: Mapping[str, FieldNumber]
    """Per attribute: the number of its field."""
    values: Sequence[Any]
    """Per field of the machine."""
    reads: list[FieldNumber]


class _Tracked:
    """An object whose attributes are fields, by an origin, or have been assigned."""

    __slots__ = ()
    _origin: _Origin
    _assigned: Mapping[str, Any]

    __setattr__ = object.__setattr__

    def __init__(self, origin: _Origin, assigned: Mapping[str, Any]) -> None:
        self._origin = origin
        self._assigned = assigned

    def __getattr__(self, name: str) -> Any:
        if name in self._assigned:
            return self._assigned[name]
        origin = self._origin
        number = origin.numbers[name]
        origin.reads.append(number)
        return origin.values[number]

    def with_(self, **changes: Any) -> Any:
        return type(self)(self._origin, {**self._assigned, **changes})

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Tracked) or type(other) is not type(self):
            return False
        mine, its = self._origin, other._origin
        untouched = mine.numbers.keys() - self._assigned.keys() - other._assigned.keys()
        same_fields = mine.values is its.values and mine.numbers == its.numbers
        names = dict.fromkeys((*mine.numbers, *self._assigned))
        return all(
            (same_fields and name in untouched) or getattr(self, name) == getattr(other, name)
            for name in names
        )

    def __hash__(self) -> int:
        values, assigned = self._origin.values, self._assigned
        return hash(
            tuple(
                assigned[name] if name in assigned else values[number]
                for name, number in self._origin.numbers.items()
            )
        )


class _TrackedVCpu(_Tracked, VCpu):
    __slots__ = ("_assigned", "_origin")


class _TrackedVmm(_Tracked, Vmm):
    __slots__ = ("_assigned", "_origin")


class _TrackedVm(_Tracked, Vm):
    __slots__ = ("_assigned", "_origin")
