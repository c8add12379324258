from __future__ import annotations

import attrs
import pytest

from engine.kvm.statement import execute_statement, vcpu_pointer
from engine.kvm.walk import advance, begin_flush, begin_map, begin_unmap, lock_is_free
from engine.machine.effects import (
    Effect,
    FlushBegun,
    FlushEnded,
    LineFlushed,
    PageMapped,
    ReturnedToGuest,
    Stage2Unmapped,
)
from engine.machine.setup import Hardware
from engine.machine.state import Fault, Machine, Walk, WalkPurpose
from engine.policy.frame import CFrame
from tests.engine.build import machine
from tests.engine.kvm.toggling import machine_of, run, toggle, waits_at

FIRST, SECOND = (True, False), (False, True)
BOTH, NEITHER = (True, True), (False, False)


def _mapped(mapped: tuple[bool, ...], *, fwb: bool = False) -> Machine:
    built = machine("nop", "nop", hardware=Hardware(pcpus=2, fwb=fwb))
    return built.with_vm(attrs.evolve(built.vm, mapped=mapped))


def _ended(state: Machine, actor: int) -> tuple[Machine, list[Effect]]:
    effects = list[Effect]()
    while state.stack(actor) and isinstance(walk := state.stack(actor)[-1], Walk):
        state, more = advance(state, actor, walk)
        effects.extend(more)
    return state, effects


@pytest.mark.parametrize(
    ("mapped", "fwb", "lines"),
    [
        (BOTH, False, (0, 1)),
        (FIRST, False, (0,)),
        (SECOND, False, (1,)),
        (NEITHER, False, ()),
        (BOTH, True, ()),
    ],
)
def test_a_flush_takes_the_lock_and_goes_over_the_lines_of_the_mapped_pages(
    mapped: tuple[bool, ...], fwb: bool, lines: tuple[int, ...]
) -> None:
    state, effects = begin_flush(_mapped(mapped, fwb=fwb), 1)
    assert state.vcpus[1].stack == (Walk(WalkPurpose.FLUSH_VM, lines),)
    assert effects == (FlushBegun(1, WalkPurpose.FLUSH_VM, len(lines)),)
    assert not lock_is_free(state)
    ended, after = _ended(state, 1)
    flushed = [LineFlushed(1, WalkPurpose.FLUSH_VM, line) for line in lines]
    assert after == [*flushed, FlushEnded(1, WalkPurpose.FLUSH_VM, len(lines))]
    assert ended.vm.mapped == mapped
    assert lock_is_free(ended)


def test_an_unmap_leaves_no_page_mapped() -> None:
    state, _ = begin_unmap(_mapped(FIRST), 0)
    assert state.vm.mapped == FIRST
    ended, effects = _ended(state, 0)
    assert ended.vm.mapped == NEITHER
    assert effects == [
        LineFlushed(0, WalkPurpose.UNMAP_VM, 0),
        FlushEnded(0, WalkPurpose.UNMAP_VM, 1),
        Stage2Unmapped(),
    ]


@pytest.mark.parametrize(("mapped", "after"), [(NEITHER, SECOND), (FIRST, BOTH)])
def test_a_fault_maps_its_page_once_it_is_clean_and_returns_to_the_guest(
    mapped: tuple[bool, ...], after: tuple[bool, ...]
) -> None:
    state, _ = begin_map(_mapped(mapped).with_stack(1, (Fault(1),)), 1, 1)
    ended, effects = _ended(state, 1)
    assert effects == [
        LineFlushed(1, WalkPurpose.MAP_PAGE, 1),
        FlushEnded(1, WalkPurpose.MAP_PAGE, 1),
        PageMapped(1),
        ReturnedToGuest(1),
    ]
    assert (ended.vm.mapped, ended.vcpus[1].stack) == (after, ())
    assert lock_is_free(ended)


def test_a_flush_begins_a_walk_behind_the_frame_that_goes_on() -> None:
    state, effects = execute_statement(
        toggle(machine_of("stage2_flush_vm(vcpu->kvm); was_enabled = 1;"), 0), 0
    )
    assert effects[1:] == (FlushBegun(0, WalkPurpose.FLUSH_VM, 2),)
    assert state.vcpus[0].stack == (
        CFrame(0, 1, (vcpu_pointer(0), 0), flushed=True),
        Walk(WalkPurpose.FLUSH_VM, (0, 1)),
    )


def test_a_flush_waits_for_the_mmu_lock() -> None:
    state = toggle(machine_of("stage2_flush_vm(vcpu->kvm);"), 0)
    held = state.with_vm(attrs.evolve(state.vm, mmu_lock=3))
    assert waits_at(held, 0) == "stage2_flush_vm(vcpu->kvm);"


def test_a_flush_under_the_mmu_lock_waits_for_ever() -> None:
    body = "write_lock(&vcpu->kvm->mmu_lock); stage2_flush_vm(vcpu->kvm);"
    state, _ = run(toggle(machine_of(body), 0), 0)
    assert waits_at(state, 0) == "stage2_flush_vm(vcpu->kvm);"
