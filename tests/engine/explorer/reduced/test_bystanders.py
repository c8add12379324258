from __future__ import annotations

import pytest

from engine.explorer.exhaustive.search import exhaustive_search
from engine.explorer.learning.moves import Moves
from engine.explorer.limits import Limits
from engine.explorer.reduced.search import reduced_search
from engine.findings import Kind
from engine.judge import Ghost
from engine.machine.setup import Hardware
from engine.machine.state import Machine
from engine.policy.policy import Policy
from engine.timeline import Timeline
from engine.transition import enabled
from tests.engine.build import ON, machine, policy, policy_of
from tests.engine.explorer.generate import random_machine
from tests.engine.explorer.policies import all_policies

ROUND = "loop: choose store, enable, load, disable\n" + (
    "store: str x0, [{own}]\nb loop\n"
    "enable: msr sctlr_el1, x0\nb loop\n"
    "load: ldr x4, [{own}]\nb loop\n"
    "disable: dc cisw, x5\nmsr sctlr_el1, x6\nb loop"
)
"""A guest that uses a word of its own."""


def own(*registers: str, runs: Policy | None = None, hardware: Hardware | None = None) -> Machine:
    """Return vCPUs that each go round with the word that a register points to."""
    programs = [ROUND.format(own=register) for register in registers]
    return machine(*programs, runs=runs, hardware=hardware)


def lengths(built: Machine) -> dict[Kind, int]:
    search = reduced_search(built, Ghost.initial(built), Limits())
    assert search.reason is None
    return {each.finding.kind: len(each.events) for each in search.counterexamples}


def everything(built: Machine) -> dict[Kind, int]:
    search = exhaustive_search(built, Ghost.initial(built), Limits())
    assert search.reason is None
    return {each.finding.kind: len(each.events) for each in search.counterexamples}


def states(built: Machine) -> int:
    """Return how many states the slices of words take."""
    ghost = Ghost.initial(built)
    course = reduced_search(built, ghost, Limits(), flushes_only=True)
    return reduced_search(built, ghost, Limits()).states - course.states


@pytest.mark.parametrize("name", ["upstream", "vcpu0-only", "never"])
def test_a_vcpu_that_does_without_a_word_makes_its_slice_no_larger(name: str) -> None:
    alone, beside = own("x1", runs=policy(name)), own("x1", "x3", runs=policy(name))
    assert states(beside) < 3 * states(alone)


def test_without_it_the_same_is_found() -> None:
    built = own("x1", "x3", runs=policy("vcpu0-only"), hardware=Hardware(pcpus=1))
    assert lengths(built) == everything(built)
    assert Kind.STALE in lengths(built)


@pytest.mark.parametrize("hardware", [{"fills": False}, {"evictions": False}])
def test_hardware_that_does_not_do_as_it_does_needs_it(hardware: dict[str, bool]) -> None:
    without = Hardware(pcpus=1, **hardware)
    built = own("x1", "x3", runs=policy("never"), hardware=without)
    alone = own("x1", runs=policy("never"), hardware=without)
    assert states(built) > 3 * states(alone)


FLUSHES_IF_FREE = """
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	if (!spin_is_locked(&vcpu->kvm->mmu_lock))
		stage2_flush_vm(vcpu->kvm);
}
"""


def test_who_holds_a_lock_that_the_policy_asks_about_takes_part() -> None:
    programs = (
        "str x0, [x1]\nchoose on, off\non: msr sctlr_el1, x0\nldr x4, [x1]\noff: nop",
        "msr sctlr_el1, x0",
    )
    built = machine(*programs, runs=policy_of(FLUSHES_IF_FREE), words={"x": 0x1000})
    assert lengths(built) == everything(built)
    assert Kind.STALE in lengths(built)


def test_what_a_bystander_passes_on_is_not_forgotten() -> None:
    # vcpu2 has no word of the slice of x, but tells vcpu1 by z that it is there.
    built = machine(
        "str x0, [x1]\nchoose on, off\non: ldr x2, =y\nstr x0, [x2]\noff: nop",
        "ldr x5, [x3]\nldr x4, [x1]",
        "ldr x2, =y\nldr x4, [x2]\nstr x4, [x3]",
        sctlr=[0, ON, ON],
        words={"x": 0x1000, "y": 0x1040, "z": 0x2000},
    )
    assert lengths(built) == everything(built)
    assert Kind.STALE in lengths(built)


@pytest.mark.parametrize("block", range(4))
def test_no_machine_needs_those_who_stand_by(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Moves, "choosing", True)
    compared = 0
    for seed in range(14_000 + block * 40, 14_040 + block * 40):
        timeline = Timeline.start(random_machine(seed, all_policies(), straying=0.1))
        for step in range(seed % 3 * 3):
            if events := enabled(timeline.machine):
                timeline = timeline.extend([events[(seed * 7 + step * 5) % len(events)]])
        start = (timeline.machine, timeline.ghost)
        full = exhaustive_search(*start, Limits(max_states=4000))
        if full.reason is None:
            found = {each.finding.kind: len(each.events) for each in full.counterexamples}
            search = reduced_search(*start, Limits())
            shortest = {each.finding.kind: len(each.events) for each in search.counterexamples}
            assert shortest == found, seed
            compared += 1
    assert compared > 25
