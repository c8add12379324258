from __future__ import annotations

import attrs

from engine.arm.memory_type import MemoryType
from engine.explorer.learning.interning import Interned
from engine.explorer.learning.moves import Judged
from engine.explorer.learning.projection import ProjectedGhosts
from engine.judge import Ghost
from engine.machine.effects import Copy, Loaded, Stored
from engine.memory.line import Version
from tests.engine.build import machine

X, Y = 0, 1
START = Ghost.initial(machine("nop", "nop"))


def test_what_is_known_of_other_words_is_left_out() -> None:
    ghosts = ProjectedGhosts((X,), Interned())
    of_y, of_x = ((0, 1, 0), *START.entitled[1:]), ((1, 0, 0), *START.entitled[1:])
    start = ghosts.number(START)
    assert ghosts.number(attrs.evolve(START, entitled=of_y)) == start
    assert ghosts.number(attrs.evolve(START, entitled=of_x)) != start


def test_a_load_is_stale_after_a_store_that_it_does_not_see() -> None:
    judged = Interned()
    stored = Stored(0, X, Version(1, 0), MemoryType.WRITE_BACK, Copy.CACHE)
    loaded = Loaded(0, X, Version(0, 0), MemoryType.DEVICE, Copy.RAM)
    stores, loads = judged.number(Judged((stored,), ())), judged.number(Judged((loaded,), ()))
    ghosts = ProjectedGhosts((X,), judged)
    start = ghosts.number(START)
    after, stale = ghosts.after(start, stores)
    assert not stale
    assert ghosts.after(after, loads)[1]
    assert not ghosts.after(start, loads)[1]
    assert ghosts.knowing(X) == (0,)
