from __future__ import annotations

from engine.arm.memory_type import MemoryType
from engine.arm.registers import Sctlr
from engine.machine.effects import (
    Copy,
    Evicted,
    LineFlushed,
    Stored,
)
from engine.machine.hardware import LineEvicted, LineFilled
from engine.machine.state import WalkPurpose
from engine.memory.line import Version
from engine.provenance.reasons import (
    AtStart,
    BitsSet,
    CachedWord,
    Dropped,
    Holds,
    NeverCached,
    RamWord,
    RegisterBits,
    SetBy,
    Written,
    WroteBack,
)
from engine.provenance.why import why
from tests.engine.build import ON, machine, policy
from tests.engine.provenance.headline import (
    FETCHED,
    HEADLINE,
    MMU_OFF,
    OLD,
    SCTLR,
    SKIPPED,
    STORED,
    X,
)
from tests.engine.provenance.played import through


def test_a_cached_copy_names_the_fill_and_the_flush_that_did_not_clear_it() -> None:
    assert why(HEADLINE, CachedWord(X)) == (
        Holds(12, X, Copy.CACHE, OLD),
        *(AtStart(None, X, OLD, Copy.RAM), MMU_OFF, FETCHED, STORED, SKIPPED),
    )
    assert why(HEADLINE.seek(0), CachedWord(X)) == (
        Holds(0, X, Copy.CACHE, None),
        NeverCached(None, X),
    )


def test_ram_names_the_eviction_and_the_store_behind_it() -> None:
    run = through(machine("str x0, [x1]", sctlr=[ON]), 0, LineEvicted(0, None))
    on = ((RegisterBits(0, SCTLR, Sctlr.M), 1), (RegisterBits(0, SCTLR, Sctlr.C), 1))
    stored = Stored(0, X, Version(1, ON), MemoryType.WRITE_BACK, Copy.CACHE)
    made = BitsSet(None, on, SetBy.START, MemoryType.WRITE_BACK)
    assert why(run, RamWord(X)) == (
        Holds(2, X, Copy.RAM, Version(1, ON)),
        *(made, Written(1, stored), WroteBack(2, X, Version(1, ON), Evicted(0, None))),
    )
    assert why(run.seek(1), RamWord(X)) == (
        Holds(1, X, Copy.RAM, OLD),
        *(AtStart(None, X, OLD, Copy.RAM), made, Written(1, stored)),
    )


def test_an_absent_copy_names_the_flush_that_dropped_it() -> None:
    run = through(machine("msr sctlr_el1, x0", runs=policy("upstream")), LineFilled(0, 0), 0)
    flushed = LineFlushed(0, WalkPurpose.FLUSH_VM, 0)
    assert why(run, CachedWord(X))[1:] == (Dropped(7, X, flushed),)
