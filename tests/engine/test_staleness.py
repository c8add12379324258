"""Since when something is stale, and because of what, held against a naive scan."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.diagnosis import is_stale_for, loads_now
from engine.findings import Kind
from engine.machine.actors import Actor, actors
from engine.memory.line import Version
from engine.staleness import Stale, Standings
from engine.timeline import Recording, Timeline
from engine.transition import enabled
from scenarios.file.reader import read_scenario
from scenarios.names import scenario_names
from scenarios.policy_library import load_policy

Run = Callable[..., Timeline]
Sight = tuple[Actor, int, Version, int]
"""Who sees which word in which version, and which one is due."""

POLICIES = ["upstream", "vcpu0-only", "never", "v3-14"]

TWICE = """
title = "Stale, with a fault in between"
teaches = "The guest sees nothing while KVM runs."
schedule = ["vcpu0 finish", "fill x on pcpu1", "vcpu1 finish"]
hardware = { pcpus = 2 }
[memory]
mapped = ["x"]
words = { x = { address = 0x4000_0000 }, y = { address = 0x4000_1000 } }
[[vcpu]]
registers = { x0 = 0x00C5_107D }
program = "msr sctlr_el1, x0"
[[vcpu]]
registers = { x0 = 0x00C5_107D, x1 = 0x4000_0000, x2 = 1, x4 = 0x4000_1000 }
program = '''
        str     x2, [x1]
        msr     sctlr_el1, x0
        isb
        nop
        ldr     x5, [x4]            // faults
        isb
        ldr     x3, [x1]
'''
"""

ROUND = """
title = "Stores past the caches, loads from them, and a fault, again and again"
teaches = "What is stale comes and goes."
schedule = []
hardware = { pcpus = 2 }
[memory]
mapped = ["x"]
words = { x = { address = 0x4000_0000 }, y = { address = 0x4000_1000 } }
[[vcpu]]
registers = { x0 = 0x00C5_107D, x1 = 0x4000_0000 }
program = '''
        msr     sctlr_el1, x0
again:  ldr     x3, [x1]
        nop
        b       again
'''
[[vcpu]]
registers = { x0 = 0x00C5_107D, x9 = 0x00C5_0078, x1 = 0x4000_0000, x2 = 1, x4 = 0x4000_1000 }
program = '''
again:  str     x2, [x1]
        msr     sctlr_el1, x0
        isb
        nop
        ldr     x5, [x4]
        ldr     x3, [x1]
        msr     sctlr_el1, x9
        b       again
'''
"""


def sights(timeline: Timeline) -> list[set[Sight]]:
    """Return what is stale at each step."""
    return [
        {
            (actor, word, version, there.ghost.entitled[actor][word])
            for actor in actors(there.machine.setup)
            for word in range(len(there.machine.setup.layout.words))
            if (version := is_stale_for(there.machine, there.ghost, actor, word)) is not None
        }
        for there in (timeline.seek(step) for step in range(len(timeline.steps) + 1))
    ]


def sight(stale: Stale) -> Sight:
    return stale.actor, stale.word, stale.version, stale.due


def wandered(choices: list[int]) -> Timeline:
    """Return a run of two guests that go round and round, by choices among what can happen."""
    scenario = read_scenario(ROUND.encode(), name="test", file="test.toml")
    recording = Recording(Timeline.start(scenario.machine(load_policy("vcpu0-only"))))
    for choice in choices:
        events = enabled(recording.machine)
        # The guests go on more often than the hardware does something.
        events = events if choice % 4 == 0 else events[:2]
        recording.take(events[choice // 4 % len(events)])
    return recording.timeline()


def beginning(timeline: Timeline, every: list[set[Sight]], step: int, one: Sight) -> int:
    since = step
    while step:
        step -= 1
        if one in every[step]:
            since = step
        elif loads_now(timeline.machine_at(step), one[0]):
            break
    return since


def checked(timeline: Timeline) -> list[tuple[Stale, ...]]:
    """Return what is stale at each step, in the order of steps, held against a scan."""
    every, standings = sights(timeline), Standings(timeline)
    found = [standings.stale(timeline.seek(step)) for step in range(len(every))]
    assert [{sight(each) for each in there} for there in found] == every
    for step, there in enumerate(found):
        assert [each.since for each in there] == [
            beginning(timeline, every, step, sight(each)) for each in there
        ]
    return found


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("scenario", scenario_names())
def test_since_and_cause_are_those_of_a_scan_and_of_the_finding(
    run: Run, scenario: str, policy: str
) -> None:
    timeline = run(scenario, policy)
    found = checked(timeline)
    for finding in timeline.findings:
        if finding.kind is not Kind.STALE:
            continue
        who = finding.actor, finding.word, finding.version
        assert finding.exact is not None
        assert finding.actor is not None
        for step in range(finding.exact, finding.step + 1):
            if not loads_now(timeline.machine_at(step), finding.actor):
                continue
            (stale,) = (each for each in found[step] if sight(each)[:3] == who)
            assert (stale.since, stale.cause) == (finding.exact, finding.cause)


@pytest.mark.parametrize(
    "scenario",
    ["set-way-on-secondary", "message-after-enable", TWICE],
    ids=["set-way", "message", "twice"],
)
@pytest.mark.parametrize("seed", range(4))
def test_it_is_the_same_in_whatever_order_one_goes_to_the_steps(
    run: Run, scenario: str, seed: int
) -> None:
    timeline = run(scenario)
    found = checked(timeline)
    steps = list(range(len(found)))
    Random(seed).shuffle(steps)
    standings = Standings(timeline)
    assert {step: standings.stale(timeline.seek(step)) for step in steps} == dict(enumerate(found))


@given(choices=st.lists(st.integers(0, 63), min_size=80, max_size=160), seed=st.integers(0, 9))
@settings(max_examples=40, deadline=None)
def test_in_any_run_it_is_as_a_scan_says_in_whatever_order_one_goes(
    choices: list[int], seed: int
) -> None:
    timeline = wandered(choices)
    every, standings = sights(timeline), Standings(timeline)
    steps = [*range(len(every)), *range(len(every))]
    Random(seed).shuffle(steps)
    for step in steps:
        there = timeline.seek(step)
        found = standings.stale(there)
        assert {sight(each): each.since for each in found} == {
            one: beginning(timeline, every, step, one) for one in every[step]
        }
        assert found == Standings(timeline).stale(there)


def test_a_fault_in_between_begins_nothing_anew(run: Run) -> None:
    timeline = run(TWICE)
    standings = Standings(timeline)
    steps = (32, 25, 31, 24, 27)
    found = {step: [each.since for each in standings.stale(timeline.seek(step))] for step in steps}
    assert found == {32: [23], 25: [23], 31: [23], 24: [23], 27: []}


def test_standings_fit_their_own_run_at_whatever_step(run: Run) -> None:
    timeline = run("secondary-stale-line")
    standings = Standings(timeline)
    fits = (timeline.seek(9), timeline.seek(9).extend(timeline.events[9:]))
    assert [standings.fits(each) for each in fits] == [True, False]
