from __future__ import annotations

from engine.arm.memory_type import MemoryType
from engine.arm.registers import Hcr, Sctlr
from engine.findings import Finding, Kind
from engine.machine.actors import VMM
from engine.machine.effects import (
    Copy,
    Evicted,
    Stored,
    Trapped,
)
from engine.machine.events import VmmExecutes
from engine.machine.hardware import LineEvicted, LineFilled
from engine.memory.line import Version
from engine.provenance.reasons import (
    AtStart,
    BitsSet,
    CachedWord,
    Found,
    Holds,
    HostMapping,
    LedThere,
    LockHeld,
    NotTrapped,
    PointsThere,
    Reads,
    RegisterBits,
    SetBy,
    TrappedAt,
    Visible,
    Waits,
    Written,
    WroteBack,
)
from engine.provenance.why import why
from tests.engine.build import OFF, ON, machine, policy_of, with_tvm
from tests.engine.provenance.headline import (
    CACHES_ON,
    FETCHED,
    HCR,
    HEADLINE,
    MMU_OFF,
    OLD,
    SCTLR,
    SKIPPED,
    STORED,
    X,
)
from tests.engine.provenance.played import through


def test_a_stale_load_is_told_from_the_fill_over_the_skipped_flush_to_the_return() -> None:
    finding = HEADLINE.findings[0]
    assert why(HEADLINE, finding) == (
        Found(12, finding),
        *(AtStart(None, X, OLD, Copy.RAM), MMU_OFF),
        *(FETCHED, STORED, CACHES_ON, SKIPPED, Visible(11, 1, X, OLD)),
    )


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


def test_a_lost_version_names_its_store_and_the_write_back_over_it() -> None:
    run = through(machine("str x0, [x2]", "str x0, [x1]", sctlr=[ON]), 0, 1, LineEvicted(0, None))
    finding = run.findings[0]
    assert finding.kind is Kind.LOST
    reasons = why(run, finding)
    assert Written(2, Stored(1, X, Version(1, ON), MemoryType.DEVICE, Copy.RAM)) in reasons
    assert reasons[-1] == WroteBack(3, X, OLD, Evicted(0, None))


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
