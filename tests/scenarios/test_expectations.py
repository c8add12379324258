"""Every shipped scenario's expectations, proved by a search over all interleavings."""

from __future__ import annotations

from collections import deque
from functools import cache

import pytest

from engine.explorer.cost import Cost
from engine.explorer.explore import Exploration, explore
from engine.findings import Kind, Verdict
from engine.judge import Ghost, observe
from engine.machine.state import Machine
from engine.stuck import stuck_vcpu
from engine.transition import enabled, take
from scenarios.library import load_scenario
from scenarios.names import policy_names, scenario_names
from scenarios.policy_library import load_policy
from scenarios.scenario import Expectation

MOST_STATES = 200_000

SMALL = ("boot-on-vcpu1", "secondary-stale-line", "single-vcpu-boot")

CASES = [(name, policy) for name in scenario_names() for policy in policy_names()]

SHARING = ("coalesced", "coalesced-set-way")


def initial(scenario: str, policy: str) -> Machine:
    return load_scenario(scenario).machine(load_policy(policy))


@cache
def explored(scenario: str, policy: str) -> Exploration:
    return explore(initial(scenario, policy))


def unsafe_policies(scenario: str) -> set[str]:
    return {
        policy
        for policy in policy_names()
        if explored(scenario, policy).verdict is not Verdict.SAFE
    }


@pytest.mark.parametrize(("scenario", "policy"), CASES)
def test_an_expectation_is_what_can_happen(scenario: str, policy: str) -> None:
    exploration = explored(scenario, policy)

    assert exploration.reason is None
    found = tuple(example.finding.kind for example in exploration.counterexamples)
    assert load_scenario(scenario).expectation(policy) == Expectation(policy, found)


def can_happen(start: Machine) -> set[Kind]:
    """Return the kinds of finding that some run has, by a search that knows no shortcut."""
    first = (start, Ghost.initial(start))
    seen = {first}
    waiting = deque([first])
    found: set[Kind] = set()
    while waiting:
        machine, ghost = waiting.popleft()
        if stuck_vcpu(machine) is not None:
            found.add(Kind.STUCK)
        for event in enabled(machine):
            step = take(machine, event)
            after, stale = observe(ghost, step.effects)
            if stale:
                found.add(Kind.STALE)
            lines = zip(step.before.lines, step.after.lines, strict=True)
            if any(
                line.lost(slot) and not before.lost(slot)
                for before, line in lines
                for slot in range(len(line.newest))
            ):
                found.add(Kind.LOST)
            state = (step.after, after)
            if state not in seen:
                assert len(seen) < MOST_STATES
                seen.add(state)
                waiting.append(state)
    return found


@pytest.mark.parametrize("scenario", SMALL)
@pytest.mark.parametrize("policy", policy_names())
def test_a_search_without_shortcuts_finds_the_same(scenario: str, policy: str) -> None:
    expected = load_scenario(scenario).expectation(policy)

    assert expected is not None
    assert can_happen(initial(scenario, policy)) == set(expected.kinds)


@pytest.mark.parametrize("scenario", scenario_names())
def test_who_is_to_blame_is_who_could_have_prevented_it(scenario: str) -> None:
    unsafe = unsafe_policies(scenario)

    match load_scenario(scenario).blame:
        case "policy":
            assert set() < unsafe < set(policy_names())
        case "guest" | "vmm":
            assert unsafe == set(policy_names())
        case "nobody":
            assert unsafe == set()


def test_upstream_breaks_by_its_own_fault_in_one_scenario() -> None:
    broken = [
        name
        for name in scenario_names()
        if load_scenario(name).blame == "policy" and "upstream" in unsafe_policies(name)
    ]

    assert broken == ["psci-off-and-on"]
    assert set(policy_names()) - unsafe_policies(*broken) == {"keep-trapping"}


def test_every_policy_that_is_no_worse_than_upstream_is_known_to_be() -> None:
    broken_with_upstream = {
        name for name in scenario_names() if "upstream" in unsafe_policies(name)
    }

    as_safe = [
        policy
        for policy in policy_names()
        if all(
            policy not in unsafe_policies(name)
            for name in scenario_names()
            if name not in broken_with_upstream
        )
    ]

    assert as_safe == [
        "clear-before-flush",
        "coalesced",
        "coalesced-set-way",
        "keep-trapping",
        "upstream",
    ]


def cost(scenario: str, policy: str) -> Cost:
    known = explored(scenario, policy).cost
    assert known is not None
    return known


@pytest.mark.parametrize("policy", SHARING)
@pytest.mark.parametrize("scenario", scenario_names())
def test_sharing_flushes_costs_no_more_than_upstream(scenario: str, policy: str) -> None:
    shared, own = cost(scenario, policy).flushes, cost(scenario, "upstream").flushes

    assert shared.most is not None
    assert own.most is not None
    assert shared.fewest <= own.fewest
    assert shared.most <= own.most


@pytest.mark.parametrize(
    ("policy", "fewest", "most"),
    [
        ("upstream", 4 * 64, 4 * 64),
        ("coalesced", 2 * 64, 4 * 64),
        ("vcpu0-only", 64, 64),
        ("never", 0, 0),
    ],
)
def test_what_four_vcpus_cost_is_what_the_text_says(policy: str, fewest: int, most: int) -> None:
    lines = cost("four-vcpus-64-lines", policy).lines_flushed

    assert (lines.fewest, lines.most) == (fewest, most)
