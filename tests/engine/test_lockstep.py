from __future__ import annotations

from collections import Counter
from functools import cache

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.alignment import MOST_MATCHED
from engine.lockstep import (
    REPORT_EVERY,
    DrivingCancelledError,
    Lockstep,
    aligned,
    driven,
)
from engine.machine.actors import Actor
from engine.machine.effects import FaultTaken, Loaded
from engine.machine.events import (
    ActorChooses,
    Event,
    GuestExecutes,
    KvmExecutes,
    VmmExecutes,
    event_actor,
)
from engine.machine.hardware import LineEvicted, LineFilled
from engine.machine.state import Machine
from engine.policy.policy import Policy
from engine.timeline import Timeline
from scenarios.library import load_scenario
from scenarios.names import scenario_names
from scenarios.policy_library import load_policy
from scenarios.schedule import play
from tests.engine.build import machine, policy, policy_of, with_tvm
from tests.engine.test_properties import POLICIES, machines, walk

TOGETHER, LEFT, RIGHT = (1, 1), (1, 0), (0, 1)


def rows(*moves: tuple[tuple[int, int], int]) -> tuple[tuple[int, int], ...]:
    """Return the rows of moves, each done so many times."""
    found = [(0, 0)]
    for (left, right), times in moves:
        for _ in range(times):
            found.append((found[-1][0] + left, found[-1][1] + right))
    return tuple(found)


def instruction(run: Timeline, *actors: Actor) -> Timeline:
    """Extend a run by an instruction of each actor, with all that KVM does for it."""
    for actor in actors:
        run = run.extend([GuestExecutes(actor)])
        while run.machine.stack(actor):
            run = run.extend([KvmExecutes(actor)])
    return run


def under(other: Policy, built: Machine) -> Machine:
    """Return a machine at its start with another policy."""
    return attrs.evolve(
        built,
        setup=attrs.evolve(built.setup, policy=other),
        vcpus=tuple(attrs.evolve(vcpu, fields=other.initial_fields) for vcpu in built.vcpus),
        vm=attrs.evolve(built.vm, statics=other.initial_statics),
    )


def check(lockstep: Lockstep) -> None:
    """Hold two runs beside each other against what must be true of any."""
    ends = len(lockstep.left.steps), len(lockstep.right.steps)
    assert (lockstep.rows[0], lockstep.rows[-1]) == ((0, 0), ends)
    assert (lockstep.left.cursor, lockstep.right.cursor) == (0, 0)
    for before, after in zip(lockstep.rows, lockstep.rows[1:], strict=False):
        assert (after[0] - before[0], after[1] - before[1]) in (TOGETHER, LEFT, RIGHT)
    right = lockstep.right
    again = Timeline.replay(right.initial, right.events)
    assert (again.steps, again.ghosts, again.findings) == (
        right.steps,
        right.ghosts,
        right.findings,
    )


def executed(run: Timeline) -> Counter[Actor]:
    """Return how many instructions each actor has executed; one that faults is not."""
    return Counter(
        actor
        for step in run.steps
        if isinstance(step.event, GuestExecutes | VmmExecutes)
        and not any(isinstance(effect, FaultTaken) for effect in step.effects)
        and (actor := event_actor(step.event)) is not None
    )


def values_read(run: Timeline) -> dict[Actor, list[int]]:
    found: dict[Actor, list[int]] = {}
    for step in run.steps:
        for effect in step.effects:
            if isinstance(effect, Loaded):
                found.setdefault(effect.actor, []).append(effect.version.value)
    return found


def test_the_headline_runs_beside_what_upstream_does() -> None:
    scenario = load_scenario("secondary-stale-line")
    left = play(scenario.machine(load_policy("vcpu0-only")), scenario.schedule).timeline
    lockstep = driven(left, scenario.machine(load_policy("upstream")))

    assert lockstep.rows == rows(
        (TOGETHER, 4),  # vcpu0 traps, the register, two statements
        (LEFT, 1),  # the condition on the vCPU, which only left has
        (TOGETHER, 7),  # the flush, two statements, the trace, the return
        (TOGETHER, 3),  # vcpu0's isb, the fill, vcpu1's store
        (TOGETHER, 4),  # vcpu1 traps, the register, two statements
        (TOGETHER, 1),  # left skips the flush, right begins it
        (RIGHT, 2),  # the rest of the flush
        (TOGETHER, 4),  # two statements, the trace, the return
        (TOGETHER, 2),  # vcpu1's isb and its load
    )
    assert [finding.step for finding in lockstep.left.findings] == [26]
    assert lockstep.right.findings == ()
    assert values_read(lockstep.left) == {1: [0]}
    assert values_read(lockstep.right) == {1: [1]}


def test_a_row_is_found_by_the_step_that_either_side_has_reached() -> None:
    scenario = load_scenario("secondary-stale-line")
    left = play(scenario.machine(load_policy("vcpu0-only")), scenario.schedule).timeline
    lockstep = driven(left, scenario.machine(load_policy("upstream")))

    assert [lockstep.row_of_left(step) for step in (0, 11, 12, 13, 24, 25, 26)] == [
        *(0, 11, 12, 13, 26, 27, 28)
    ]
    assert [lockstep.row_of_right(step) for step in (0, 11, 12, 23, 24, 25, 27)] == [
        *(0, 12, 13, 24, 25, 26, 28)
    ]


CHOSEN = (
    *("upstream", "vcpu0-only", "never", "coalesced", "first-to-enable-late", "last-to-enable"),
    "set-way-arms-only",
)


@cache
def compiled(name: str) -> Policy:
    return load_policy(name)


@pytest.mark.parametrize("name", scenario_names())
def test_a_shipped_scenarios_run_drives_every_other_policy(name: str) -> None:
    scenario = load_scenario(name)
    for first in CHOSEN:
        left = play(scenario.machine(compiled(first)), scenario.schedule).timeline
        for second in CHOSEN:
            lockstep = driven(left, scenario.machine(compiled(second)))
            check(lockstep)
            if first == second:
                assert lockstep.right.events == left.events
                assert lockstep.rows == rows((TOGETHER, len(left.steps)))
            if values_read(lockstep.right) == values_read(left):
                assert executed(lockstep.right) == executed(left)


@given(machines(), st.lists(st.integers(0, 11), max_size=80), st.sampled_from(POLICIES))
@settings(deadline=None)
def test_any_run_drives_another_policy(built: Machine, choices: list[int], other: Policy) -> None:
    left = walk(built, choices)
    lockstep = driven(left, under(other, built))
    check(lockstep)
    if other == built.setup.policy:
        assert lockstep.right.events == left.events
        assert lockstep.rows == rows((TOGETHER, len(left.steps)))
    ends = [run.seek(len(run.steps)).machine for run in (lockstep.left, lockstep.right)]
    in_kvm = [end.stack(actor) for end in ends for actor in (*range(len(end.vcpus)), -1)]
    if not any(in_kvm) and values_read(lockstep.right) == values_read(left):
        assert executed(lockstep.right) == executed(left)


def test_a_machine_that_traps_alone_finishes_its_exit_before_anything_else_happens() -> None:
    built = machine("msr sctlr_el1, x0\nnop", "nop", runs=policy("never"))
    left = Timeline.replay(
        with_tvm(built, 0, False), [GuestExecutes(0), GuestExecutes(1), GuestExecutes(0)]
    )
    lockstep = driven(left, built)

    exit_ = 6  # the register, four statements and conditions, the return
    assert lockstep.rows == rows((TOGETHER, 1), (RIGHT, exit_), (TOGETHER, 2))


def test_a_machine_that_does_not_trap_waits_until_the_exit_is_over() -> None:
    built = machine("msr sctlr_el1, x0\nnop", runs=policy("never"))
    left = instruction(Timeline.start(built), 0, 0)
    lockstep = driven(left, with_tvm(built, 0, False))

    assert lockstep.rows == rows((TOGETHER, 1), (LEFT, 6), (TOGETHER, 1))


def unmapped(built: Machine) -> Machine:
    return attrs.evolve(built, vm=attrs.evolve(built.vm, mapped=(False, False)))


def test_an_instruction_that_faults_in_the_other_machine_only_is_executed_again_at_once() -> None:
    built = machine("ldr x5, [x1]\nnop", "nop")
    left = Timeline.replay(built, [GuestExecutes(0), GuestExecutes(1), GuestExecutes(0)])
    lockstep = driven(left, unmapped(built))

    exit_ = 3  # the walk begins, its one line, it ends
    assert lockstep.rows == rows((TOGETHER, 1), (RIGHT, exit_ + 1), (TOGETHER, 2))
    assert executed(lockstep.right) == executed(left) == {0: 2, 1: 1}


def test_an_instruction_that_faults_in_left_only_is_not_executed_twice() -> None:
    built = machine("ldr x5, [x1]\nnop", "nop")
    left = instruction(Timeline.start(unmapped(built)), 0, 1, 0, 0)
    lockstep = driven(left, built)

    assert lockstep.rows == rows((TOGETHER, 1), (LEFT, 3), (TOGETHER, 1), (LEFT, 1), (TOGETHER, 1))
    assert lockstep.right.events == (GuestExecutes(0), GuestExecutes(1), GuestExecutes(0))


def test_an_instruction_that_faults_again_and_again_in_left_only_is_not_executed_again() -> None:
    built = machine("ldr x5, [x1]\nnop", "nop", vmm="vcpu_init vcpu1")
    left = instruction(Timeline.start(unmapped(built)), 0)
    left = left.extend([VmmExecutes(), *[KvmExecutes(-1)] * 3])
    left = instruction(left, 0, 0, 0)
    lockstep = driven(left, built)

    faults = [isinstance(each, FaultTaken) for step in left.steps for each in step.effects]
    assert faults.count(True) == 2
    assert executed(lockstep.right) == executed(left) == {0: 2, -1: 1}


def test_a_vcpu_that_is_reset_after_a_fault_of_left_only_begins_anew_on_both_sides() -> None:
    built = machine("nop\nldr x5, [x1]\nnop", vmm="vcpu_init vcpu0")
    left = instruction(Timeline.start(unmapped(built)), 0, 0)
    left = left.extend([VmmExecutes(), *[KvmExecutes(-1)] * 3, GuestExecutes(0)])
    lockstep = driven(left, built)

    assert lockstep.rows[-1][0] == len(left.steps)
    assert lockstep.right.events[-1] == GuestExecutes(0)
    assert [run.steps[-1].after.vcpus[0].core.pc for run in (left, lockstep.right)] == [1, 1]


LOCKED = """
static DEFINE_MUTEX(lock);

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	mutex_lock(&lock);
	trace_kvm_toggle_cache(*vcpu_pc(vcpu), was_enabled, was_enabled);
	mutex_unlock(&lock);
}
"""


def test_what_a_vcpu_owes_while_it_waits_in_kvm_is_executed_once_it_can() -> None:
    built = machine("msr sctlr_el1, x0", "msr sctlr_el1, x0\nnop\nnop\nnop", runs=policy("never"))
    left = Timeline.start(built).extend([GuestExecutes(0), *[KvmExecutes(0)] * 2])
    left = instruction(left, 1, 1, 1)
    left = left.extend([KvmExecutes(0)] * 4)
    left = instruction(left, 1)
    lockstep = driven(left, under(policy_of(LOCKED), built))

    assert lockstep.rows == rows(
        (TOGETHER, 3),  # vcpu0 traps; in right it has the lock
        (TOGETHER, 2),  # vcpu1 traps, its register is written; in right it waits for the lock
        (LEFT, 5),  # the rest of its exit
        (LEFT, 2),  # and two instructions, which are owed
        (LEFT, 2),  # vcpu0's exit, which does something else in right,
        (RIGHT, 2),  # until the lock is free
        (RIGHT, 4),  # vcpu1's exit
        (RIGHT, 2),  # what it owes
        (LEFT, 1),  # left's vcpu0 traces only now
        (TOGETHER, 1),  # vcpu0 is back in the guest
        (TOGETHER, 1),  # vcpu1's last instruction
    )
    assert executed(lockstep.right) == executed(left) == {0: 1, 1: 4}


def test_a_vcpu_that_waits_for_a_lock_for_ever_stays_where_it_is() -> None:
    never_unlocked = LOCKED.replace("\tmutex_unlock(&lock);\n", "")
    built = machine("msr sctlr_el1, x0", "msr sctlr_el1, x0\nspin: b spin", runs=policy("never"))
    left = instruction(Timeline.start(built), 0, *[1] * 50)
    lockstep = driven(left, under(policy_of(never_unlocked), built))

    check(lockstep)
    assert executed(lockstep.right) == {0: 1, 1: 1}
    assert lockstep.right.steps[-1].after.vcpus[1].stack != ()


LONG = """
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	int i;

	for (i = 0; i < 4000; i++)
		vcpu->arch.turns++;
}
"""


def test_an_exit_that_is_too_long_goes_on_when_left_executes_again() -> None:
    built = machine("msr sctlr_el1, x0\nnop", "nop", runs=policy("never"))
    left = instruction(Timeline.start(built), 0, 1, 0)
    lockstep = driven(left, under(policy_of(LONG), built))

    # The register, i = 0, three steps a turn, the last condition, the return: 12,004 in all.
    alone = Counter(
        before[0]
        for before, after in zip(lockstep.rows, lockstep.rows[1:], strict=False)
        if after[0] == before[0]
    )
    assert alone == {7: 10_000, 8: 12_004 - 6 - 10_000}
    assert executed(lockstep.right) == executed(left) == {0: 2, 1: 1}


class Told:
    """What a drive has told of how far it is, which is stopped when it has told so often."""

    def __init__(self, stopped_after: int) -> None:
        self.steps: list[int] = []
        self._stopped_after = stopped_after

    def __call__(self, steps: int) -> bool:
        self.steps.append(steps)
        return len(self.steps) < self._stopped_after


def test_a_long_drive_tells_how_far_it_is_and_ends_when_nobody_wants_it_any_more() -> None:
    built = machine("b .")
    left = Timeline.replay(built, [GuestExecutes(0)] * (3 * REPORT_EVERY + 1))

    whole = Told(stopped_after=99)
    lockstep = driven(left, built, whole)
    assert lockstep.rows == rows((TOGETHER, len(left.steps)))
    assert whole.steps == [REPORT_EVERY, 2 * REPORT_EVERY, 3 * REPORT_EVERY]

    cut = Told(stopped_after=2)
    with pytest.raises(DrivingCancelledError):
        driven(left, built, cut)
    assert cut.steps == [REPORT_EVERY, 2 * REPORT_EVERY]


def test_steps_that_right_takes_alone_for_one_of_lefts_tell_and_end_as_well() -> None:
    built = machine("msr sctlr_el1, x0\nnop", "nop", runs=policy("never"))
    left = instruction(Timeline.start(built), 0, 1, 0)
    long = under(policy_of(LONG), built)

    whole = Told(stopped_after=99)
    driven(left, long, whole)
    assert whole.steps == [7] * (10_000 // REPORT_EVERY) + [8] * (2_000 // REPORT_EVERY)

    cut = Told(stopped_after=3)
    with pytest.raises(DrivingCancelledError):
        driven(left, long, cut)
    assert cut.steps == [7, 7, 7]


def test_a_vcpu_that_waits_of_its_own_accord_owes_nothing() -> None:
    built = machine("wfi\nadd x6, x6, #1\nb .", vmm="inject_irq vcpu0\nnop")
    woken = built.with_vcpu(0, attrs.evolve(built.vcpus[0], interrupt=True))
    left = Timeline.replay(woken, [*[GuestExecutes(0)] * 4, VmmExecutes(), *[GuestExecutes(0)] * 2])
    lockstep = driven(left, built)

    assert lockstep.rows == rows((LEFT, 4), (TOGETHER, 3))
    assert executed(lockstep.right) == {0: 2, -1: 1}


def test_a_guest_that_reads_another_value_goes_its_own_way_at_lefts_pace() -> None:
    built = machine("ldr x5, [x1]\ncbz x5, zero\nstr x0, [x3]\nzero: str x0, [x2]\nb .")
    one = built.with_line(0, built.lines[0].store_around(0, 1, snoops=False))
    left = Timeline.replay(built, [GuestExecutes(0)] * 4)
    lockstep = driven(left, one)

    assert lockstep.rows == rows((TOGETHER, 4))
    assert [run.steps[-1].after.vcpus[0].core.pc for run in (left, lockstep.right)] == [4, 4]
    assert lockstep.right.steps[-1].after.lines[1].newest == (1,)


def test_what_the_hardware_cannot_do_in_the_other_machine_is_passed_over() -> None:
    built = machine("nop")
    filled = built.with_line(0, built.lines[0].fill(0))
    left = Timeline.replay(built, [LineFilled(0, 0), LineEvicted(0)])
    assert driven(left, filled).rows == rows((LEFT, 1), (TOGETHER, 1))


def test_branches_go_in_step_until_they_part() -> None:
    run = Timeline.start(machine("nop\nnop\nnop", "nop\nnop")).extend([GuestExecutes(0)])
    one = run.extend([GuestExecutes(1), GuestExecutes(0)])

    assert aligned(one, one).rows == rows((TOGETHER, 3))
    assert aligned(one, run).rows == rows((TOGETHER, 1), (LEFT, 2))
    assert aligned(run, one).rows == rows((TOGETHER, 1), (RIGHT, 2))
    check(aligned(one, run))


def test_branches_are_side_by_side_where_their_events_are_equal() -> None:
    run = Timeline.start(machine("nop\nnop\nnop", "nop\nnop"))
    common: list[Event] = [GuestExecutes(1), GuestExecutes(1)]
    left = run.extend([GuestExecutes(0), LineFilled(0, 0), LineEvicted(0), *common])
    right = run.extend([GuestExecutes(0), LineFilled(1, 0), *common, GuestExecutes(0)])

    assert aligned(left, right).rows == rows(
        (TOGETHER, 1), (TOGETHER, 1), (LEFT, 1), (TOGETHER, 2), (RIGHT, 1)
    )


def test_long_branches_are_side_by_side_by_position() -> None:
    run = Timeline.start(machine("b .", "b ."))
    long: list[Event] = [GuestExecutes(0)] * (MOST_MATCHED + 1)
    left, right = run.extend(long), run.extend([GuestExecutes(1), *long])

    assert aligned(left, right).rows == rows((TOGETHER, MOST_MATCHED + 1), (RIGHT, 1))
    shorter = run.extend(long[:-1])
    assert aligned(shorter, run.extend([GuestExecutes(1), *long[:-2]])).rows == rows(
        (RIGHT, 1), (TOGETHER, MOST_MATCHED - 1), (LEFT, 1)
    )


def test_left_goes_on_alone_where_its_exit_is_the_longer_one() -> None:
    built = machine("msr sctlr_el1, x0\nnop", runs=policy("upstream"))
    left = instruction(Timeline.start(built), 0, 0)
    lockstep = driven(left, under(policy("never"), built))

    assert lockstep.rows == rows((TOGETHER, 3), (LEFT, 5), (TOGETHER, 5))


CHOICE = "loop: choose store, load, enable\nstore: str x0, [x1]\nb loop\n" + (
    "load: ldr x4, [x1]\nb loop\nenable: msr sctlr_el1, x0\nb loop"
)


def test_what_left_chooses_right_chooses() -> None:
    built = machine(CHOICE, runs=policy("upstream"))
    left = Timeline.start(built)
    for label in ("store", "enable", "load"):
        left = instruction(left.extend([ActorChooses(0, label)]), 0, 0)
    lockstep = driven(left, under(policy("never"), built))
    check(lockstep)
    chosen = [step.event for step in lockstep.right.steps if isinstance(step.event, ActorChooses)]
    assert chosen == [ActorChooses(0, label) for label in ("store", "enable", "load")]


def own_events(run: Timeline) -> list[Event]:
    return [step.event for step in run.steps if not isinstance(step.event, KvmExecutes)]


def test_a_choice_that_right_was_in_kvm_for_is_owed() -> None:
    built = machine(CHOICE, runs=policy("never"))
    left = Timeline.start(built).extend([ActorChooses(0, "enable")])
    left = instruction(left, 0, 0).extend([ActorChooses(0, "load")])
    lockstep = driven(instruction(left, 0), under(policy("upstream"), built))
    check(lockstep)
    assert own_events(lockstep.right) == own_events(lockstep.left)


def test_right_chooses_nothing_that_left_does_not() -> None:
    # By the flag that vcpu0 sees, one comes to a choice where the other executes an instruction.
    built = machine("ldr x4, [x1]\ncbz x4, on\nchoose on, out\non: nop\nnop\nout: nop")
    x = built.setup.layout.line_of[0]
    other = built.with_line(x, built.lines[x].store_around(0, 1, snoops=False))
    left = Timeline.start(built).extend([GuestExecutes(0)] * 4)
    assert driven(left, other).right.events == (GuestExecutes(0), GuestExecutes(0))
    choosing = [*[GuestExecutes(0)] * 2, ActorChooses(0, "out")]
    back = driven(Timeline.start(other).extend(choosing), built)
    assert back.right.events == (GuestExecutes(0),) * 3
