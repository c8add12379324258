from __future__ import annotations

import attrs

from engine.arm.core import Core
from engine.arm.memory_type import MemoryType
from engine.arm.registers import Hcr, SystemRegister, SystemRegisters
from engine.machine.actors import VMM
from engine.machine.effects import (
    AccessFailed,
    Copy,
    FetchFailed,
    Filled,
    FlushBegun,
    FlushEnded,
    InterruptInjected,
    Invalidated,
    KickNoticed,
    LineFlushed,
    Loaded,
    PoweredOff,
    PoweredOn,
    RegisterWritten,
    Stage2Unmapped,
    Stored,
    TvmArmed,
    VcpuInitialised,
    WrittenBack,
)
from engine.machine.events import Event, GuestExecutes, KvmExecutes, VmmExecutes
from engine.machine.setup import Hardware
from engine.machine.state import Fault, Initialisation, Machine, Power, Walk, WalkPurpose
from engine.memory.line import Line, Version
from engine.timeline import Timeline
from engine.transition import enabled, take
from tests.engine.build import OFF, ON, machine, policy_of, with_tvm

INITIAL = Line.initial((0, 0))
UNMAP = WalkPurpose.UNMAP_VM


def test_the_vmm_loads_and_stores_through_the_caches() -> None:
    built = machine("nop", vmm="ldr x5, =x\nstr x0, [x5]\nldr x6, [x5]")
    run = Timeline.replay(built, [VmmExecutes()] * 3)
    assert [step.effects for step in run.steps] == [
        (),
        (
            Filled(0, 0, speculative=False),
            Stored(VMM, 0, Version(1, ON), MemoryType.WRITE_BACK, Copy.CACHE),
        ),
        (Loaded(VMM, 0, Version(1, ON), MemoryType.WRITE_BACK, Copy.CACHE),),
    ]
    assert run.steps[-1].after.lines[0] == INITIAL.store_cached(0, ON, pcpu=0)


def test_the_vmm_needs_no_stage_2_mapping() -> None:
    built = machine("nop", vmm="str x0, [x1]", mapped=False)
    after = take(built, VmmExecutes()).after
    assert after.lines[0].dirty
    assert after.vmm.stack == ()


def test_an_access_of_the_vmm_beside_guest_ram_stops_it() -> None:
    step = take(machine("nop", vmm="ldr x5, [x1, #64]"), VmmExecutes())
    assert step.effects == (AccessFailed(VMM, 0x1040),)
    assert VmmExecutes() not in enabled(step.after)


def test_maintenance_by_the_vmm_beside_guest_ram_stops_it() -> None:
    step = take(machine("nop", vmm="dc civac, x5"), VmmExecutes())
    assert step.effects == (AccessFailed(VMM, 0),)
    assert step.after.vmm.fault == 0


def test_a_branch_of_the_vmm_out_of_its_program_fails_to_fetch() -> None:
    step = take(machine("nop", vmm="cbz x5, out\nnop\nout:"), VmmExecutes())
    assert step.effects == (FetchFailed(VMM),)
    assert VmmExecutes() not in enabled(step.after)


def test_a_pc_where_there_is_no_instruction_is_the_vcpus_failed_fetch() -> None:
    step = take(machine("nop\nout:", vmm="set_one_reg vcpu0, pc, out"), VmmExecutes())
    assert step.effects == (FetchFailed(0),)


def test_vcpu_init_before_the_vm_has_run_only_resets_the_vcpu() -> None:
    built = with_tvm(machine("nop", vmm="vcpu_init vcpu0, power_off", sctlr=[ON]), 0, False)
    step = take(built, VmmExecutes())
    assert step.effects == (VcpuInitialised(0), TvmArmed(0))
    assert step.after.vcpus[0] == attrs.evolve(
        built.vcpus[0],
        power=Power.OFF,
        core=Core.reset(),
        registers=SystemRegisters.reset(),
        hcr_el2=Hcr.reset(fwb=False),
    )
    assert step.after.vmm.core == built.vmm.core.step()
    assert step.after.vm == built.vm


def test_vcpu_init_after_the_vm_has_run_unmaps_stage_2_line_by_line() -> None:
    built = machine("nop", vmm="vcpu_init vcpu0").with_line(0, INITIAL.store_cached(0, 7, pcpu=0))
    events: list[Event] = [GuestExecutes(0), VmmExecutes(), *([KvmExecutes(VMM)] * 4)]
    run = Timeline.replay(built, events)
    assert [step.effects for step in run.steps[1:]] == [
        (FlushBegun(VMM, UNMAP, 2),),
        (LineFlushed(VMM, UNMAP, 0), WrittenBack(0), Invalidated(0)),
        (LineFlushed(VMM, UNMAP, 1),),
        (FlushEnded(VMM, UNMAP, 2), Stage2Unmapped()),
        (VcpuInitialised(0),),
    ]
    after = run.steps[-1].after
    assert after.vm == attrs.evolve(built.vm, mapped=(False, False), has_run=True)
    assert after.lines[0].cached is None
    assert run.steps[2].after.vmm.stack == (Initialisation(0, False), Walk(UNMAP, (1,), 1))


def test_a_vcpu_does_not_run_while_it_is_initialised() -> None:
    built = machine("nop\nnop", "nop", vmm="vcpu_init vcpu0")
    run = Timeline.replay(built, [GuestExecutes(0), VmmExecutes()])
    actors = [event for event in enabled(run.steps[-1].after) if isinstance(event, GuestExecutes)]
    assert actors == [GuestExecutes(1)]


def test_with_fwb_vcpu_init_leaves_stage_2_alone() -> None:
    built = machine("nop", vmm="vcpu_init vcpu0", hardware=Hardware(pcpus=1, fwb=True))
    run = Timeline.replay(built, [GuestExecutes(0), VmmExecutes()])
    assert run.steps[-1].effects == (VcpuInitialised(0),)
    assert run.steps[-1].after.vm.mapped == (True, True)


def test_an_ioctl_on_a_vcpu_waits_until_kvm_is_done_with_it() -> None:
    for operation in ("vcpu_init vcpu0", "set_one_reg vcpu0, ttbr0_el1, 1"):
        built = machine("nop", vmm=operation)
        busy = built.with_stack(0, (Fault(0),))
        assert VmmExecutes() in enabled(built)
        assert VmmExecutes() not in enabled(busy)


def _locked(built: Machine, by: int) -> Machine:
    """Return the machine with the mmu_lock held for writing by an actor."""
    return built.with_vm(attrs.evolve(built.vm, mmu_lock=by + 2))


def _that_has_run(built: Machine) -> Machine:
    return built.with_vm(attrs.evolve(built.vm, has_run=True))


def test_vcpu_init_of_a_vm_that_has_run_waits_for_the_mmu_lock() -> None:
    built = _that_has_run(machine("nop", "nop", vmm="vcpu_init vcpu0"))
    assert VmmExecutes() in enabled(built)
    assert VmmExecutes() not in enabled(_locked(built, 1))


def test_vcpu_init_that_unmaps_nothing_needs_no_mmu_lock() -> None:
    fresh = machine("nop", "nop", vmm="vcpu_init vcpu0")
    fwb = Hardware(pcpus=2, fwb=True)
    with_fwb = _that_has_run(machine("nop", "nop", vmm="vcpu_init vcpu0", hardware=fwb))
    for built in (fresh, with_fwb):
        assert VmmExecutes() in enabled(_locked(built, 1))
        assert take(_locked(built, 1), VmmExecutes()).effects[0] == VcpuInitialised(0)


def test_what_vcpu_init_unmaps_is_unmapped_under_the_mmu_lock() -> None:
    built = _that_has_run(machine("nop", "nop", vmm="vcpu_init vcpu0"))
    begun = take(built, VmmExecutes()).after
    assert begun.vm.mmu_lock == VMM + 2
    run = Timeline.replay(begun, [KvmExecutes(VMM)] * 3)
    assert [step.after.vm.mmu_lock for step in run.steps] == [VMM + 2, VMM + 2, 0]


def test_vcpu_init_of_a_running_vcpu_keeps_its_pcpu_and_the_policys_state() -> None:
    runs = policy_of(
        "void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)\n{ vcpu->arch.seen = 1; }\n"
    )
    built = machine("nop", "nop", vmm="vcpu_init vcpu1", runs=runs)
    before = attrs.evolve(built.vcpus[1], fields=(1,))
    after = take(built.with_vcpu(1, before), VmmExecutes()).after
    assert (after.vcpus[1].pcpu, after.vcpus[1].fields) == (1, (1,))
    assert after.vcpus[0] == built.vcpus[0]


def test_with_fwb_a_vcpu_is_initialised_without_tvm() -> None:
    fwb = Hardware(pcpus=1, fwb=True)
    step = take(machine("nop", vmm="vcpu_init vcpu0", hardware=fwb), VmmExecutes())
    assert step.effects == (VcpuInitialised(0),)
    assert (step.after.vcpus[0].tvm, Hcr.FWB.get(step.after.vcpus[0].hcr_el2)) == (False, True)


def test_migration_restore_writes_registers_past_tvm() -> None:
    built = machine("nop", vmm=f"set_one_reg vcpu0, sctlr_el1, {ON:#x}")
    step = take(built, VmmExecutes())
    assert step.effects == (RegisterWritten(0, SystemRegister.SCTLR_EL1, OFF, ON, trapped=False),)
    assert (step.after.vcpus[0].registers.sctlr_el1, step.after.vcpus[0].tvm) == (ON, True)


def test_set_one_reg_of_the_pc_goes_to_a_label() -> None:
    built = machine("nop\nagain: nop", vmm="set_one_reg vcpu0, pc, again")
    assert take(built, VmmExecutes()).after.vcpus[0].core.pc == 1


def test_set_mp_state_stops_and_starts_a_vcpu() -> None:
    built = machine("nop", vmm="set_mp_state vcpu0, stopped\nset_mp_state vcpu0, runnable")
    run = Timeline.replay(built, [VmmExecutes(), VmmExecutes()])
    assert [step.effects for step in run.steps] == [
        (PoweredOff(0, by=VMM),),
        (PoweredOn(0, by=VMM),),
    ]
    assert run.steps[-1].after.vcpus == built.vcpus


def test_the_vmm_waits_for_a_kick_and_notices_the_first_vcpu_that_did() -> None:
    built = machine("nop", "kick_vmm", vmm="wait_kick")
    assert VmmExecutes() not in enabled(built)
    kicked = take(built, GuestExecutes(1)).after
    step = take(kicked, VmmExecutes())
    assert step.effects == (KickNoticed(1),)
    assert step.after.vmm.kicks == (False, False)


def test_waiting_for_one_vcpus_kick_ignores_another() -> None:
    built = machine("kick_vmm", "nop", vmm="wait_kick vcpu1")
    kicked: Machine = take(built, GuestExecutes(0)).after
    assert VmmExecutes() not in enabled(kicked)


def test_an_injected_interrupt_is_pending_at_the_vcpu() -> None:
    step = take(machine("wfi", vmm="inject_irq vcpu0"), VmmExecutes())
    assert step.effects == (InterruptInjected(0),)
    assert GuestExecutes(0) in enabled(step.after)
