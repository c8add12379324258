"""Flushes, what a policy costs: stage2_flush_vm calls and the lines these clean and invalidate."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from engine.machine.effects import Effect, FlushBegun, LineFlushed
from engine.machine.state import WalkPurpose


@attrs.frozen
class Flushes:
    """How many stage2_flush_vm calls were begun, and how many lines they have flushed."""

    calls: int
    lines: int

    def __add__(self, other: Flushes) -> Flushes:
        """Return the sum."""
        if other is NONE:
            return self
        return Flushes(self.calls + other.calls, self.lines + other.lines)


NONE = Flushes(0, 0)


def flushes_of(effects: Iterable[Effect]) -> Flushes:
    """Return what a step's effects add to the cost of its run."""
    calls = lines = 0
    for effect in effects:
        if isinstance(effect, FlushBegun):
            calls += effect.flushes_vm
        elif isinstance(effect, LineFlushed):
            lines += effect.purpose is WalkPurpose.FLUSH_VM
    return Flushes(calls, lines) if calls or lines else NONE
