"""Interning: values known by small numbers, and what some of them are told apart by."""

from __future__ import annotations

import attrs

from engine.machine.state import KvmFrame, RegisterWrite
from engine.memory.line import Line


class Interned:
    """Values and their numbers, in the order in which they were met."""

    def __init__(self) -> None:
        self.values: list[object] = []
        self._numbers: dict[object, int] = {}

    def reserve(self, value: object) -> None:
        """Give the next number to a value that is told apart from all that are met."""
        self._numbers[object()] = len(self.values)
        self.values.append(value)

    def number(self, value: object, key: object = None) -> int:
        """Return the number of a value, a new one if it is new; a key may stand for the value."""
        number = self._numbers.setdefault(value if key is None else key, len(self.values))
        if number == len(self.values):
            self.values.append(value)
        return number


def line_key(line: Line) -> object:
    """Return what lines are told apart by: a tuple of tuples.

    Their elements are equal where they are the same, even if they are symbolic.
    """
    return (
        tuple((version.number, version.value) for version in line.ram),
        None
        if line.cached is None
        else tuple((version.number, version.value) for version in line.cached),
        line.dirty,
        line.newest,
        line.monitors,
    )


def stack_key(stack: tuple[KvmFrame, ...]) -> object:
    """Return what KVM's call stacks are told apart by, though a value may be symbolic."""
    return tuple(
        attrs.astuple(frame, recurse=False) if isinstance(frame, RegisterWrite) else frame
        for frame in stack
    )
