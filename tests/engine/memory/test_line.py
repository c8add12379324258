from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from engine.memory.line import Line, Version, coherent

OLD = Version(0, 0)
NEW = Version(1, 1)

operations: st.SearchStrategy[Callable[[Line], Line]] = st.one_of(
    st.builds(lambda pcpu: lambda line: line.fill(pcpu), st.integers(0, 2)),
    st.builds(
        lambda slot, value, pcpu: lambda line: line.store_cached(slot, value, pcpu),
        st.integers(0, 1),
        st.integers(0, 3),
        st.integers(0, 2),
    ),
    st.builds(
        lambda slot, value, snoops: lambda line: line.store_around(slot, value, snoops=snoops),
        st.integers(0, 1),
        st.integers(0, 3),
        st.booleans(),
    ),
    st.builds(lambda pcpu: lambda line: line.evict(pcpu), st.one_of(st.none(), st.integers(0, 2))),
    st.just(lambda line: line.clean()),
    st.just(lambda line: line.clean().invalidate()),
)


@given(st.lists(operations, max_size=12))
def test_coherence_holds_after_any_operations(chosen: list[Callable[[Line], Line]]) -> None:
    line = Line.initial((0, 0))
    for operation in chosen:
        line = operation(line)
        assert coherent(line)


@given(st.lists(operations, max_size=12))
def test_who_holds_a_copy_never_changes_its_data(chosen: list[Callable[[Line], Line]]) -> None:
    line = Line.initial((0, 0))
    for operation in chosen:
        line = operation(line)
        if line.cached is not None and not line.dirty:
            shared = line.fill(1)
            assert (shared.ram, shared.cached, shared.dirty) == (line.ram, line.cached, line.dirty)
            assert shared.pcpus == tuple(sorted({*line.pcpus, 1}))


def test_an_absent_line_is_filled_from_ram_and_clean() -> None:
    assert Line.initial((5,)).fill(1) == Line((Version(0, 5),), (Version(0, 5),), 0b10, False, (0,))


def test_a_dirty_line_moves_to_the_pcpu_that_reads_it_and_stays_dirty() -> None:
    dirty = Line.initial((0,)).store_cached(0, 1, pcpu=0)
    assert dirty.fill(1) == Line((OLD,), (NEW,), 0b10, True, (1,))


def test_a_cacheable_store_drops_the_other_copies() -> None:
    shared = Line.initial((0,)).fill(0).fill(1)
    assert shared.store_cached(0, 1, pcpu=2) == Line((OLD,), (NEW,), 0b100, True, (1,))


def test_a_store_around_leaves_a_cached_copy_alone() -> None:
    cached = Line.initial((0,)).fill(0)
    assert cached.store_around(0, 1, snoops=False) == Line((NEW,), (OLD,), 1, False, (1,))


def test_a_store_around_updates_a_cached_copy_that_it_snoops() -> None:
    cached = Line.initial((0,)).fill(0)
    assert cached.store_around(0, 1, snoops=True) == Line((NEW,), (NEW,), 1, False, (1,))


def test_a_clean_line_is_evicted_without_a_write_back() -> None:
    behind = Line((NEW,), (OLD,), 1, False, (1,))
    assert behind.evict(0) == Line((NEW,), None, 0, False, (1,))


def test_one_holder_of_several_can_give_up_its_copy() -> None:
    shared = Line.initial((0,)).fill(0).fill(1)
    assert shared.evict(0) == Line.initial((0,)).fill(1)
    assert shared.evict() == Line.initial((0,))


def test_a_dirty_line_is_written_back_over_newer_data_which_is_lost() -> None:
    dirty = Line.initial((0, 0)).store_cached(0, 1, pcpu=0)
    behind = dirty.store_around(1, 2, snoops=False)
    assert not behind.lost(1)
    evicted = behind.evict()
    assert evicted == Line((NEW, OLD), None, 0, False, (1, 1))
    assert (evicted.lost(0), evicted.lost(1)) == (False, True)


def test_a_clean_to_the_poc_keeps_the_copy_and_an_invalidate_drops_what_is_dirty() -> None:
    dirty = Line.initial((0,)).store_cached(0, 1, pcpu=0)
    assert dirty.clean() == Line((NEW,), (NEW,), 1, False, (1,))
    assert dirty.invalidate() == Line((OLD,), None, 0, False, (1,))
    assert dirty.invalidate().lost(0)
