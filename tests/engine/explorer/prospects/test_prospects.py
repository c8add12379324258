from __future__ import annotations

from collections.abc import Sequence
from random import Random

import attrs
import pytest

from engine.explorer.exhaustive.search import exhaustive_search
from engine.explorer.limits import Limits
from engine.explorer.prospects.prospects import (
    NoReturn,
    Outlook,
    no_return,
    prospects,
)
from engine.findings import Kind
from engine.judge import Ghost
from engine.machine.events import Event, GuestExecutes, KvmExecutes, event_actor
from engine.machine.hardware import LineEvicted, LineFilled
from engine.machine.setup import Hardware
from engine.machine.state import Machine
from engine.timeline import Timeline
from engine.transition import actor_event, enabled
from scenarios.library import load_scenario
from scenarios.policy_library import load_policy
from scenarios.schedule import play
from tests.engine.build import ON, X, machine, policy, policy_of
from tests.engine.explorer.generate import random_machine
from tests.engine.explorer.policies import all_policies
from tests.engine.explorer.prospects.naive_prospects import naive_outlooks
from tests.engine.explorer.prospects.outlooks import MAY, MUST, SAFE, STORE_AND_ENABLE, known

NO_EVICTIONS = Hardware(pcpus=2, evictions=False)


def outlook(built: Machine) -> Outlook:
    return known(built).of(built, Ghost.initial(built))


def outlooks(run: Timeline) -> list[Outlook]:
    """Return the outlook before a run's first step and after each."""
    of = known(run.initial).of
    machines = (run.initial, *(step.after for step in run.steps))
    return [of(*state) for state in zip(machines, run.ghosts, strict=True)]


def x_cached(built: Machine) -> Machine:
    return built.with_line(0, built.lines[0].fill(0))


def finish(run: Timeline, vcpu: int) -> Timeline:
    while (event := actor_event(run.machine, vcpu)) is not None:
        run = run.extend([event])
    return run


def played(policy_name: str, *, evictions: bool = True) -> Timeline:
    scenario = load_scenario("secondary-stale-line")
    scenario = attrs.evolve(scenario, hardware=attrs.evolve(scenario.hardware, evictions=evictions))
    return play(scenario.machine(load_policy(policy_name)), scenario.schedule).timeline


def fill_of(run: Timeline) -> int:
    return next(n for n, step in enumerate(run.steps, 1) if isinstance(step.event, LineFilled))


def test_upstream_is_safe_all_the_way() -> None:
    run = played("upstream")
    assert set(outlooks(run)) == {Outlook(SAFE, SAFE)}
    assert no_return(run, known(run.initial)) == NoReturn(at=None, quiet=None)


def test_under_vcpu0_only_the_fill_settles_it_unless_hardware_evicts_the_line() -> None:
    run = played("vcpu0-only")
    fill, (finding,) = fill_of(run), run.findings
    # Before the fill nothing else brings x into a cache before vcpu1 has written it. After it,
    # vcpu0 is done and vcpu1 does not flush, so that an eviction alone can drop the copy.
    assert outlooks(run) == [
        *[Outlook(MAY, SAFE)] * fill,
        *[Outlook(MAY, MUST)] * (finding.step - fill),
        *[Outlook(SAFE, SAFE)] * (len(run.steps) + 1 - finding.step),
    ]
    assert no_return(run, known(run.initial)) == NoReturn(at=finding.step, quiet=fill)


def test_where_hardware_evicts_nothing_the_fill_is_the_point_of_no_return() -> None:
    run = played("vcpu0-only", evictions=False)
    fill = fill_of(run)
    assert outlooks(run)[fill - 1 : fill + 1] == [Outlook(MAY, SAFE), Outlook(MUST, MUST)]
    assert no_return(run, known(run.initial)) == NoReturn(at=fill, quiet=fill)


def test_a_fill_before_the_last_flush_settles_nothing() -> None:
    run = Timeline.start(played("vcpu0-only").initial).extend([LineFilled(0, 0)])
    # vcpu1 may still load before vcpu0 flushes, or vcpu0 flush in time.
    assert outlooks(run)[-1] == Outlook(MAY, MAY)


@pytest.mark.parametrize(
    ("cached", "evictions", "expected"),
    [
        (True, False, Outlook(MUST, MUST)),
        (True, True, Outlook(MAY, MUST)),
        (False, True, Outlook(MAY, SAFE)),
    ],
)
def test_a_stale_copy_breaks_for_certain_unless_it_may_leave_or_still_has_to_come(
    cached: bool, evictions: bool, expected: Outlook
) -> None:
    hardware = Hardware(pcpus=1, evictions=evictions)
    built = machine(STORE_AND_ENABLE, runs=policy("never"), hardware=hardware)
    assert outlook(x_cached(built) if cached else built) == expected


def test_a_run_that_must_break_from_the_start_returns_nowhere() -> None:
    built = machine(STORE_AND_ENABLE, runs=policy("never"), hardware=NO_EVICTIONS)
    run = Timeline.start(x_cached(built))
    for timeline in (run, finish(run, 0)):
        assert no_return(timeline, known(run.initial)) == NoReturn(at=0, quiet=0)


def test_what_hardware_saved_the_run_from_was_no_point_of_no_return() -> None:
    built = machine(STORE_AND_ENABLE, runs=policy("never"))
    run = Timeline.start(built).extend([LineFilled(0, 0), LineEvicted(0)])
    assert [each.quiet for each in outlooks(run)] == [SAFE, MUST, SAFE]
    assert no_return(run, known(built)) == NoReturn(at=None, quiet=None)
    run = run.extend([LineFilled(0, 0)])
    assert no_return(run, known(built)) == NoReturn(at=None, quiet=3)
    run = finish(run, 0)
    assert no_return(run, known(built)) == NoReturn(at=run.findings[0].step, quiet=3)


def test_hardware_that_cannot_help_leaves_the_point_of_no_return_where_it_is() -> None:
    built = machine(STORE_AND_ENABLE, runs=policy("never"))
    z = built.setup.layout.line_of[2]
    run = Timeline.start(built).extend([LineFilled(0, 0), LineFilled(z, 0), LineEvicted(z)])
    assert no_return(run, known(built)) == NoReturn(at=None, quiet=1)


LOCKED = """
static DEFINE_MUTEX(flush_lock);

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	mutex_lock(&flush_lock);
	stage2_flush_vm(vcpu->kvm);
}
"""


def test_two_toggles_under_a_lock_that_is_never_released_must_end_stuck() -> None:
    enable = "msr sctlr_el1, x0"
    built = machine(enable, enable, runs=policy_of(LOCKED))
    run = finish(finish(Timeline.start(built), 0), 1)
    stuck = next(n for n, each in enumerate(run.steps, 1) if each.event == GuestExecutes(1))
    assert [(each.kind, each.step) for each in run.findings] == [(Kind.STUCK, stuck)]
    assert outlooks(run)[: stuck + 1] == [*[Outlook(MUST, MUST)] * stuck, Outlook(SAFE, SAFE)]
    assert outlook(machine(enable, runs=policy_of(LOCKED))) == Outlook(SAFE, SAFE)


def test_a_choice_of_who_goes_first_can_be_the_point_of_no_return() -> None:
    built = machine(
        "str x0, [x3]\nmsr sctlr_el1, x0",
        "ldr x5, [x3]\ncbnz x5, end\nmsr sctlr_el1, x0\nend: nop",
        runs=policy_of(LOCKED),
    )
    start = Timeline.start(built)
    store, load = enabled(built)[:2]
    assert outlooks(start.extend([store])) == [Outlook(MAY, MAY), Outlook(SAFE, SAFE)]
    assert outlooks(start.extend([load])) == [Outlook(MAY, MAY), Outlook(MUST, MUST)]
    run = finish(finish(start.extend([load]), 0), 1)
    assert run.findings
    assert no_return(run, known(built)) == NoReturn(at=1, quiet=1)


POLL = "again: ldr x5, [x3]\ncbz x5, again\n"


def test_none_gets_stuck_again_where_one_is_stuck_already() -> None:
    built = machine(
        "msr sctlr_el1, x0\n" + POLL + "str x0, [x2]",
        "str x0, [x3]\nmsr sctlr_el1, x0",
        runs=policy_of(LOCKED),
    )
    run = Timeline.start(built).extend([GuestExecutes(0)])
    while run.machine.vcpus[0].stack:
        run = run.extend([KvmExecutes(0)])
    z = built.setup.layout.line_of[2]
    run = finish(run.extend([LineFilled(z, 0)]), 1)
    assert [each.kind for each in run.findings] == [Kind.STUCK]
    # Once the stale flag is evicted vcpu0 can still get to its store, and vcpu1 stays where it is.
    freed = finish(run.extend([LineEvicted(z)]), 0)
    assert freed.findings == run.findings
    assert known(run.machine, run.ghost).of(run.machine, run.ghost) == Outlook(SAFE, SAFE)
    assert known(built).of(run.machine, run.ghost) == Outlook(SAFE, SAFE)


def doomed(*programs: str, hardware: Hardware = NO_EVICTIONS) -> Machine:
    return x_cached(machine(*programs, runs=policy("never"), hardware=hardware))


def test_a_guest_that_polls_for_ever_keeps_no_other_from_breaking() -> None:
    assert outlook(doomed(STORE_AND_ENABLE, POLL)) == Outlook(MUST, MUST)


def test_a_guest_that_waits_for_what_never_comes_does_not_break() -> None:
    assert outlook(doomed(POLL + STORE_AND_ENABLE)) == Outlook(SAFE, SAFE)


def test_a_guest_that_waits_for_what_comes_and_stays_must_break() -> None:
    assert outlook(doomed(POLL + STORE_AND_ENABLE, "str x0, [x3]")) == Outlook(MUST, MUST)


def test_a_guest_that_waits_for_what_comes_and_goes_may_always_miss_it() -> None:
    flickers = "again: str x0, [x3]\nstr xzr, [x3]\nb again"
    assert outlook(doomed(POLL + STORE_AND_ENABLE, flickers)) == Outlook(MAY, MAY)


def test_a_guest_that_polls_a_cached_flag_goes_on_only_if_hardware_evicts_it() -> None:
    built = machine(
        "str x0, [x1]\nstr x0, [x3]",
        POLL + "ldr x6, [x1]",
        runs=policy("never"),
        sctlr=[0, ON],
    )
    z = built.setup.layout.line_of[2]
    built = x_cached(built).with_line(z, built.lines[z].fill(0))
    assert outlook(built) == Outlook(MAY, SAFE)


def walk(built: Machine, seed: int, steps: int) -> Timeline:
    """Return a random run in which actors move more often than hardware."""
    random = Random(seed)
    run = Timeline.start(built)
    events: Sequence[Event] = enabled(run.machine)
    while events and len(run.steps) < steps:
        weights = [1 if event_actor(event) is None else 6 for event in events]
        run = run.extend(random.choices(events, weights))
        events = enabled(run.machine)
    return run


@pytest.mark.parametrize("block", range(4))
def test_the_outlooks_are_those_of_the_definition(block: int) -> None:
    met: set[Outlook] = set()
    for seed in range(9000 + block * 150, 9150 + block * 150):
        run = walk(random_machine(seed, all_policies()), seed, seed % 4)
        start = (run.machine, run.ghost)
        full = exhaustive_search(*start, Limits(max_states=600))
        found = prospects(*start, limits=Limits(max_states=600))
        if full.reason is not None or found is None:
            assert found is None, seed
            continue
        assert found.states == full.states, seed
        assert (found.of(*start).prospect is not SAFE) == bool(full.counterexamples), seed
        if full.counterexamples:
            expected = naive_outlooks(start, 600)
            assert expected is not None
            assert {state: found.of(*state) for state in expected} == expected, seed
            met.update(expected.values())
    assert met == {
        Outlook(SAFE, SAFE),
        Outlook(MAY, SAFE),
        Outlook(MAY, MAY),
        Outlook(MAY, MUST),
        Outlook(MUST, MUST),
    }


@pytest.mark.parametrize("block", range(2))
def test_the_outlooks_of_guests_that_choose_are_those_of_the_definition(block: int) -> None:
    compared = 0
    for seed in range(7000 + block * 60, 7060 + block * 60):
        start = random_machine(seed, all_policies(), choosing=0.4)
        found = prospects(start, limits=Limits(max_states=400))
        expected = naive_outlooks((start, Ghost.initial(start)), 400)
        if found is not None and expected is not None:
            assert {state: found.of(*state) for state in expected} == expected, seed
            compared += 1
    assert compared > 20


def scanned(run: Timeline) -> NoReturn:
    """Return the points of no return by looking at every state."""
    broken = run.findings[0].step if run.findings else None
    before = outlooks(run)[:broken]

    def earliest(musts: list[bool]) -> int | None:
        return next((step for step in range(len(musts)) if all(musts[step:])), broken)

    return NoReturn(
        earliest([each.prospect is MUST for each in before]),
        earliest([each.quiet is MUST for each in before]),
    )


@pytest.mark.parametrize("evictions", [False, True])
def test_points_of_no_return_are_where_looking_at_every_state_puts_them(evictions: bool) -> None:
    hardware = Hardware(pcpus=2, evictions=evictions)
    built = machine(STORE_AND_ENABLE, runs=policy("never"), hardware=hardware, words={"x": X})
    found = known(built)
    met: set[tuple[bool, bool, bool]] = set()
    for seed in range(150):
        run = walk(built, seed, seed % 30)
        expected = scanned(run)
        assert no_return(run, found) == expected, seed
        met.add((bool(run.findings), expected.at is not None, expected.at == expected.quiet))
    undecided = (False, False, True)
    # A stale copy is clean here: an eviction that is possible may save the run up to the load.
    if evictions:
        assert met == {undecided, (False, False, False), (True, True, False)}
    else:
        assert met == {undecided, (False, True, True), (True, True, True)}
