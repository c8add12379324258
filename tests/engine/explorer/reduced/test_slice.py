from __future__ import annotations

import pytest

from engine.explorer.exhaustive.search import ExhaustiveSearch
from engine.explorer.limits import Limits
from engine.explorer.reduced import slice as slice_search
from engine.explorer.reduced.search import ReducedSearch, reduced_search
from engine.findings import Kind
from engine.judge import Ghost
from engine.machine.state import Machine
from tests.engine.build import machine
from tests.engine.explorer.generate import random_machine
from tests.engine.explorer.plain import PlainSearch
from tests.engine.explorer.policies import all_policies


def lengths(search: PlainSearch | ExhaustiveSearch | ReducedSearch) -> dict[Kind, int]:
    return {each.finding.kind: len(each.events) for each in search.counterexamples}


@pytest.mark.parametrize("entangled", [-(10**9), 10**9])
def test_words_decided_together_or_one_by_one_give_the_same(
    entangled: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = [lengths(reduced(seed)) for seed in range(4000, 4040)]
    monkeypatch.setattr(slice_search, "_ENTANGLED", entangled)
    assert [lengths(reduced(seed)) for seed in range(4000, 4040)] == expected


def reduced(seed: int) -> ReducedSearch:
    return searched(random_machine(seed, all_policies()))


def searched(built: Machine) -> ReducedSearch:
    return reduced_search(built, Ghost.initial(built), Limits())


def test_words_are_decided_together_where_that_takes_fewer_states(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    together = reduced(4005).states
    monkeypatch.setattr(slice_search, "_ENTANGLED", -(10**9))
    assert together < reduced(4005).states


def test_a_guest_that_does_nothing_to_memory_is_one_state_and_one_that_stores_takes_steps() -> None:
    idle, storing = searched(machine("nop")), searched(machine("str x0, [x1]"))
    assert (idle.states, idle.transitions) == (1, 0)
    assert storing.states > 1
    assert storing.transitions > 0
