from __future__ import annotations

import pytest

from engine.arm.registers import Hcr
from engine.machine.effects import Copy, FlushBegun, FlushSkipped, LineFlushed
from engine.machine.events import GuestExecutes
from engine.machine.hardware import LineFilled
from engine.machine.state import Machine, WalkPurpose
from engine.provenance.reasons import (
    BitsSet,
    Blamed,
    CachedWord,
    ControlRegister,
    FlushNotDone,
    NotDecidedYet,
    NotFlushedYet,
    NotTrapped,
    RamWord,
    Reason,
    RegisterBits,
    SeenWord,
    SetBy,
    WhySubject,
)
from engine.provenance.why import why
from engine.timeline import Timeline
from engine.transition import actor_event
from tests.engine.build import OFF, ON, machine, policy, with_tvm
from tests.engine.provenance.played import through

X = 0
STORES_AND_ENABLES = "str x0, [x1]\nmsr sctlr_el1, x0\nldr x5, [x1]"


def of_maintenance(run: Timeline, subject: WhySubject) -> list[Reason]:
    """Return what is told about maintenance, and about the step to blame."""
    kinds = FlushNotDone | NotTrapped | NotDecidedYet | NotFlushedYet | Blamed
    return [reason for reason in why(run, subject) if isinstance(reason, kinds)]


def skips(run: Timeline) -> list[Reason]:
    """Return every flush that KVM decided against in a run."""
    return [
        FlushNotDone(at, effect)
        for at, step in enumerate(run.steps, 1)
        for effect in step.effects
        if isinstance(effect, FlushSkipped)
    ]


def secondary(name: str) -> Machine:
    return machine("nop", STORES_AND_ENABLES, runs=policy(name))


def in_kvm(name: str) -> list[Timeline]:
    """Return the run up to each step of vcpu1's exit, after a fill and its store to RAM."""
    run = through(secondary(name), LineFilled(0, 0), 1).extend([GuestExecutes(1)])
    runs = [run]
    while run.machine.vcpus[1].stack:
        event = actor_event(run.machine, 1)
        assert event is not None
        run = run.extend([event])
        runs.append(run)
    return runs


@pytest.mark.parametrize("name", ["upstream", "vcpu0-only", "never"])
def test_in_kvm_the_flush_is_to_come_until_it_is_decided_and_until_it_reaches_the_line(
    name: str,
) -> None:
    for run in in_kvm(name):
        effects = [effect for step in run.steps for effect in step.effects]
        now = len(run.steps)
        told = of_maintenance(run, CachedWord(X))
        if any(isinstance(effect, LineFlushed) for effect in effects):
            assert told == []
        elif any(isinstance(effect, FlushBegun) for effect in effects):
            assert told == [NotFlushedYet(now, 1, X, WalkPurpose.FLUSH_VM)]
        else:
            assert told == (skips(run) or [NotDecidedYet(now, 1)])


def test_while_kvm_can_still_flush_it_is_not_said_to_have_no_say() -> None:
    _, written, *_ = in_kvm("upstream")
    assert of_maintenance(written, SeenWord(1, X)) == [
        Blamed(2, X, Copy.CACHE, kvm_had_say=True),
        NotDecidedYet(4, 1),
    ]


def test_a_flush_skipped_between_another_s_store_and_the_load_is_told() -> None:
    built = machine(
        "ldr x5, [x3]\nldr x6, [x1]",
        "str x0, [x1]\nmsr sctlr_el1, x0\nstr x0, [x3]",
        sctlr=[ON],
        runs=policy("vcpu0-only"),
    )
    run = through(built, LineFilled(0, 0), 1, 1, 1, 0, 0)
    (finding,) = run.findings
    (skip,) = skips(run)
    assert skip.step is not None
    assert finding.cause == 2 < skip.step < finding.step
    assert of_maintenance(run, finding) == [Blamed(2, X, Copy.CACHE, kvm_had_say=True), skip]


def test_ram_that_a_dirty_copy_is_ahead_of_tells_of_the_flush_that_was_skipped() -> None:
    built = machine("str x0, [x1]\nmsr sctlr_el1, x4\nnop", sctlr=[ON], runs=policy("never"))
    run = through(built, 0, 0)
    assert of_maintenance(run, RamWord(X)) == skips(run)
    assert len(skips(run)) == 1


def test_a_copy_that_was_overtaken_twice_tells_of_what_was_skipped_since_the_first() -> None:
    built = machine("str x0, [x1]", STORES_AND_ENABLES, runs=policy("never"))
    run = through(built, LineFilled(0, 0), 1, 1, 0)
    assert run.machine.lines[0].newest[X] == 2
    assert of_maintenance(run, CachedWord(X)) == skips(run)
    assert len(skips(run)) == 1


def test_a_cached_copy_tells_of_the_toggle_that_kvm_did_not_hear_of() -> None:
    built = with_tvm(machine(STORES_AND_ENABLES), 0, False)
    run = through(built, LineFilled(0, 0), 0, 0)
    reasons = why(run, CachedWord(X))
    tvm = RegisterBits(0, ControlRegister.HCR, Hcr.TVM)
    assert BitsSet(None, ((tvm, 0),), SetBy.START, None) in reasons
    (untrapped,) = [each for each in reasons if isinstance(each, NotTrapped)]
    assert (untrapped.step, untrapped.written.before, untrapped.written.after) == (3, OFF, ON)


def test_a_copy_that_is_not_behind_tells_of_nothing_skipped() -> None:
    run = through(machine("msr sctlr_el1, x0", runs=policy("never")), LineFilled(0, 0), 0)
    assert len(skips(run)) == 1
    assert of_maintenance(run, CachedWord(X)) == []
    assert of_maintenance(run, RamWord(X)) == []
