"""Watched machines: ordinary machines that note which of their parts are read and assigned.

The engine reads a line, a vCPU, the VMM or the VM by attribute; here each attribute is a property
that notes its part. `attrs.evolve` reads what it merely copies, which no outcome depends on: what
it reads is forgotten again, between an attribute of our own, first in the order in which it
copies, and the constructor that it calls at the end. That makes a watched object again, which
knows what was copied and what assigned. A line is one part, so that a changed one is not watched.

Two watched objects are compared without a look at what both have from the same part. Lines are
the same only if identical, so that no cache that is keyed by machines takes a watched machine for
another one, the reads of which were noted then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import attrs

from engine.explorer.learning.fields import VCPU_PARTS, VM_PARTS, VMM_PARTS, Part, Parts
from engine.machine.state import Machine, VCpu, Vm, Vmm
from engine.memory.line import Line

_LINE_FIELDS: Final = tuple(field.name for field in attrs.fields(Line))


@attrs.frozen
class _Copying:
    copying: None = None


class Watch:
    """Makes machines of parts, and notes which parts of the latest are read."""

    def __init__(self, like: Machine) -> None:
        """Prepare for machines that differ from `like` in their parts only."""
        self._like = like
        self._parts = Parts.of(like)
        self._reads: list[Part] = []
        self._line = _watched(Line, self._reads)
        self._lines: dict[tuple[Part, int], tuple[Line, Any]] = {}
        self._vcpu = _watched(VCpu, self._reads)
        self._vmm = _watched(Vmm, self._reads)
        self._vm = _watched(Vm, self._reads)

    def machine(self, values: Sequence[Any]) -> Machine:
        """Return the machine of these parts, none of them read yet."""
        like, parts = self._like, self._parts
        lines = tuple(self._watched_line(part, values[part]) for part in range(parts.lines))
        vcpus = tuple(
            self._vcpu(
                {
                    **_attributes(VCPU_PARTS, parts.vcpu(index), values),
                    "pcpu": (None, vcpu.pcpu),
                }
            )
            for index, vcpu in enumerate(like.vcpus)
        )
        vmm = self._vmm(
            {
                **_attributes(VMM_PARTS, parts.vmm, values),
                "pcpu": (None, like.vmm.pcpu),
            }
        )
        vm = self._vm(_attributes(VM_PARTS, parts.vm, values))
        self._reads.clear()
        return Machine(like.setup, lines, vcpus, vmm, vm)

    def _watched_line(self, part: Part, line: Line) -> Any:
        known = self._lines.get((part, id(line)))
        # The first line is always made anew: it tells this machine from the others.
        if known is None or not part:
            watched = self._line({name: (part, getattr(line, name)) for name in _LINE_FIELDS})
            known = self._lines[part, id(line)] = (line, watched)
        return known[1]

    def reads(self) -> tuple[Part, ...]:
        """Return the parts that have been read, in the order of their first reading."""
        return tuple(dict.fromkeys(self._reads))

    def assigned(self, after: Machine) -> Iterator[tuple[Part, Any]]:
        """Yield the parts that a step from the latest machine assigned, and their values."""
        parts = self._parts
        for part, line in enumerate(after.lines):
            if not hasattr(line, "_watched"):
                yield part, line
        for index, vcpu in enumerate(after.vcpus):
            yield from _assigned(vcpu, VCPU_PARTS, parts.vcpu(index))
        yield from _assigned(after.vmm, VMM_PARTS, parts.vmm)
        yield from _assigned(after.vm, VM_PARTS, parts.vm)


_Attributes = dict[str, tuple[Part | None, Any]]
"""Per attribute: the part that reading it notes, and its value."""


def _attributes(names: tuple[str, ...], first: Part, values: Sequence[Any]) -> _Attributes:
    return {name: (first + n, values[first + n]) for n, name in enumerate(names)}


def _assigned(owner: Any, names: tuple[str, ...], first: Part) -> Iterator[tuple[Part, Any]]:
    watched: _Attributes | None = getattr(owner, "_watched", None)
    for part, name in enumerate(names, first):
        if watched is None:
            yield part, getattr(owner, name)
        elif watched[name][0] is None:
            yield part, watched[name][1]


def _watched(base: type[Any], reads: list[Part]) -> Callable[[_Attributes], Any]:
    """Return a maker of objects like `base` that append to `reads` what is read of them."""
    marks: list[tuple[int, Any]] = []

    def attribute(name: str) -> property:
        def read(self: Any) -> Any:
            part, value = self._watched[name]
            if part is not None:
                reads.append(part)
            return value

        return property(read)

    def begin_copying(self: Any) -> None:
        marks.append((len(reads), self))

    def end_copying(cls: type[Any], *, copying: None, **fields: Any) -> Any:
        mark, original = marks.pop()
        copied = dict.fromkeys(reads[mark:])
        del reads[mark:]
        if base is Line:
            return Line(**fields)
        parts = {name: part for name, (part, _) in original._watched.items()}
        return make(
            {
                name: (parts[name] if parts[name] in copied else None, value)
                for name, value in fields.items()
            }
        )

    def value_hash(self: Any) -> int:
        return hash(tuple(self._watched[name][1] for name in names))

    def equals(self: Any, other: Any) -> bool:
        if type(other) is not watched:
            return False
        for name in names:
            (part, value), (compared_part, compared) = self._watched[name], other._watched[name]
            if part is not None and part == compared_part:
                continue
            reads.extend(each for each in (part, compared_part) if each is not None)
            if value != compared:
                return False
        return True

    fields = attrs.fields(base)
    names = tuple(field.name for field in fields)
    watched: Any = type(
        base.__name__,
        (base,),
        {
            "__slots__": ("_watched",),
            "__attrs_attrs__": (*attrs.fields(_Copying), *fields),
            "__new__": end_copying,
            "__init__": lambda self, **fields: None,
            "__hash__": object.__hash__ if base is Line else value_hash,
            "__eq__": object.__eq__ if base is Line else equals,
            "copying": property(begin_copying),
            **{name: attribute(name) for name in names},
        },
    )

    def make(attributes: _Attributes) -> Any:
        made: Any = object.__new__(watched)
        object.__setattr__(made, "_watched", attributes)
        return made

    return make
