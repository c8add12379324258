"""What holds of any machine, however its events are interleaved."""

from __future__ import annotations

from collections import deque

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.machine.actors import VMM
from engine.machine.setup import Hardware, NonCacheable
from engine.machine.state import Machine, Walk
from engine.memory.line import coherent
from engine.policy.policy import Policy
from engine.timeline import Timeline
from engine.transition import enabled, take
from tests.engine.build import machine, policy, policy_of

ALWAYS = policy_of(
    """
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	stage2_flush_vm(vcpu->kvm);
}

void kvm_set_way_flush(struct kvm_vcpu *vcpu)
{
	stage2_flush_vm(vcpu->kvm);
}
""",
    "always",
)
POLICIES = [policy(name) for name in ("upstream", "vcpu0-only", "first-to-enable", "never")]

INSTRUCTIONS = st.sampled_from(
    [
        *("ldr x5, [x1]", "ldr x5, [x2]", "ldr x5, [x3]", "str x5, [x1]", "str x6, [x3]"),
        *("str x6, [x2]", "msr sctlr_el1, x0", "msr sctlr_el1, x7", "msr mair_el1, x0"),
        *("dc civac, x1", "dc cvac, x1", "dc ivac, x3", "dc cisw, x5", "psci_cpu_off"),
        *("psci_cpu_on vcpu0", "psci_cpu_on vcpu1", "add x6, x6, #1", "wfe", "b ."),
    ]
)
PROGRAMS = st.lists(INSTRUCTIONS, max_size=6).map("\n".join)
HOSTS = st.lists(
    st.sampled_from(
        ["str x0, [x1]", "ldr x5, [x3]", "vcpu_init vcpu1", "set_mp_state vcpu0, runnable"]
    ),
    max_size=3,
).map("\n".join)
HARDWARE = st.builds(
    Hardware,
    pcpus=st.just(2),
    noncacheable=st.sampled_from(NonCacheable),
    fwb=st.booleans(),
    fills=st.booleans(),
    evictions=st.booleans(),
)


@st.composite
def machines(draw: st.DrawFn) -> Machine:
    return machine(
        draw(PROGRAMS),
        draw(PROGRAMS),
        vmm=draw(HOSTS),
        runs=draw(st.sampled_from(POLICIES)),
        hardware=draw(HARDWARE),
        mapped=draw(st.booleans()),
    )


def walk(built: Machine, choices: list[int]) -> Timeline:
    """Take the enabled events that `choices` pick, each modulo how many there are."""
    run = Timeline.start(built)
    for choice in choices:
        events = enabled(run.machine)
        if not events:
            break
        run = run.extend([events[choice % len(events)]])
    return run


def check(built: Machine) -> None:
    assert all(coherent(line) for line in built.lines)
    walking = [
        actor
        for actor in (*range(len(built.vcpus)), VMM)
        if any(isinstance(frame, Walk) for frame in built.stack(actor))
    ]
    assert len(walking) <= 1
    assert (built.vm.mmu_lock != 0) == bool(walking)
    for vcpu in built.vcpus:
        assert not (vcpu.stack and vcpu.in_guest)


@given(machines(), st.lists(st.integers(0, 11), max_size=60))
@settings(deadline=None)
def test_the_invariants_hold_in_every_state_of_any_run(built: Machine, choices: list[int]) -> None:
    run = walk(built, choices)
    for step in run.steps:
        check(step.after)


@given(machines(), st.lists(st.integers(0, 11), max_size=60))
@settings(deadline=None)
def test_replaying_the_choices_of_any_run_gives_equal_steps(
    built: Machine, choices: list[int]
) -> None:
    run = walk(built, choices)
    again = Timeline.replay(built, run.events)
    assert (again.steps, again.ghosts, again.findings) == (run.steps, run.ghosts, run.findings)
    assert [hash(step.after) for step in again.steps] == [hash(step.after) for step in run.steps]


@given(machines(), st.lists(st.integers(0, 11), max_size=40))
@settings(deadline=None)
def test_only_what_is_enabled_can_be_taken_and_it_always_can(
    built: Machine, choices: list[int]
) -> None:
    run = walk(built, choices)
    for event in enabled(run.machine):
        assert take(run.machine, event).before == run.machine


@given(machines(), st.lists(st.integers(0, 11), max_size=60))
@settings(deadline=None)
def test_entitlement_never_shrinks(built: Machine, choices: list[int]) -> None:
    run = walk(built, choices)
    for before, after in zip(run.ghosts, run.ghosts[1:], strict=False):
        for old, new in zip(before.entitled, after.entitled, strict=True):
            assert all(low <= high for low, high in zip(old, new, strict=True))


OWN_LINE = {0: "x1", 1: "x3"}
"""A well-behaved guest: each vCPU uses a line of its own, whatever its caches are."""


@given(
    st.lists(st.sampled_from("lsto"), max_size=8),
    st.lists(st.sampled_from("lsto"), max_size=8),
    st.lists(st.integers(0, 11), max_size=120),
)
@settings(deadline=None)
def test_a_policy_that_always_flushes_keeps_a_well_behaved_guest_free_of_findings(
    first: list[str], second: list[str], choices: list[int]
) -> None:
    programs = []
    for vcpu, letters in enumerate((first, second)):
        text = {
            "l": f"ldr x5, [{OWN_LINE[vcpu]}]",
            "s": f"add x6, x6, #1\nstr x6, [{OWN_LINE[vcpu]}]",
            "t": "msr sctlr_el1, x0",
            "o": "dc cisw, x5\nmsr sctlr_el1, x7",
        }
        programs.append("\n".join(text[letter] for letter in letters))
    run = walk(machine(*programs, runs=ALWAYS), choices)
    assert run.findings == ()


@pytest.mark.parametrize("runs", POLICIES, ids=lambda chosen: chosen.name)
def test_the_invariants_hold_in_every_reachable_state(runs: Policy) -> None:
    built = machine(
        "msr sctlr_el1, x0",
        "str x0, [x1]\nmsr sctlr_el1, x0\nldr x5, [x1]",
        runs=runs,
        words={"x": 0x1000},
        mapped=False,
    )
    seen = {built}
    waiting = deque(seen)
    while waiting:
        state = waiting.popleft()
        check(state)
        for event in enabled(state):
            after = take(state, event).after
            if after not in seen:
                seen.add(after)
                waiting.append(after)
    assert len(seen) > 500
