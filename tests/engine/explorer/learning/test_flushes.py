from __future__ import annotations

from engine.explorer.learning.flushes import NONE, Flushes, flushes_of
from engine.machine.effects import FlushBegun, FlushEnded, LineFlushed
from engine.machine.state import WalkPurpose

VM, MAP = WalkPurpose.FLUSH_VM, WalkPurpose.MAP_PAGE


def test_only_flushes_of_the_vm_cost() -> None:
    effects = (FlushBegun(0, VM, 2), LineFlushed(0, VM, 0), LineFlushed(0, VM, 1))
    assert flushes_of(effects) == Flushes(calls=1, lines=2)
    assert flushes_of((FlushBegun(0, MAP, 2), LineFlushed(0, MAP, 0), FlushEnded(0, VM, 2))) is NONE


def test_costs_add_up() -> None:
    assert Flushes(1, 2) + Flushes(3, 4) == Flushes(4, 6)
    assert Flushes(1, 2) + NONE == Flushes(1, 2)
    assert NONE + Flushes(1, 2) == Flushes(1, 2)
    assert sum((NONE, NONE), NONE) == Flushes(calls=0, lines=0)
