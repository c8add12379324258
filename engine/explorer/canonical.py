"""Canonical states: what of a state and its ghost can still make a difference.

Three things are left out. Which pCPUs hold a cached copy: the copies are equal, and the one-event
eviction of all of them is always there when a part of them could leave. What the policy counts for
nobody but itself: its auxiliary variables. And how many writes a word has seen: numbers are only
ever compared, with those of the versions that still exist and with those of versions to come,
which are greater than all. So a number is replaced by its rank among the versions that count:
RAM's, the cached copy's and the newest. A clock's number between two of these forbids just what
the upper one forbids, so it takes the upper one's rank; that rounding up distributes over the
maximum by which clocks are joined, and composes with a later one, so that the canonical states
form a bisimulation. It keeps loops of writes finite.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from typing import TypeAlias

import attrs

from engine.judge import Clock, Ghost
from engine.kvm.auxiliary import without_auxiliaries
from engine.machine.hardware import ANY_PCPU
from engine.machine.state import Machine
from engine.memory.line import Line, Version


@attrs.frozen
class Numbers:
    """The numbers of a word's versions that count, ascending, and which of them a copy holds."""

    counting: tuple[int, ...]
    held: tuple[bool, ...]

    @classmethod
    def of(cls, line: Line, slot: int) -> Numbers:
        """Return the numbers that count of one word of a line."""
        copies = [line.ram[slot].number]
        if line.cached is not None:
            copies.append(line.cached[slot].number)
        counting = tuple(sorted({*copies, line.newest[slot]}))
        return cls(counting, tuple(number in copies for number in counting))

    @property
    def keeps_all(self) -> bool:
        """Say whether every version there ever was counts, so that nothing is renumbered."""
        return len(self.counting) == self.counting[-1] + 1 and all(self.held)

    def rank(self, number: int) -> int:
        """Return the rank of the oldest version that counts and is no older than `number`."""
        return bisect_left(self.counting, number)


Renumbering: TypeAlias = tuple[Numbers, ...]
"""Per word."""


def numbers_of(machine: Machine) -> Renumbering:
    """Return, per word, the version numbers that count."""
    layout = machine.setup.layout
    return tuple(
        Numbers.of(machine.lines[line], slot)
        for line, slot in zip(layout.line_of, layout.slot_of, strict=True)
    )


def canonical_line(line: Line) -> Line:
    """Return a line with its versions numbered by rank, and one holder for all."""
    numbers = [Numbers.of(line, slot) for slot in range(len(line.ram))]
    return Line(
        ram=_ranked(line.ram, numbers),
        cached=None if line.cached is None else _ranked(line.cached, numbers),
        holders=0 if line.cached is None else 1 << ANY_PCPU,
        dirty=line.dirty,
        newest=tuple(len(each.counting) - 1 for each in numbers),
        monitors=line.monitors,
    )


def canonical_machine(machine: Machine) -> Machine:
    """Return the machine that stands for all that differ in what makes no difference."""
    kept = without_auxiliaries(machine)
    lines = tuple(canonical_line(line) for line in machine.lines)
    return Machine(kept.setup, lines, kept.vcpus, kept.vmm, kept.vm)


def canonical_ghost(ghost: Ghost, numbers: Renumbering) -> Ghost:
    """Return the ghost of a machine whose versions have been renumbered by rank.

    What the writer of a version released goes with the last copy of the version.
    """
    nothing = tuple(0 for _ in numbers)

    @cache  # most clocks are the same one
    def renumbered(clock: Clock) -> Clock:
        return tuple(each.rank(number) for number, each in zip(clock, numbers, strict=True))

    def signalled(clock: Clock | None) -> Clock | None:
        # A signal that entitles to nothing is as good as none.
        return None if clock is None or not any(renumbered(clock)) else renumbered(clock)

    return Ghost(
        entitled=tuple(map(renumbered, ghost.entitled)),
        released=tuple(
            tuple(
                renumbered(clocks[number]) if held else nothing
                for number, held in zip(each.counting, each.held, strict=True)
            )
            for clocks, each in zip(ghost.released, numbers, strict=True)
        ),
        kicks=tuple(map(signalled, ghost.kicks)),
        interrupts=tuple(map(signalled, ghost.interrupts)),
    )


def _ranked(copy: tuple[Version, ...], numbers: Sequence[Numbers]) -> tuple[Version, ...]:
    return tuple(
        Version(each.rank(version.number), version.value)
        for version, each in zip(copy, numbers, strict=True)
    )
