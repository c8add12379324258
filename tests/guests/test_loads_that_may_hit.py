"""Hardware whose Non-cacheable loads return the cached copy or RAM, each time either."""

from __future__ import annotations

import pytest

from engine.arm.memory_type import MemoryType
from engine.explorer.explore import explore
from engine.findings import Kind
from engine.machine.effects import Copy, Loaded
from engine.machine.events import GuestExecutes, event_name
from engine.transition import NotEnabledError, actor_events, take
from scenarios.file.reader import read_scenario
from scenarios.policy_library import load_policy
from scenarios.scenario import Scenario
from scenarios.schedule import play

NC = MemoryType.NON_CACHEABLE
FILE = """
title = "The MMU goes on, the caches stay off, and a load hits an old copy"
teaches = "KVM flushes once M and C are both set, so that upstream is unsafe here itself."
schedule = ["vcpu0", "fill x on pcpu0", "vcpu0", "vcpu0 WAY"]
hardware = { pcpus = 1, noncacheable = "KIND" }
memory = { words = { x = { address = 0x1000 } } }
[[vcpu]]
registers = { x0 = 0x00C5_0079, x1 = "x", x2 = 1 }
program = """
FILE += '"""\nmsr sctlr_el1, x0\nstr x2, [x1]\nldr x3, [x1]\n"""\n'


def scenario(kind: str = "may-hit", way: str = "hits") -> Scenario:
    text = FILE.replace("KIND", kind).replace("WAY", way)
    return read_scenario(text.encode(), name="t", file="t.toml")


def loads(read: Scenario) -> list[object]:
    steps = play(read.machine(load_policy("upstream")), read.schedule).timeline.steps
    return [each for step in steps for each in step.effects if isinstance(each, Loaded)]


def test_a_schedule_says_whether_a_load_hits_or_goes_around() -> None:
    hit, missed = loads(scenario(way="hits")), loads(scenario(way="misses"))
    assert [(each.memory_type, each.source) for each in hit if isinstance(each, Loaded)] == [
        (NC, Copy.CACHE)
    ]
    assert [(each.memory_type, each.source) for each in missed if isinstance(each, Loaded)] == [
        (NC, Copy.RAM)
    ]


@pytest.mark.parametrize(
    ("kind", "found"), [("may-hit", [Kind.STALE]), ("bypasses", []), ("snoops", [])]
)
def test_upstream_itself_is_unsafe_where_a_load_may_hit(kind: str, found: list[Kind]) -> None:
    built = scenario(kind, "step").machine(load_policy("upstream"))
    assert [each.finding.kind for each in explore(built).counterexamples] == found


def test_only_a_load_of_a_line_that_is_in_a_cache_has_two_ways() -> None:
    read = scenario()
    timeline = play(read.machine(load_policy("upstream")), read.schedule).timeline
    last = timeline.steps[-1].before
    events = actor_events(last, 0)
    assert [event_name(last, event) for event in events] == ["vcpu0 hits", "vcpu0 misses"]
    first = timeline.initial
    assert actor_events(first, 0) == (GuestExecutes(0),)
    with pytest.raises(NotEnabledError):
        take(first, GuestExecutes(0, hits=True))


def test_where_a_load_has_one_way_a_schedule_passes_over_the_other_and_says_why() -> None:
    read = scenario("bypasses", "hits")
    skipped = play(read.machine(load_policy("upstream")), read.schedule).skipped
    assert [each.why for each in skipped] == [
        "vcpu0 is at no load that may hit a cached copy, or go around it"
    ]
