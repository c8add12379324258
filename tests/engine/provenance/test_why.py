from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.arm.memory_type import MemoryType
from engine.arm.registers import Hcr, Sctlr
from engine.findings import Finding, Kind
from engine.machine.actors import VMM
from engine.machine.effects import (
    Copy,
    Evicted,
    Filled,
    FlushSkipped,
    LineFlushed,
    OperandValue,
    Stored,
    Trapped,
)
from engine.machine.events import VmmExecutes
from engine.machine.hardware import LineEvicted, LineFilled
from engine.machine.state import Machine, WalkPurpose
from engine.memory.line import Version
from engine.policy.source import Place
from engine.provenance.reasons import (
    AtStart,
    BitsSet,
    Blamed,
    CachedWord,
    CachesReset,
    ControlRegister,
    Dropped,
    Entitled,
    Fetched,
    FlushNotDone,
    Found,
    Holds,
    HostMapping,
    LedThere,
    LockHeld,
    NeverCached,
    NotDue,
    NotTrapped,
    PointsThere,
    RamWord,
    Reads,
    RegisterBits,
    SeenWord,
    Sees,
    SetBy,
    TrappedAt,
    Visible,
    Waits,
    WhySubject,
    Written,
    WroteBack,
)
from engine.provenance.why import why
from tests.engine.build import OFF, ON, machine, policy, policy_of, with_tvm
from tests.engine.provenance.played import through
from tests.engine.test_properties import machines, walk

X = 0
SCTLR, HCR = ControlRegister.SCTLR, ControlRegister.HCR
OLD = Version(0, 0)


HEADLINE = through(
    machine("nop", "str x0, [x1]\nmsr sctlr_el1, x0\nldr x5, [x1]", runs=policy("vcpu0-only")),
    *(LineFilled(0, 0), 1, 1, 1),
)
MMU_OFF = BitsSet(
    None,
    ((RegisterBits(1, SCTLR, Sctlr.M), 0), (RegisterBits(1, HCR, Hcr.DC), 0)),
    SetBy.START,
    MemoryType.DEVICE,
)
CACHES_ON = BitsSet(
    4,
    ((RegisterBits(1, SCTLR, Sctlr.M), 1), (RegisterBits(1, SCTLR, Sctlr.C), 1)),
    SetBy.TRAP,
    MemoryType.WRITE_BACK,
)
FETCHED = Fetched(1, X, OLD, Filled(0, 0, speculative=True))
STORED = Written(2, Stored(1, X, Version(1, ON), MemoryType.DEVICE, Copy.RAM))
SKIPPED = FlushNotDone(
    7,
    FlushSkipped(
        1,
        Place("vcpu0-only.c", 12, 7, 12, 25),
        "vcpu->vcpu_id == 0",
        (OperandValue("vcpu->vcpu_id", 1),),
        outcome=False,
        at_toggle=True,
    ),
)


def test_a_stale_load_is_told_from_the_fill_over_the_skipped_flush_to_the_return() -> None:
    finding = HEADLINE.findings[0]
    assert why(HEADLINE, finding) == (
        Found(12, finding),
        *(AtStart(None, X, OLD, Copy.RAM), MMU_OFF),
        *(FETCHED, STORED, CACHES_ON, SKIPPED, Visible(11, 1, X, OLD)),
    )


def test_what_a_vcpu_sees_is_told_as_the_finding_it_would_be() -> None:
    assert why(HEADLINE.seek(11), SeenWord(1, X)) == (
        Sees(11, 1, X, OLD, Copy.CACHE, MemoryType.WRITE_BACK),
        *(AtStart(None, X, OLD, Copy.RAM), MMU_OFF),
        *(FETCHED, STORED, CACHES_ON, SKIPPED, Visible(11, 1, X, OLD)),
    )


def test_with_its_caches_off_a_vcpu_sees_ram_because_of_the_bit() -> None:
    assert why(HEADLINE.seek(2), SeenWord(1, X)) == (
        Sees(2, 1, X, Version(1, ON), Copy.RAM, MemoryType.DEVICE),
        *(MMU_OFF, STORED),
    )


def test_who_sees_an_old_version_without_a_right_to_a_newer_one_is_told_so() -> None:
    assert why(HEADLINE.seek(2), SeenWord(VMM, X)) == (
        Sees(2, VMM, X, OLD, Copy.CACHE, MemoryType.WRITE_BACK),
        *(HostMapping(None), AtStart(None, X, OLD, Copy.RAM), MMU_OFF, FETCHED, STORED),
        NotDue(2, VMM, X, 0),
    )


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


def test_a_bit_names_the_trap_and_the_condition_that_led_to_it() -> None:
    m = RegisterBits(1, SCTLR, Sctlr.M)
    assert why(HEADLINE, m) == (
        Reads(12, m, 1),
        TrappedAt(3, Trapped(1, HEADLINE.steps[2].effects[0].what)),  # type: ignore[union-attr]
        BitsSet(4, ((m, 1),), SetBy.TRAP, None),
    )
    kinds = [type(reason).__name__ for reason in why(HEADLINE, RegisterBits(1, HCR, Hcr.TVM))]
    assert kinds == ["Reads", "TrappedAt", "Decided", "BitsSet"]
    whole = RegisterBits(0, SCTLR, None)
    assert why(HEADLINE, whole) == (
        Reads(12, whole, OFF),
        BitsSet(None, ((whole, OFF),), SetBy.START, None),
    )


def test_an_untrapped_toggle_is_named_with_the_bit_that_let_it_pass() -> None:
    built = with_tvm(machine("str x0, [x1]\nmsr sctlr_el1, x0\nldr x5, [x1]"), 0, False)
    run = through(built, LineFilled(0, 0), 0, 0, 0)
    reasons = why(run, run.findings[0])
    assert BitsSet(None, ((RegisterBits(0, HCR, Hcr.TVM), 0),), SetBy.START, None) in reasons
    assert [each.step for each in reasons if isinstance(each, NotTrapped)] == [3]


def test_where_kvm_had_no_say_the_access_is_blamed_and_how_the_loader_came_to_know() -> None:
    run = through(
        machine("ldr x5, [x1]\nldr x6, [x3]\nldr x7, [x1]", "str x0, [x1]\nstr x0, [x3]",
                sctlr=[ON]),
        *(0, 1, 1, 0, 0),
    )  # fmt: skip
    reasons = why(run, run.findings[0])
    assert Blamed(2, X, Copy.CACHE, kvm_had_say=False) in reasons
    assert Entitled(4, 0, X, 1) in reasons


def test_a_lost_version_names_its_store_and_the_write_back_over_it() -> None:
    run = through(machine("str x0, [x2]", "str x0, [x1]", sctlr=[ON]), 0, 1, LineEvicted(0, None))
    finding = run.findings[0]
    assert finding.kind is Kind.LOST
    reasons = why(run, finding)
    assert Written(2, Stored(1, X, Version(1, ON), MemoryType.DEVICE, Copy.RAM)) in reasons
    assert reasons[-1] == WroteBack(3, X, OLD, Evicted(0, None))


def test_a_stale_load_after_cpu_on_is_blamed_on_the_reset() -> None:
    built = machine(
        "psci_cpu_on vcpu1, again",
        "str x0, [x1]\npsci_cpu_off\nagain: ldr x1, =x\nldr x5, [x1]",
        sctlr=[OFF, ON],
    )
    run = through(built, 1, 1, 0, 1, 1)
    assert CachesReset(3, 1) in why(run, run.findings[0])


def test_a_vcpu_that_is_stuck_names_its_last_step_and_the_lock() -> None:
    text = """
static DEFINE_MUTEX(toggle_mutex);
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	mutex_lock(&toggle_mutex);
}
"""
    built = machine("msr sctlr_el1, x0", "msr sctlr_el1, x0", runs=policy_of(text))
    run = through(built, 0, 1)
    stuck = run.findings[0]
    assert stuck == Finding(Kind.STUCK, len(run.steps) - 1, 1, None, None, None, None, None)
    assert why(run, stuck) == (
        Found(stuck.step, stuck),
        LockHeld(3, "toggle_mutex"),
        Waits(stuck.step, 1),
    )


@given(machines(), st.lists(st.integers(0, 11), max_size=30))
@settings(deadline=None, max_examples=60)
def test_everything_can_be_asked_in_every_state_and_reasons_lie_in_the_past(
    built: Machine, choices: list[int]
) -> None:
    run = walk(built, choices)
    for finding in run.findings:
        assert all((reason.step or 0) <= finding.step for reason in why(run, finding))
    for at in range(len(run.steps) + 1):
        there = run.seek(at)
        subjects: list[WhySubject] = [
            *(RamWord(X), CachedWord(X), SeenWord(0, X), SeenWord(1, X), SeenWord(VMM, X)),
            *(RegisterBits(0, SCTLR, Sctlr.C), RegisterBits(1, HCR, Hcr.TVM)),
        ]
        for subject in subjects:
            head, *reasons = why(there, subject)
            assert head.step == at
            steps = [reason.step or 0 for reason in reasons]
            assert steps == sorted(steps)
            assert all(step <= at for step in steps)


def test_the_vmm_and_its_events_have_reasons_too() -> None:
    run = through(machine("nop", vmm="str x0, [x1]\nnop"), VmmExecutes())
    assert why(run, CachedWord(X)) == (
        Holds(1, X, Copy.CACHE, Version(1, ON)),
        HostMapping(None),
        Written(1, Stored(VMM, X, Version(1, ON), MemoryType.WRITE_BACK, Copy.CACHE)),
    )


def test_an_access_that_hits_no_guest_ram_is_explained_by_its_register() -> None:
    run = through(machine("nop\nmov x5, #8\nnop\nldr x6, [x5, #8]"), 0, 0, 0, 0)
    (finding,) = run.findings
    assert why(run, finding) == (Found(4, finding), PointsThere(2, 0, 5, 8))


def test_a_register_that_never_pointed_elsewhere_is_so_from_the_start_on() -> None:
    run = through(machine("nop", vmm="dc civac, x5"), VmmExecutes())
    (finding,) = run.findings
    assert why(run, finding) == (Found(1, finding), PointsThere(None, VMM, 5, 0))


def test_a_branch_out_of_the_program_is_explained_by_itself() -> None:
    run = through(machine("b out\nnop\nout:"), 0)
    (finding,) = run.findings
    assert why(run, finding) == (Found(1, finding), LedThere(1))
