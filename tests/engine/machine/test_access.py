from __future__ import annotations

import pytest

from engine.arm.a64.maintenance import CleanOperation
from engine.arm.memory_type import MemoryType
from engine.machine.access import access_type, load, looked_at, maintain, seen, store
from engine.machine.actors import VMM
from engine.machine.effects import (
    Copy,
    Effect,
    Filled,
    Invalidated,
    Loaded,
    Stored,
    WrittenBack,
)
from engine.machine.setup import Hardware, NonCacheable
from engine.machine.state import Machine
from engine.memory.line import Line, Version
from tests.engine.build import OFF, ON, machine

WORD, LINE = 0, 0
OLD, NEW = Version(0, 0), Version(1, 7)
DEVICE, WRITE_BACK = MemoryType.DEVICE, MemoryType.WRITE_BACK


def built(*, snoops: bool = False, mapped: bool = True) -> Machine:
    """Build a machine whose vcpu0 has its caches off and whose vcpu1 has them on."""
    kind = NonCacheable.SNOOPS if snoops else NonCacheable.BYPASSES
    hardware = Hardware(pcpus=2, noncacheable=kind)
    return machine("nop", "nop", vmm="nop", sctlr=(OFF, ON), hardware=hardware, mapped=mapped)


def with_dirty(made: Machine) -> Machine:
    """Put a newer version into the cached copy alone."""
    return made.with_line(LINE, made.lines[LINE].store_cached(0, 7, 1))


def test_sctlr_decides_the_type_of_a_vcpus_accesses_and_the_vmms_are_cacheable() -> None:
    assert [access_type(built(), actor) for actor in (0, 1, VMM)] == [
        *(DEVICE, WRITE_BACK, WRITE_BACK)
    ]


def test_a_load_that_is_not_cacheable_goes_past_a_copy_and_leaves_it() -> None:
    dirty = with_dirty(built())
    assert load(dirty, 0, WORD) == (dirty, OLD, (Loaded(0, WORD, OLD, DEVICE, Copy.RAM),))
    snooped = with_dirty(built(snoops=True))
    assert load(snooped, 0, WORD) == (snooped, NEW, (Loaded(0, WORD, NEW, DEVICE, Copy.CACHE),))


def test_a_cacheable_load_fills_a_line_that_no_cache_has() -> None:
    made = built()
    after, version, effects = load(made, 1, WORD)
    assert after == made.with_line(LINE, made.lines[LINE].fill(1))
    loaded = Loaded(1, WORD, OLD, WRITE_BACK, Copy.RAM)
    assert (version, effects) == (OLD, (Filled(LINE, 1, speculative=False), loaded))
    assert load(after, 1, WORD)[2] == (Loaded(1, WORD, OLD, WRITE_BACK, Copy.CACHE),)


@pytest.mark.parametrize(("snoops", "cached"), [(False, OLD), (True, NEW)])
def test_a_store_that_is_not_cacheable_reaches_a_copy_only_where_it_snoops(
    snoops: bool, cached: Version
) -> None:
    made = built(snoops=snoops)
    after, effects = store(made.with_line(LINE, made.lines[LINE].fill(1)), 0, WORD, 7)
    line = after.lines[LINE]
    assert effects == (Stored(0, WORD, NEW, DEVICE, Copy.RAM),)
    assert line.cached is not None
    assert (line.ram[0], line.cached[0]) == (NEW, cached)


def test_a_cacheable_store_makes_the_copy_newer_than_ram() -> None:
    after, effects = store(built(), 1, WORD, 7)
    stored = Stored(1, WORD, NEW, WRITE_BACK, Copy.CACHE)
    assert effects == (Filled(LINE, 1, speculative=False), stored)
    assert after == with_dirty(built())


@pytest.mark.parametrize(
    ("mapped", "sees"),
    [
        (True, [(OLD, Copy.RAM), (NEW, Copy.CACHE), (NEW, Copy.CACHE)]),
        (False, [(NEW, Copy.CACHE), (NEW, Copy.CACHE), (NEW, Copy.CACHE)]),
    ],
)
def test_what_a_load_would_return_counts_the_flush_of_a_page_that_is_not_mapped(
    mapped: bool, sees: list[tuple[Version, Copy]]
) -> None:
    dirty = with_dirty(built(mapped=mapped))
    found = [(seen(dirty, actor, WORD), looked_at(dirty, actor, WORD)) for actor in (0, 1, VMM)]
    assert found == sees


CLEAN = Line.initial((0, 0)).fill(1)
DIRTY = CLEAN.store_cached(0, 7, 1)


@pytest.mark.parametrize(
    ("operation", "line", "after", "effects"),
    [
        (CleanOperation.CIVAC, DIRTY, DIRTY.clean().invalidate(), [WrittenBack(0), Invalidated(0)]),
        (CleanOperation.CIVAC, CLEAN, CLEAN.invalidate(), [Invalidated(0)]),
        (CleanOperation.CVAC, DIRTY, DIRTY.clean(), [WrittenBack(0)]),
        (CleanOperation.CVAC, CLEAN, CLEAN, []),
        (CleanOperation.IVAC, DIRTY, DIRTY.invalidate(), [Invalidated(0)]),
        (CleanOperation.CIVAC, Line.initial((0, 0)), Line.initial((0, 0)), []),
    ],
)
def test_maintenance_by_va_cleans_invalidates_or_both(
    operation: CleanOperation, line: Line, after: Line, effects: list[Effect]
) -> None:
    assert maintain(line, 0, operation) == (after, tuple(effects))
