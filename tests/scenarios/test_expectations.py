"""Every shipped scenario's expectations, proved by a search over all interleavings."""

from __future__ import annotations

from collections import deque
from functools import cache

import pytest

from engine.findings import Kind
from engine.judge import Ghost, observe
from engine.machine.state import Machine
from engine.stuck import stuck_vcpu
from engine.transition import enabled, take
from scenarios.library import load_scenario, scenario_names
from scenarios.policy_library import load_policy, policy_names
from scenarios.scenario import Expectation

MOST_STATES = 200_000

CASES = [(name, policy) for name in scenario_names() for policy in policy_names()]


def can_happen(initial: Machine) -> set[Kind]:
    """Return the kinds of finding that some run from `initial` has."""
    start = (initial, Ghost.initial(initial))
    seen = {start}
    waiting = deque([start])
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


@cache
def kinds(scenario: str, policy: str) -> set[Kind]:
    return can_happen(load_scenario(scenario).machine(load_policy(policy)))


@pytest.mark.parametrize(("scenario", "policy"), CASES)
def test_an_expectation_is_what_can_happen(scenario: str, policy: str) -> None:
    found = kinds(scenario, policy)

    expected = load_scenario(scenario).expectation(policy)
    assert expected == Expectation(policy, tuple(kind for kind in Kind if kind in found))


@pytest.mark.parametrize("scenario", scenario_names())
def test_upstream_is_safe_on_every_scenario_where_a_policy_is_to_blame(scenario: str) -> None:
    if load_scenario(scenario).blame in ("policy", "nobody"):
        assert kinds(scenario, "upstream") == set()
