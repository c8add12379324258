from __future__ import annotations

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.arm.registers import Hcr
from engine.diagnosis import findings_of, is_stale_for
from engine.findings import Finding, Kind
from engine.judge import observe
from engine.machine.actors import VMM
from engine.machine.effects import AccessFailure, FlushSkipped
from engine.machine.events import Event, GuestExecutes, KvmExecutes, VmmExecutes
from engine.machine.hardware import LineEvicted, LineFilled
from engine.machine.state import Machine
from engine.memory.line import Line, Version
from engine.timeline import Timeline
from engine.transition import actor_event
from tests.engine.build import OFF, ON, machine, policy, policy_of, with_tvm
from tests.engine.test_properties import machines, walk

X, Y = 0, 1


def instruction(run: Timeline, vcpu: int) -> Timeline:
    """Extend a run by a vCPU's next instruction with all that KVM does for it."""
    run = run.extend([GuestExecutes(vcpu)])
    while run.machine.vcpus[vcpu].stack:
        event = actor_event(run.machine, vcpu)
        assert event is not None
        run = run.extend([event])
    return run


def play(built: Machine, *moves: int | Event) -> Timeline:
    """Play whole instructions of vCPUs, given by number, and other events."""
    return play_on(Timeline.start(built), *moves)


def play_on(run: Timeline, *moves: int | Event) -> Timeline:
    """Play on from the end of a run."""
    for move in moves:
        run = instruction(run, move) if isinstance(move, int) else run.extend([move])
    return run


def test_a_skipped_flush_is_the_cause_and_the_return_to_the_guest_the_exact_step() -> None:
    built = machine(
        "nop", "str x0, [x1]\nmsr sctlr_el1, x0\nldr x5, [x1]", runs=policy("vcpu0-only")
    )
    run = play(built, LineFilled(0, 0), 1, 1, 1)
    assert run.findings == (
        Finding(Kind.STALE, 12, 1, X, exact=11, cause=7, version=Version(0, 0), entitled=1),
    )


def test_another_trap_on_the_way_to_the_load_does_not_move_the_exact_step() -> None:
    program = "str x0, [x1]\nmsr sctlr_el1, x0\nstr x0, [x3]\nldr x5, [x1]"
    built = machine("nop", program, runs=policy("vcpu0-only"))
    built = built.with_vm(attrs.evolve(built.vm, mapped=(True, False)))
    run = play(built, LineFilled(0, 0), 1, 1)
    returned = len(run.steps)
    run = play_on(run, 1, 1, 1)
    (finding,) = run.findings
    assert (finding.step, finding.exact) == (len(run.steps), returned)
    assert any(isinstance(step.event, KvmExecutes) for step in run.steps[returned:])


def test_the_reset_by_cpu_on_is_the_cause_of_what_it_leaves_behind() -> None:
    built = machine(
        "psci_cpu_on vcpu1, again",
        "str x0, [x1]\npsci_cpu_off\nagain: ldr x1, =x\nldr x5, [x1]",
        sctlr=[OFF, ON],
    )
    run = play(built, 1, 1, 0, 1, 1)
    (finding,) = run.findings
    assert (finding.step, finding.exact, finding.cause) == (5, 3, 3)


def test_the_judge_calls_nothing_stale_while_the_vcpu_is_in_kvm() -> None:
    built = machine("nop", "str x0, [x1]\nmsr sctlr_el1, x0", runs=policy("never"))
    run = play(built, LineFilled(0, 0), 1, 1)
    stale = [
        is_stale_for(step.after, ghost, 1, X)
        for step, ghost in zip(run.steps, run.ghosts[1:], strict=True)
    ]
    assert stale == [*(None for _ in stale[:-1]), Version(0, 0)]
    assert run.findings == ()


def test_an_untrapped_toggle_is_its_own_cause() -> None:
    built = machine("str x0, [x1]\nmsr sctlr_el1, x0\nldr x5, [x1]")
    run = play(with_tvm(built, 0, False), LineFilled(0, 0), 0, 0, 0)
    assert run.findings == (
        Finding(Kind.STALE, 4, 0, X, exact=3, cause=3, version=Version(0, 0), entitled=1),
    )


def test_caches_that_set_one_reg_turns_on_are_the_cause_of_what_they_show() -> None:
    built = machine("str x0, [x1]\nldr x5, [x1]", vmm=f"set_one_reg vcpu0, sctlr_el1, {ON:#x}")
    run = play(built, LineFilled(0, 0), 0, VmmExecutes(), 0)
    assert run.findings == (
        Finding(Kind.STALE, 4, 0, X, exact=3, cause=3, version=Version(0, 0), entitled=1),
    )


def test_where_kvm_had_no_say_the_access_that_made_the_mismatch_is_the_cause() -> None:
    built = machine(
        "ldr x5, [x1]\nldr x6, [x3]\nldr x7, [x1]", "str x0, [x1]\nstr x0, [x3]", sctlr=[ON]
    )
    run = play(built, 0, 1, 1, 0, 0)
    assert run.findings == (
        Finding(Kind.STALE, 5, 0, X, exact=4, cause=2, version=Version(0, 0), entitled=1),
    )


def test_an_untrapped_toggle_is_over_before_the_exit_that_comes_next() -> None:
    built = machine("msr sctlr_el1, x0\nldr x6, [x3]\nldr x5, [x1]", "str x0, [x1]\nstr x0, [x3]")
    built = built.with_vm(built.vm.with_(mapped=(True, False)))
    run = Timeline.start(with_tvm(built, 0, False)).extend([LineFilled(0, 0), GuestExecutes(0)])
    run = run.extend([GuestExecutes(0)])
    assert run.machine.vcpus[0].stack
    run = play_on(run, 1)
    stored = len(run.steps)
    run = play_on(run, 1, 1)
    while run.machine.vcpus[0].stack:
        run = run.extend([KvmExecutes(0)])
    (finding,) = play_on(run, 0, 0).findings
    assert (finding.kind, finding.actor, finding.cause) == (Kind.STALE, 0, stored)


def test_a_mismatch_after_the_toggle_is_not_blamed_on_the_flush_that_was_skipped() -> None:
    built = machine(
        "msr sctlr_el1, x0\nldr x5, [x1]\nldr x6, [x3]\nldr x7, [x1]",
        "str x0, [x1]\nstr x0, [x3]",
        runs=policy("never"),
    )
    run = play(built, 0, 0, 1, 1, 0, 0)
    (finding,) = run.findings
    store = next(
        number for number, step in enumerate(run.steps, 1) if step.event == GuestExecutes(1)
    )
    assert (finding.kind, finding.cause) == (Kind.STALE, store)


def test_the_vmm_can_read_stale_memory_too() -> None:
    built = machine("str x0, [x1]\nkick_vmm", vmm="wait_kick vcpu0\nldr x5, [x1]")
    run = play(built, LineFilled(0, 0), 0, 0, VmmExecutes(), VmmExecutes())
    assert run.findings == (
        Finding(Kind.STALE, 5, VMM, X, exact=4, cause=2, version=Version(0, 0), entitled=1),
    )


def test_a_dirty_neighbour_written_back_loses_a_store_that_went_around_it() -> None:
    built = machine("str x0, [x2]", "str x0, [x1]", sctlr=[ON])
    run = play(built, 0, 1, LineEvicted(0))
    assert run.findings == (
        Finding(Kind.LOST, 3, 1, X, exact=None, cause=2, version=Version(1, ON), entitled=None),
    )


def test_a_store_thrown_away_by_an_invalidation_is_lost_since_it_was_in_a_cache_alone() -> None:
    built = machine("str x0, [x1]\nnop\ndc ivac, x1", sctlr=[ON])
    (vcpu,) = built.vcpus
    built = built.with_vcpu(0, vcpu.with_(hcr_el2=vcpu.hcr_el2 & ~Hcr.VM.mask))
    assert play(built, 0, 0, 0).findings == (
        Finding(Kind.LOST, 3, 0, X, exact=None, cause=1, version=Version(1, ON), entitled=None),
    )


def test_a_version_that_is_overwritten_is_not_lost() -> None:
    built = machine("str x0, [x1]", "str x0, [x1]", sctlr=[ON])
    built = built.with_line(0, Line.initial((0, 0)))
    run = play(built, 1, 0, LineEvicted(0))
    assert run.findings == ()


LOCKED = """
static DEFINE_MUTEX(flush_lock);

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	mutex_lock(&flush_lock);
	stage2_flush_vm(vcpu->kvm);
}
"""


def test_a_lock_that_is_never_released_leaves_the_next_vcpu_stuck() -> None:
    built = machine("msr sctlr_el1, x0", "msr sctlr_el1, x0", runs=policy_of(LOCKED))
    run = play(built, 0).extend([GuestExecutes(1)])
    trap = len(run.steps)
    while (event := actor_event(run.machine, 1)) is not None:
        run = run.extend([event])
    assert run.findings == (Finding(Kind.STUCK, trap, 1, None, None, None, None, None),)


def test_a_vcpu_that_waits_while_another_can_still_release_the_lock_is_not_stuck() -> None:
    built = machine("msr sctlr_el1, x0", "msr sctlr_el1, x0")
    run = Timeline.start(built).extend([GuestExecutes(0)])
    while run.machine.vm.mmu_lock == 0:
        event = actor_event(run.machine, 0)
        assert event is not None
        run = run.extend([event])
    run = run.extend([GuestExecutes(1)])
    while (event := actor_event(run.machine, 1)) is not None:
        run = run.extend([event])
    assert run.findings == ()


def test_a_vcpu_is_stuck_although_another_polls_for_ever() -> None:
    built = machine(
        "msr sctlr_el1, x0\nagain: ldr x5, [x3]\ncbz x5, again",
        "msr sctlr_el1, x0",
        runs=policy_of(LOCKED),
    )
    run = play(built, 0, 0, 0).extend([GuestExecutes(1)])
    while (event := actor_event(run.machine, 1)) is not None:
        run = run.extend([event])
    assert [finding.kind for finding in run.findings] == [Kind.STUCK]


def test_a_poll_of_a_stale_word_has_one_exact_step_and_one_cause() -> None:
    built = machine(
        "nop", "str x0, [x1]\nmsr sctlr_el1, x0\nspin: ldr x5, [x1]\nb spin", runs=policy("never")
    )
    run = play(built, LineFilled(0, 0), *[1] * 7)
    (first, *others) = run.findings
    assert [finding.step - first.step for finding in others] == [2, 4]
    assert {(finding.exact, finding.cause) for finding in run.findings} == {
        (first.step - 1, first.cause)
    }


def test_the_cause_is_found_with_the_copy_that_the_loader_looks_at_at_the_exact_step() -> None:
    built = machine(
        "str x0, [x2]", "str x0, [x1]\nmsr sctlr_el1, x0\nldr x5, [x1]",
        sctlr=[ON], runs=policy("never"),
    )  # fmt: skip
    run = play(built, 0, 1, 1, LineEvicted(0, None), 1)
    lost, stale = run.findings
    assert lost.kind is Kind.LOST
    assert stale.exact == lost.step - 1
    assert stale.cause == next(
        number
        for number, step in enumerate(run.steps, 1)
        if any(isinstance(effect, FlushSkipped) for effect in step.effects)
    )


@given(machines(), st.lists(st.integers(0, 11), max_size=120))
@settings(deadline=None)
def test_a_cause_never_comes_after_the_exact_step(built: Machine, choices: list[int]) -> None:
    for finding in walk(built, choices).findings:
        if finding.cause is not None and finding.exact is not None:
            assert finding.cause <= finding.exact


@given(machines(), st.lists(st.integers(0, 11), max_size=120))
@settings(deadline=None)
def test_what_was_found_earlier_only_saves_looking_again(
    built: Machine, choices: list[int]
) -> None:
    run = walk(built, choices)
    found: list[Finding] = []
    for number, step in enumerate(run.steps, 1):
        _, stale = observe(run.ghosts[number - 1], step.effects)
        found.extend(findings_of(run.steps[:number], run.ghosts[: number + 1], stale))
    assert run.findings == tuple(found)


def test_an_access_that_hits_no_guest_ram_is_a_fault_with_its_address() -> None:
    run = play(machine("nop\nldr x5, [x1, #64]"), 0, 0)
    assert run.findings == (fault(2, 0, 0x1040),)


def test_maintenance_that_hits_no_guest_ram_is_a_fault_with_its_address() -> None:
    assert play(machine("dc civac, x5"), 0).findings == (fault(1, 0, 0),)


def test_a_branch_out_of_the_program_is_a_fault_without_an_address() -> None:
    assert play(machine("b out\nnop\nout:"), 0).findings == (fault(1, 0, None),)


def test_a_fault_of_a_vcpu_that_another_starts_is_its_own() -> None:
    run = play(machine("psci_cpu_on vcpu1, out", "nop\nout:", off=[1]), 0)
    assert run.findings == (fault(1, 1, None),)


def test_an_access_of_the_vmm_that_hits_no_guest_ram_is_its_fault() -> None:
    run = play(machine("nop", vmm="str x5, [x5]"), VmmExecutes())
    assert run.findings == (fault(1, VMM, 0),)


def test_a_program_that_ends_is_no_fault() -> None:
    assert play(machine("nop"), 0).findings == ()


def fault(step: int, actor: int, address: int | None) -> Finding:
    failure = None if address is None else AccessFailure.NO_RAM
    return Finding(Kind.FAULT, step, actor, None, None, None, None, None, address, failure)
