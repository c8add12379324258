from __future__ import annotations

import attrs
import pytest

from engine.machine.effects import Evicted, Filled, WrittenBack
from engine.machine.hardware import LineEvicted, LineFilled, hardware_events, line_moves
from engine.machine.state import Machine
from tests.engine.build import machine


@pytest.fixture
def state() -> Machine:
    """Return a machine of two pCPUs whose line nobody has cached."""
    made = machine("nop", "nop")
    hardware = attrs.evolve(made.setup.hardware, pcpus=2)
    return attrs.evolve(made, setup=attrs.evolve(made.setup, hardware=hardware))


def test_a_line_in_no_cache_can_be_filled_on_each_pcpu(state: Machine) -> None:
    of_first = [event for event in hardware_events(state) if event.line == 0]
    assert of_first == [LineFilled(0, 0), LineFilled(0, 1)]


def test_a_line_with_two_holders_leaves_both_at_once_or_one_of_them(state: Machine) -> None:
    both = state.with_line(0, state.lines[0].fill(0).fill(1))
    of_first = [event for event in hardware_events(both) if event.line == 0]
    assert of_first == [LineEvicted(0), LineEvicted(0, 0), LineEvicted(0, 1)]
    (one,) = [e for e in hardware_events(state.with_line(0, state.lines[0].fill(1))) if not e.line]
    assert one == LineEvicted(0, 1)


def test_what_is_listed_can_happen_and_its_opposite_cannot(state: Machine) -> None:
    cached = state.with_line(0, state.lines[0].fill(0).fill(1))
    for here, other in ((state, cached), (cached, state)):
        listed = [event for event in hardware_events(here) if event.line == 0]
        assert all(event.can_happen(here) for event in listed)
        assert not any(event.can_happen(other) for event in listed)


def test_each_has_a_name_and_says_why_it_cannot_happen(state: Machine) -> None:
    cached = state.with_line(0, state.lines[0].fill(0))
    name = state.setup.layout.line_name(0)
    fill, evict, own = LineFilled(0, 1), LineEvicted(0), LineEvicted(0, 1)
    assert fill.name(state.setup.layout) == f"fill {name} on pcpu1"
    assert evict.name(state.setup.layout) == f"evict {name}"
    assert own.name(state.setup.layout) == f"evict {name} from pcpu1"
    assert fill.why_not(cached) == f"the line of {name} is in a cache already"
    assert evict.why_not(state) == f"no cache has the line of {name}"
    assert own.why_not(cached) == f"pcpu1 does not have the line of {name}"


def test_a_fill_copies_ram_and_an_eviction_writes_back_what_is_dirty(state: Machine) -> None:
    filled, effects = LineFilled(0, 1).happen(state)
    assert filled.lines[0] == state.lines[0].fill(1)
    assert effects == (Filled(0, 1, speculative=True),)
    dirty = state.with_line(0, state.lines[0].store_cached(0, 7, 0))
    evicted, effects = LineEvicted(0).happen(dirty)
    assert evicted.lines[0].cached is None
    assert effects == (WrittenBack(0), Evicted(0, None))


def test_of_what_makes_no_difference_one_stands_for_all() -> None:
    assert line_moves(3) == (LineFilled(3, 0), LineEvicted(3))
