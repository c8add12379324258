from __future__ import annotations

from types import SimpleNamespace

import pytest

from benchmarks.family import Member, Variant, member
from benchmarks.peer import protocol
from benchmarks.scenario_text import scenario_text
from engine.explorer.explore import explore
from scenarios.file.reader import read_scenario
from scenarios.policy_library import load_policy

# minicheck's Protocol is a record of what it is made with.
RECORD = SimpleNamespace(Protocol=SimpleNamespace)


def counts(each: Member) -> tuple[int, int]:
    model = protocol(each, RECORD)
    states = [model.initial]
    seen = {model.initial}
    transitions = 0
    for state in states:  # grows as it goes
        for _, after in model.transitions(state):
            transitions += 1
            if after not in seen:
                seen.add(after)
                states.append(after)
    return len(states), transitions


@pytest.mark.parametrize(
    "each",
    [
        member(Variant.SAFE, 2, 3),
        member(Variant.POLLED, 2, 2),
        member(Variant.BUG, 3, 3),
        member(Variant.CONTENDED, 3, 1),
        member(Variant.CONTENDED, 2, 1, length=3),
    ],
    ids=lambda each: each.name,
)
def test_the_protocol_has_the_states_and_transitions_of_the_plain_search(each: Member) -> None:
    scenario = read_scenario(scenario_text(each).encode(), name=each.name, file=each.name)
    found = explore(scenario.machine(load_policy("upstream")), exhaustive=True)
    assert counts(each) == (found.states, found.transitions)
