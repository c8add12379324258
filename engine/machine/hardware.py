"""The hardware's own events: what each is called, when it can happen, what it does, why it cannot.

Caches may allocate a line speculatively whenever they like, and drop it again (Arm ARM D7.5.1).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Final

import attrs

from engine.machine.effects import Evicted, Filled, Outcome, WrittenBack
from engine.machine.setup import Hardware
from engine.machine.state import Machine
from engine.memory.layout import Layout
from engine.memory.line import Line


class HardwareEvent(ABC):
    """What happens to a line without anybody's doing."""

    line: int

    @classmethod
    @abstractmethod
    def of_line(cls, hardware: Hardware, line: int, state: Line) -> tuple[HardwareEvent, ...]:
        """Return all that can happen to a line in a state, on whichever pCPU."""

    @abstractmethod
    def name(self, layout: Layout) -> str:
        """Return the stable name under which schedules, choices and traces know it."""

    @abstractmethod
    def can_happen(self, machine: Machine) -> bool:
        """Say whether it can happen now."""

    @abstractmethod
    def why_not(self, machine: Machine) -> str:
        """Return why it cannot happen now."""

    @abstractmethod
    def happen(self, machine: Machine) -> Outcome:
        """Return what it leads to, where it can happen, and establishes."""


@attrs.frozen
class LineFilled(HardwareEvent):
    """A pCPU speculatively allocates a line that no cache has (Arm ARM D7.5.1)."""

    line: int
    pcpu: int

    @classmethod
    def of_line(cls, hardware: Hardware, line: int, state: Line) -> tuple[LineFilled, ...]:
        """Return a fill on each pCPU."""
        if state.cached is not None or not hardware.fills:
            return ()
        return tuple(cls(line, pcpu) for pcpu in range(hardware.pcpus))

    def name(self, layout: Layout) -> str:
        """Return its name, such as `fill x on pcpu0`."""
        return f"fill {layout.line_name(self.line)} on pcpu{self.pcpu}"

    def can_happen(self, machine: Machine) -> bool:
        """Say whether the hardware makes fills, and no cache has the line."""
        hardware = machine.setup.hardware
        absent = machine.lines[self.line].cached is None
        return hardware.fills and absent and 0 <= self.pcpu < hardware.pcpus

    def why_not(self, machine: Machine) -> str:
        """Return which of these is not so."""
        if not machine.setup.hardware.fills:
            return "the hardware makes no speculative fills"
        name = machine.setup.layout.line_name(self.line)
        return f"the line of {name} is in a cache already"

    def happen(self, machine: Machine) -> Outcome:
        """Return the machine with the line in the cache, as it is in RAM."""
        after = machine.with_line(self.line, machine.lines[self.line].fill(self.pcpu))
        return after, (Filled(self.line, self.pcpu, speculative=True),)


@attrs.frozen
class LineEvicted(HardwareEvent):
    """A line leaves the cache of a pCPU, or of all that hold it at once.

    The latter is an inclusive outer cache dropping what the inner ones hold.
    """

    line: int
    pcpu: int | None = None

    @classmethod
    def of_line(cls, hardware: Hardware, line: int, state: Line) -> tuple[LineEvicted, ...]:
        """Return an eviction from the one holder, or from all and from each."""
        if state.cached is None or not hardware.evictions:
            return ()
        holders = state.pcpus
        if len(holders) == 1:
            return (cls(line, holders[0]),)
        return (cls(line), *(cls(line, pcpu) for pcpu in holders))

    def name(self, layout: Layout) -> str:
        """Return its name, such as `evict x from pcpu0`, or `evict x`."""
        where = "" if self.pcpu is None else f" from pcpu{self.pcpu}"
        return f"evict {layout.line_name(self.line)}{where}"

    def can_happen(self, machine: Machine) -> bool:
        """Say whether the hardware makes evictions, and a cache has the line."""
        if not machine.setup.hardware.evictions:
            return False
        holders = machine.lines[self.line].holders
        return bool(holders) if self.pcpu is None else bool(holders >> self.pcpu & 1)

    def why_not(self, machine: Machine) -> str:
        """Return which of these is not so."""
        if not machine.setup.hardware.evictions:
            return "the hardware makes no evictions"
        name = machine.setup.layout.line_name(self.line)
        holder = "no cache has" if self.pcpu is None else f"pcpu{self.pcpu} does not have"
        return f"{holder} the line of {name}"

    def happen(self, machine: Machine) -> Outcome:
        """Return the machine without that copy, a dirty line written to RAM."""
        before = machine.lines[self.line]
        evicted = Evicted(self.line, self.pcpu)
        effects = (WrittenBack(self.line), evicted) if before.dirty else (evicted,)
        return machine.with_line(self.line, before.evict(self.pcpu)), effects


KINDS: Final[tuple[type[HardwareEvent], ...]] = (LineFilled, LineEvicted)


def hardware_events(machine: Machine) -> tuple[HardwareEvent, ...]:
    """Return all that the hardware can do now, line by line."""
    hardware = machine.setup.hardware
    return tuple(
        event
        for line, state in enumerate(machine.lines)
        for kind in KINDS
        for event in kind.of_line(hardware, line, state)
    )


ANY_PCPU: Final = 0
"""The pCPU that stands for whichever one a copy is in: it makes no difference to who reads what."""


def line_moves(line: int) -> tuple[HardwareEvent, ...]:
    """Return what may happen to a line, as far as that makes a difference to what is read."""
    return (LineFilled(line, ANY_PCPU), LineEvicted(line))
