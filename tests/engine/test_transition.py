from __future__ import annotations

import pytest

from engine.machine.effects import (
    Evicted,
    FaultTaken,
    Filled,
    FlushBegun,
    FlushEnded,
    Invalidated,
    LineFlushed,
    PageMapped,
    ReturnedToGuest,
    WrittenBack,
)
from engine.machine.events import Event, GuestExecutes, KvmExecutes, VmmExecutes, event_name
from engine.machine.hardware import LineEvicted, LineFilled
from engine.machine.setup import Hardware
from engine.machine.state import WalkPurpose
from engine.memory.line import Line
from engine.timeline import Timeline
from engine.transition import NotEnabledError, enabled, take
from tests.engine.build import machine

INITIAL = Line.initial((0, 0))
MAP = WalkPurpose.MAP_PAGE


def test_choices_are_listed_in_a_fixed_order_with_stable_names() -> None:
    shared = INITIAL.fill(0).fill(1)
    built = machine("nop", "nop", vmm="nop").with_line(0, shared)
    events = enabled(built)
    assert events == (
        GuestExecutes(0),
        GuestExecutes(1),
        VmmExecutes(),
        LineEvicted(0),
        LineEvicted(0, 0),
        LineEvicted(0, 1),
        LineFilled(1, 0),
        LineFilled(1, 1),
    )
    assert [event_name(built, event) for event in events] == [
        "vcpu0",
        "vcpu1",
        "vmm",
        "evict x",
        "evict x from pcpu0",
        "evict x from pcpu1",
        "fill z on pcpu0",
        "fill z on pcpu1",
    ]


def test_a_scenario_can_turn_the_hardwares_own_events_off() -> None:
    quiet = Hardware(pcpus=1, fills=False, evictions=False)
    built = machine("nop", hardware=quiet).with_line(0, INITIAL.fill(0))
    assert enabled(built) == (GuestExecutes(0),)


def test_a_vcpu_at_the_end_of_its_program_or_off_cannot_move() -> None:
    built = machine("", "nop", off=[1], hardware=Hardware(pcpus=1, fills=False))
    assert enabled(built) == ()


def test_a_speculative_fill_copies_ram() -> None:
    step = take(machine("nop"), LineFilled(0, 0))
    assert step.effects == (Filled(0, 0, speculative=True),)
    assert step.after.lines[0] == INITIAL.fill(0)


def test_an_eviction_writes_back_only_what_is_dirty() -> None:
    clean = machine("nop").with_line(0, INITIAL.fill(0))
    assert take(clean, LineEvicted(0, 0)).effects == (Evicted(0, 0),)
    dirty = machine("nop").with_line(0, INITIAL.store_cached(0, 7, pcpu=0))
    step = take(dirty, LineEvicted(0))
    assert step.effects == (WrittenBack(0), Evicted(0, None))
    assert step.after.lines[0] == INITIAL.store_cached(0, 7, pcpu=0).evict()


@pytest.mark.parametrize(
    ("event", "message"),
    [
        (LineFilled(0, 0), "fill x on pcpu0 cannot happen now"),
        (LineFilled(1, 1), "fill z on pcpu1 cannot happen now"),
        (LineEvicted(1), "evict z cannot happen now"),
        (LineEvicted(0, 1), "evict x from pcpu1 cannot happen now"),
        (KvmExecutes(0), "vcpu0 cannot happen now"),
        (VmmExecutes(), "vmm cannot happen now"),
    ],
)
def test_what_is_not_enabled_is_refused(event: Event, message: str) -> None:
    built = machine("nop").with_line(0, INITIAL.fill(0))
    with pytest.raises(NotEnabledError) as caught:
        take(built, event)
    assert str(caught.value) == message
    assert event not in enabled(built)


def test_a_stage_2_fault_cleans_the_pages_lines_under_the_lock_and_maps_it() -> None:
    built = machine("str x0, [x1]", mapped=False)
    built = built.with_line(0, INITIAL.store_cached(1, 7, pcpu=0))
    run = Timeline.replay(built, [GuestExecutes(0), *([KvmExecutes(0)] * 3), GuestExecutes(0)])
    assert [step.effects for step in run.steps[:4]] == [
        (FaultTaken(0, 0),),
        (FlushBegun(0, MAP, 1),),
        (LineFlushed(0, MAP, 0), WrittenBack(0), Invalidated(0)),
        (FlushEnded(0, MAP, 1), PageMapped(0), ReturnedToGuest(0)),
    ]
    assert run.steps[1].after.vm.mmu_lock != 0
    assert run.steps[3].after.vm.mapped == (True, False)
    assert run.steps[4].after.vcpus[0].core.pc == 1


def test_a_fault_waits_for_the_lock_and_finds_the_page_mapped_by_another() -> None:
    built = machine("ldr x5, [x1]", "ldr x5, [x1]", mapped=False)
    both = [GuestExecutes(0), GuestExecutes(1), KvmExecutes(0)]
    run = Timeline.replay(built, both)
    assert KvmExecutes(1) not in enabled(run.steps[-1].after)
    run = Timeline.replay(built, [*both, KvmExecutes(0), KvmExecutes(0), KvmExecutes(1)])
    assert run.steps[-1].effects == (ReturnedToGuest(1),)
    assert run.steps[-1].after.vcpus[1].core.pc == 0
