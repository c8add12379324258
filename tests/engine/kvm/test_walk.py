from __future__ import annotations

import attrs

from engine.kvm.statement import execute_statement, vcpu_pointer
from engine.machine.effects import (
    FlushBegun,
)
from engine.machine.state import Walk, WalkPurpose
from engine.policy.frame import CFrame
from tests.engine.kvm.toggling import machine_of, run, toggle, waits_at


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
