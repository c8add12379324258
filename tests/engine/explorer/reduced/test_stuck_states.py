from __future__ import annotations

import pytest

from engine.explorer.exhaustive.search import ExhaustiveSearch, exhaustive_search
from engine.explorer.explore import Verdict, explore
from engine.explorer.limits import LimitReason, Limits
from engine.explorer.reduced.search import ReducedSearch, reduced_search
from engine.findings import Finding, Kind
from engine.judge import Ghost
from engine.machine.events import GuestExecutes
from engine.machine.hardware import LineFilled
from engine.machine.setup import Hardware
from engine.machine.state import Machine
from engine.timeline import Timeline
from tests.engine.build import OFF, ON, machine, policy_of
from tests.engine.explorer.generate import random_machine
from tests.engine.explorer.plain import PlainSearch, plain_search
from tests.engine.explorer.reduced.hanging_policies import hanging_policies

BUSY = "beat: str x0, [x3]\nb beat"
ENABLE = "msr sctlr_el1, x0"
TOGGLE = "void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)"


def lengths(search: PlainSearch | ExhaustiveSearch | ReducedSearch) -> dict[Kind, int]:
    return {each.finding.kind: len(each.events) for each in search.counterexamples}


@pytest.mark.parametrize("block", range(4))
def test_every_search_finds_the_same_of_policies_that_hang(block: int) -> None:
    stuck = compared = 0
    for seed in range(block * 14, block * 14 + 14):
        built = random_machine(seed, hanging_policies())
        ghost = Ghost.initial(built)
        full = exhaustive_search(built, ghost, Limits(max_states=1000))
        if full.reason is None:
            assert lengths(reduced_search(built, ghost, Limits())) == lengths(full), seed
            if full.states < 120:
                assert lengths(plain_search(built, ghost, Limits())) == lengths(full), seed
            compared += 1
            stuck += Kind.STUCK in lengths(full)
    assert compared > 6
    assert stuck


@pytest.mark.parametrize("block", range(2))
def test_every_search_finds_the_same_of_guests_that_choose_when_to_hang(block: int) -> None:
    hanging = compared = 0
    for seed in range(500 + block * 40, 540 + block * 40):
        built = random_machine(seed, hanging_policies(), choosing=0.4)
        ghost = Ghost.initial(built)
        full = exhaustive_search(built, ghost, Limits(max_states=1500))
        if full.reason is None:
            assert lengths(reduced_search(built, ghost, Limits())) == lengths(full), seed
            compared += 1
            hanging += Kind.STUCK in lengths(full)
    assert compared > 6
    assert hanging


def hangs(body: str, outside: str, *programs: str, hardware: Hardware | None = None) -> Machine:
    runs = policy_of(f"{outside}\n{TOGGLE}\n{{\n{body}\n}}\n")
    return machine(*programs, runs=runs, hardware=hardware)


def found(built: Machine) -> tuple[Finding, ...]:
    return tuple(each.finding for each in explore(built).counterexamples)


def stuck(step: int, vcpu: int) -> Finding:
    return Finding(Kind.STUCK, step, vcpu, None, None, None, None, None)


FORGOTTEN = (
    "mutex_lock(&m); if (!was_enabled) return; mutex_unlock(&m);",
    "static DEFINE_MUTEX(m);",
)


def test_a_lock_that_is_not_released_is_found_beside_a_busy_vcpu() -> None:
    assert found(hangs(*FORGOTTEN, ENABLE, ENABLE)) == (stuck(4, 1),)
    assert found(hangs(*FORGOTTEN, ENABLE, ENABLE, BUSY)) == (stuck(4, 1),)


def test_a_waiter_that_keeps_a_statistic_is_stuck_like_any_other() -> None:
    outside = "static unsigned long busy, waits; static bool waited;"
    body = "while (test_and_set_bit(0, &busy)) { waits++; waited = !waited; }"
    assert found(hangs(body, outside, ENABLE, ENABLE)) == (stuck(4, 1),)


def test_a_waiter_that_changes_what_others_go_by_is_stuck_too() -> None:
    outside = "static unsigned long busy; static bool flips;"
    body = """
	if (flips)
		barrier();
	while (test_and_set_bit(0, &busy))
		flips = !flips;
	"""
    assert [each.kind for each in found(hangs(body, outside, ENABLE, ENABLE, BUSY))] == [Kind.STUCK]


def test_a_vcpu_that_waits_for_what_a_guest_may_still_do_is_not_stuck() -> None:
    outside = "static int here;"
    body = "if (here++ < 1) while (READ_ONCE(here) < 2) cpu_relax();"
    polls = "again: ldr x5, [x3]\ncbz x5, again\n" + ENABLE
    known = explore(hangs(body, outside, ENABLE, polls, "str x0, [x3]"))
    assert [each.finding.kind for each in known.counterexamples] == []
    assert known.verdict is Verdict.SAFE


def test_hardware_alone_can_make_it_so_that_a_guest_never_comes() -> None:
    outside = "static int here;"
    body = "if (here++ < 1) while (READ_ONCE(here) < 2) cpu_relax();"
    polls = "again: ldr x5, [x3]\ncbz x5, again\nmsr ttbr0_el1, x0"
    hardware = Hardware(pcpus=2, evictions=False)
    programs = ("str x0, [x3]\n" + ENABLE, polls)
    built = hangs(body, outside, *programs, hardware=hardware)
    ghost = Ghost.initial(built)
    assert lengths(reduced_search(built, ghost, Limits())) == lengths(
        plain_search(built, ghost, Limits())
    )


def test_a_fill_before_anybody_looks_can_make_it_so_at_once() -> None:
    body = "if (here++ < 1) while (READ_ONCE(here) < 2) cpu_relax();"
    built = machine(
        ENABLE,
        "ldr x6, [x1]\nagain: ldr x5, [x3]\ncbz x5, again\nmsr sctlr_el1, xzr",
        "nop\nstr x0, [x3]",
        runs=policy_of(f"static int here;\n{TOGGLE}\n{{\n{body}\n}}\n"),
        sctlr=(OFF, ON, OFF),
        hardware=Hardware(pcpus=3, evictions=False),
    )
    (found,) = explore(built).counterexamples
    assert found.finding == stuck(2, 0)
    assert [type(event) for event in found.events] == [GuestExecutes, LineFilled]


def test_the_nearest_is_found_where_runs_come_to_it_again_and_have_read_more() -> None:
    polls = """
one: ldr x6, [x1]
cbz x6, two
two: ldr x7, [x2]
cbz x7, three
three: ldr x5, [x3]
cbz x5, one
b one
"""
    waits = "while (!READ_ONCE(done)) cpu_relax();"
    built = hangs(waits, "static bool done;", f"str xzr, [x3]\n{ENABLE}", polls)
    run = Timeline.start(built).extend([*(GuestExecutes(1) for _ in range(5)), LineFilled(1, 0)])
    ghost = Ghost.initial(run.machine)
    for search in (reduced_search, plain_search):
        assert lengths(search(run.machine, ghost, Limits())) == {Kind.STUCK: 2}


@pytest.mark.parametrize("body", ["for (i = 0; i < 700; i++) barrier();", "while (i < 700) i++;"])
def test_a_loop_with_a_bound_of_its_own_is_not_stuck(body: str) -> None:
    known = explore(hangs(f"int i = 0; {body} stage2_flush_vm(vcpu->kvm);", "", ENABLE))
    assert known.verdict is Verdict.SAFE


def test_a_loop_of_many_rounds_is_followed_to_its_end() -> None:
    body = "int i; for (i = 0; i < 2500; i++) barrier(); stage2_flush_vm(vcpu->kvm);"
    known = explore(hangs(body, "", ENABLE))
    assert (known.verdict, known.reason) == (Verdict.SAFE, None)


POLL_WITH_PATIENCE = """
int patience = 100000;
while (!READ_ONCE(go) && --patience)
	cpu_relax();
"""


@pytest.mark.parametrize("others", [(), (BUSY,)])
def test_a_poll_whose_patience_is_longer_than_the_limit_is_undetermined_never_stuck(
    others: tuple[str, ...],
) -> None:
    built = hangs(POLL_WITH_PATIENCE, "static int go;", ENABLE, *others)
    known = explore(built, limits=Limits(max_states=200_000))
    assert known.counterexamples == ()
    assert (known.verdict, known.reason) == (Verdict.UNDETERMINED, LimitReason.LOOP)


def test_a_poll_with_patience_for_what_another_may_say_is_undetermined_never_stuck() -> None:
    says = "if (vcpu->vcpu_id) { WRITE_ONCE(go, 1); return; }"
    built = hangs(says + POLL_WITH_PATIENCE, "static int go;", ENABLE, ENABLE)
    known = explore(built, limits=Limits(max_states=3_000))
    assert known.counterexamples == ()
    assert known.verdict is Verdict.UNDETERMINED


def test_where_somebody_is_stuck_from_the_start_nobody_gets_so() -> None:
    built = hangs(*FORGOTTEN, ENABLE, ENABLE)
    (finding,) = explore(built).counterexamples
    run = Timeline.start(built).extend(finding.events)
    for search in (reduced_search, exhaustive_search, plain_search):
        assert lengths(search(run.machine, run.ghost, Limits())) == {}


def test_a_vcpu_that_its_first_step_makes_stuck_is_found_after_that_step() -> None:
    built = random_machine(26, hanging_policies())
    assert lengths(reduced_search(built, Ghost.initial(built), Limits())) == {Kind.STUCK: 1}
