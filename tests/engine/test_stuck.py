"""Stuck: who in KVM comes out again, on which way, and after which step he does not any more."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from engine.explorer.canonical import canonical_machine
from engine.machine.actors import VMM, Actor
from engine.machine.state import Machine
from engine.stuck import (
    MOST_STATES,
    ActorFate,
    Fate,
    Watchman,
    fate,
    held_vcpu,
    in_kvm,
    stuck_vcpu,
    undecided_vcpu,
    waiting,
)
from engine.transition import actor_event, take
from tests.engine.build import OFF, ON, machine, policy_of
from tests.engine.explorer.generate import random_machine
from tests.engine.explorer.plain import possible_events
from tests.engine.explorer.reduced.hanging_policies import hanging_policies
from tests.engine.kvm.toggling import TOGGLE, waits_at

ENABLE = "msr sctlr_el1, x0"


def _machine(
    body: str,
    outside: str,
    *programs: str,
    vmm: str | None = None,
    sctlr: tuple[int, ...] = (),
) -> Machine:
    runs = policy_of(f"{outside}\n{TOGGLE}{{\n{body}\n}}\n")
    return machine(*programs, runs=runs, vmm=vmm, sctlr=sctlr)


def _moved(state: Machine, *actors: Actor) -> Machine:
    """Return the machine after each of these has taken a step."""
    for actor in actors:
        event = actor_event(state, actor)
        assert event is not None, f"{actor} cannot move"
        state = take(state, event).after
    return state


def _until_waits(state: Machine, actor: Actor) -> Machine:
    while actor_event(state, actor) is not None:
        state = _moved(state, actor)
    return state


FORGOTTEN = (
    "mutex_lock(&m); if (!was_enabled) return; mutex_unlock(&m);",
    "static DEFINE_MUTEX(m);",
)
DONE = (
    "if (vcpu->vcpu_id) done = true; else while (!READ_ONCE(done)) cpu_relax();",
    "static bool done;",
)


def test_in_kvm_are_those_who_have_trapped_and_have_not_returned() -> None:
    state = _machine(*FORGOTTEN, ENABLE, ENABLE)
    assert in_kvm(state) == ()
    assert in_kvm(_moved(state, 1)) == (1,)
    assert in_kvm(_moved(state, 1, 0)) == (0, 1)
    assert in_kvm(_moved(state, 1, 1, 1, 1, 1)) == ()


def test_a_vcpu_that_runs_to_its_end_returns_by_its_own_steps() -> None:
    state = _moved(_machine(*FORGOTTEN, ENABLE, ENABLE), 0)
    assert fate(state, 0) == ActorFate(Fate.RETURNS, (0, 0, 0, 0), within=True, states=4)
    assert fate(_moved(state, 0), 0) == ActorFate(Fate.RETURNS, (0, 0, 0), within=True, states=3)


def test_a_vcpu_that_waits_for_a_lock_nobody_releases_is_stuck() -> None:
    state = _until_waits(_moved(_machine(*FORGOTTEN, ENABLE, ENABLE), 0, 0, 0, 0, 0), 1)
    assert waits_at(state, 1) == "mutex_lock(&m);"
    assert fate(state, 1) == ActorFate(Fate.STUCK, states=1)
    assert (stuck_vcpu(state), undecided_vcpu(state)) == (1, None)


def test_the_way_out_is_led_by_those_in_kvm_where_they_end_the_wait() -> None:
    state = _moved(_until_waits(_machine(*DONE, ENABLE, ENABLE), 0), 1)
    assert fate(state, 0) == ActorFate(Fate.RETURNS, (1, 1, 1, 0, 0), within=True, states=5)
    assert (stuck_vcpu(state), undecided_vcpu(state)) == (None, None)


def test_else_by_a_guest_that_may_still_trap() -> None:
    state = _until_waits(_machine(*DONE, ENABLE, f"nop\n{ENABLE}"), 0)
    assert fate(state, 0) == ActorFate(Fate.RETURNS, (1, 1, 1, 1, 1, 0, 0), within=False, states=7)


def test_nobody_ends_the_wait_where_no_guest_traps_any_more() -> None:
    state = _until_waits(_machine(*DONE, ENABLE, "nop\nnop"), 0)
    assert fate(state, 0) == ActorFate(Fate.STUCK, states=3)


def test_hardware_may_end_it_where_a_guest_goes_by_what_it_sees() -> None:
    polls = f"again: ldr x5, [x3]\ncbz x5, again\n{ENABLE}"
    state = _until_waits(_machine(*DONE, ENABLE, polls, "str x0, [x3]"), 0)
    answer = fate(state, 0)
    assert answer.fate is Fate.RETURNS
    assert not answer.within
    assert 2 in answer.way
    assert fate(_until_waits(_machine(*DONE, ENABLE, polls), 0), 0).fate is Fate.STUCK


def test_so_may_the_eviction_of_an_old_copy() -> None:
    polls = "again: ldr x5, [x3]\ncbz x5, again\nmsr sctlr_el1, xzr"
    state = _machine(*DONE, ENABLE, polls, "str x0, [x3]", sctlr=(OFF, ON, OFF))
    state = _moved(_until_waits(state, 0), 1, 2)
    answer = fate(state, 0)
    assert (answer.fate, answer.within) == (Fate.RETURNS, False)
    assert None in answer.way


def test_of_a_search_with_too_few_states_nothing_is_known() -> None:
    state = _moved(_machine(*FORGOTTEN, ENABLE, ENABLE), 0)
    assert fate(state, 0, most=3) == ActorFate(Fate.UNKNOWN, states=3)
    assert fate(state, 0, most=4).fate is Fate.RETURNS


PATIENCE = f"int n = {2 * MOST_STATES}; while (!READ_ONCE(done) && --n) cpu_relax();"


def test_a_poll_with_much_patience_is_undecided() -> None:
    state = _moved(_machine(PATIENCE, "static int done;", ENABLE), 0)
    assert (stuck_vcpu(state), undecided_vcpu(state)) == (None, 0)
    assert fate(state, 0) == ActorFate(Fate.UNKNOWN, (), within=False, states=2_000)


def test_a_walk_is_gone_to_its_end_at_once_where_nobody_goes_by_lines() -> None:
    flush = "stage2_flush_vm(vcpu->kvm); done = true;"
    state = _machine(flush, "static bool done;", ENABLE)
    answer = fate(_moved(state, 0), 0)
    moved = _moved(state, 0, *(0 for _ in answer.way))
    assert in_kvm(moved) == ()
    assert answer.states < len(answer.way)


def test_under_an_ioctl_it_is_the_vcpu_that_is_held() -> None:
    state = _moved(_machine(*DONE, "nop", "nop\nnop", vmm="vcpu_init vcpu1"), 1, VMM)
    assert in_kvm(state) == (VMM,)
    assert held_vcpu(state, VMM) == 1
    assert held_vcpu(state, 0) == 0


def test_one_who_waits_is_told_where_he_waits() -> None:
    state = waiting(_moved(_machine(*DONE, ENABLE, ENABLE), 0), 0)
    assert waits_at(state, 0) == "!READ_ONCE(done)"


def test_one_who_goes_on_is_told_his_last_step_in_kvm() -> None:
    state = _machine(*DONE, ENABLE, ENABLE)
    before_last = waiting(_moved(state, 1), 1)
    assert in_kvm(before_last) == (1,)
    assert in_kvm(_moved(before_last, 1)) == ()


def test_one_who_goes_round_is_told_a_step_of_his_round() -> None:
    body = "while (a != 2) a = !a;"
    state = waiting(_moved(_machine(body, "static int a;", ENABLE), 0), 0)
    assert in_kvm(state) == (0,)


def _watched(state: Machine, *actors: Actor) -> list[int | None]:
    """Return what a watchman says after each step."""
    watchman, said = Watchman(), list[int | None]()
    for actor in actors:
        event = actor_event(state, actor)
        assert event is not None, f"{actor} cannot move"
        step = take(state, event)
        said.append(watchman.stuck_after(step))
        state = step.after
    return said


def test_the_watchman_tells_the_first_step_after_which_somebody_is_stuck_and_no_other() -> None:
    state = _machine(*FORGOTTEN, ENABLE, ENABLE, "nop\nnop")
    assert _watched(state, 0, 0, 0, 0, 0, 2, 1, 2) == [*(None for _ in range(6)), 1, None]


def test_he_tells_it_where_another_bars_the_way_of_one_who_waits() -> None:
    body = """
	if (vcpu->vcpu_id) { mutex_lock(&p); mutex_lock(&q); }
	else { mutex_lock(&q); mutex_lock(&p); }
	mutex_unlock(&p);
	mutex_unlock(&q);
	"""
    state = _machine(body, "static DEFINE_MUTEX(p); static DEFINE_MUTEX(q);", ENABLE, ENABLE)
    for order in ((0, 0, 1, 1, 0, 1), (1, 0, 1, 0, 0, 1), (0, 1, 1, 0, 1, 0)):
        assert _watched(state, *order, 0, 1) == [*(None for _ in range(7)), 0]


@pytest.mark.parametrize(
    ("waits_for", "becomes", "after"),
    [
        ("READ_ONCE(shut)", "shut = true;", 5),
        ("other->arch.shut", "vcpu->arch.shut = true;", 5),
        ("vcpu_get_hcr(other) & HCR_TRVM", "*vcpu_hcr(vcpu) |= HCR_TRVM;", 5),
        ("vcpu_has_cache_enabled(other)", "", 2),
    ],
    ids=["static", "field", "hcr_el2", "sctlr_el1"],
)
def test_he_tells_it_where_the_way_is_barred_by_what_kvm_reads(
    waits_for: str, becomes: str, after: int
) -> None:
    body = f"""
	struct kvm_vcpu *other = kvm_get_vcpu(vcpu->kvm, 1);

	if (vcpu->vcpu_id) {{ {becomes} return; }}
	while ({waits_for})
		cpu_relax();
	"""
    state = _machine(body, "static bool shut;", ENABLE, ENABLE)
    assert _watched(state, 0, *(1 for _ in range(after))) == [*(None for _ in range(after)), 0]


def test_he_tells_nothing_of_one_who_was_stuck_before_he_came() -> None:
    state = _moved(_machine(*FORGOTTEN, ENABLE, ENABLE, "nop"), 0, 0, 0, 0, 0, 1)
    assert stuck_vcpu(state) == 1
    assert _watched(state, 2) == [None]


def _comes_out(start: Machine, actor: Actor, most: int) -> bool | None:
    """Say whether any run at all leads an actor out of KVM, None where there are too many."""
    met, due = {canonical_machine(start)}, [start]
    while due and len(met) < most:
        state = due.pop()
        for event in possible_events(state):
            after = take(state, event).after
            if not after.stack(actor):
                return True
            if (key := canonical_machine(after)) not in met:
                met.add(key)
                due.append(after)
    return None if due else False


@pytest.mark.parametrize("block", range(2))
def test_an_actors_fate_is_what_all_runs_together_tell(block: int) -> None:
    fates = Counter[Fate]()
    for seed in range(block * 20, block * 20 + 20):
        state, draw = random_machine(seed, hanging_policies()), Random(seed)
        for _ in range(25):
            for actor in in_kvm(state):
                comes_out = _comes_out(state, actor, 300)
                told = fate(state, actor).fate
                if comes_out is not None:
                    assert told is (Fate.RETURNS if comes_out else Fate.STUCK), seed
                    fates[told] += 1
            events = list(possible_events(state))
            if not events:
                break
            state = take(state, draw.choice(events)).after
    assert set(fates) == {Fate.RETURNS, Fate.STUCK}


@pytest.mark.parametrize("block", range(2))
def test_a_way_out_can_be_gone_and_leads_out(block: int) -> None:
    gone = 0
    for seed in range(block * 20, block * 20 + 20):
        state, draw = random_machine(seed, hanging_policies()), Random(seed)
        for _ in range(25):
            for actor in in_kvm(state):
                way = fate(state, actor).way
                if way and None not in way:
                    assert not _moved(state, *(each for each in way if each is not None)).stack(
                        actor
                    )
                    gone += 1
            events = list(possible_events(state))
            if not events:
                break
            state = take(state, draw.choice(events)).after
    assert gone


@pytest.mark.parametrize("block", range(2))
def test_the_watchman_tells_what_is_known_of_every_state_of_a_run(block: int) -> None:
    told = 0
    for seed in range(block * 20, block * 20 + 20):
        draw = Random(seed)
        for _ in range(3):
            state, watchman = random_machine(seed, hanging_policies()), Watchman()
            for _ in range(30):
                events = list(possible_events(state))
                if not events:
                    break
                step = take(state, draw.choice(events))
                said = watchman.stuck_after(step)
                was, now = stuck_vcpu(step.before), stuck_vcpu(step.after)
                assert said == (now if was is None else None), seed
                told += said is not None
                state = step.after
    assert told > 2
