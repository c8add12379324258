from __future__ import annotations

import pytest

from engine.machine.actors import VMM
from engine.machine.events import Event, GuestExecutes, KvmExecutes, VmmExecutes
from engine.machine.hardware import LineEvicted, LineFilled
from engine.query.kinds import BY_NAME, KINDS
from engine.query.locations import described, location, location_names
from engine.query.parser import parse
from engine.query.triggers import (
    AtFunction,
    AtLabel,
    AtLine,
    Becomes,
    Changes,
    OnEvent,
    Trigger,
    firing,
)
from engine.refusal import RefusedError
from engine.timeline import Timeline
from tests.engine.build import machine, policy_of, with_tvm

POLICY = """void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	if (vcpu->vcpu_id == 0)
		stage2_flush_vm(vcpu->kvm);
}
"""
EVENTS: list[Event] = [
    GuestExecutes(0),
    *[KvmExecutes(0)] * 7,
    LineFilled(0, 0),
    VmmExecutes(),
    *[GuestExecutes(1)] * 2,
    *[KvmExecutes(1)] * 3,
    *[GuestExecutes(1)] * 3,
    LineEvicted(0),
]
RUN = Timeline.replay(
    machine(
        "enable: msr sctlr_el1, x0",
        "store: str x0, [x1]\nenable: msr sctlr_el1, x0\nspin: ldr x5, [x1]\nb spin",
        vmm="host: nop",
        runs=policy_of(POLICY),
    ),
    EVENTS,
)
"""vcpu0 enables and flushes 2 lines; x is filled, vcpu1 stores around it, enables, polls."""
SETUP = RUN.initial.setup


def stops(text: str) -> list[int]:
    return fired(location(text, SETUP))


def fired(trigger: Trigger) -> list[int]:
    return list(filter(firing(trigger, RUN), range(1, len(RUN.steps) + 1)))


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("3", [2, 13]),
        ("test.c:4", [3]),
        ("kvm_toggle_cache", [2, 13]),
        ("vcpu1:enable", [11]),
        ("spin", [15, 17]),
        ("vmm:end", [10]),
        ("trap", [1, 12]),
        ("flush", [4]),
        ("flushed", [7]),
        ("skip", [14]),
        ("return", [8, 15]),
        ("toggle", [2, 13]),
        ("fill", [9]),
        ("evict", [19]),
        ("store", [11]),
        ("load", [16, 18]),
        ("finding", [16, 18]),
        ("exact", [15]),
        ("cause", [14]),
    ],
)
def test_a_place_stops_when_it_comes_next_and_an_event_when_it_has_happened(
    text: str, steps: list[int]
) -> None:
    assert stops(text) == steps


def test_only_the_register_that_has_the_bits_of_the_caches_toggles_them() -> None:
    built = machine("msr mair_el1, x0\nmsr sctlr_el1, x0\nmsr mair_el1, xzr")
    without_tvm = with_tvm(built, 0, False)
    run = Timeline.replay(without_tvm, [GuestExecutes(0)] * 3)
    toggled, written = (
        list(filter(BY_NAME[name].test(run), (1, 2, 3))) for name in ("toggle", "register")
    )
    assert (toggled, written) == ([2], [1, 2, 3])


def test_a_condition_stops_where_it_becomes_true_and_a_watch_where_its_value_changes() -> None:
    assert fired(Changes(parse("cache[x]", SETUP))) == [9, 19]
    assert fired(Becomes(parse("stale[1][x]", SETUP))) == [15]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("2", "column 1: found line 2; expected a line of test.c with a statement: 3, 4, 5"),
        ("up.c:3", "column 1: found 'up.c'; expected a source of the policy: test.c, set-way.c"),
        ("vcpu2:spin", "column 1: found 'vcpu2'; expected a vCPU or vmm; did you mean vcpu1 or "
         "vcpu0?"),
        ("vcpu1:spn", "column 7: found 'spn'; expected a label of vcpu1's program; did you mean "
         "spin?"),
        ("enable", "column 1: found 'enable', a label of several programs; expected vcpu0:enable "
         "or vcpu1:enable"),
        ("flsh", "column 1: found 'flsh'; expected a line (12, upstream.c:12), a function, a label "
         "(vcpu1:load, vcpu1:load+1) or an event's kind; did you mean flush or flushed?"),
    ],
)  # fmt: skip
def test_a_place_that_is_none_is_refused_with_what_there_is(text: str, error: str) -> None:
    with pytest.raises(RefusedError) as refused:
        location(text, SETUP)
    assert str(refused.value) == error


def test_a_trigger_is_described_by_words_that_make_it_again() -> None:
    triggers = (
        AtLine("test.c", 3),
        AtFunction(0),
        AtLabel(1, 2),
        AtLabel(VMM, 0),
        OnEvent(BY_NAME["skip"]),
    )
    for trigger in triggers:
        assert location(described(trigger, SETUP), SETUP) == trigger
    assert all(location(name, SETUP) for name in location_names(SETUP))


def test_every_kind_of_event_has_a_name_of_its_own() -> None:
    assert len(BY_NAME) == len(KINDS)
