from __future__ import annotations

import pytest

from engine.explorer.exhaustive.search import ExhaustiveSearch, exhaustive_search
from engine.explorer.limits import Counts, LimitReason, Limits
from engine.judge import Ghost
from tests.engine.explorer.generate import random_machine
from tests.engine.explorer.plain import PlainSearch, plain_search
from tests.engine.explorer.policies import all_policies

SMALL = Limits(max_states=400)


def summary(search: PlainSearch | ExhaustiveSearch) -> object:
    lengths = [(each.finding.kind, len(each.events)) for each in search.counterexamples]
    return search.states, search.transitions, lengths


@pytest.mark.parametrize("block", range(8))
def test_it_is_the_plain_search_state_for_state(block: int) -> None:
    compared = 0
    for seed in range(block * 30, block * 30 + 30):
        machine = random_machine(seed, all_policies())
        ghost = Ghost.initial(machine)
        plain = plain_search(machine, ghost, SMALL)
        if plain.reason is None:
            fast = exhaustive_search(machine, ghost, Limits())
            assert summary(fast) == summary(plain), f"seed {seed}"
            compared += 1
    assert compared > 15


@pytest.mark.parametrize("block", range(2))
def test_of_guests_that_choose_it_is_the_plain_search_state_for_state(block: int) -> None:
    compared = 0
    for seed in range(3000 + block * 40, 3040 + block * 40):
        machine = random_machine(seed, all_policies(), choosing=0.4)
        ghost = Ghost.initial(machine)
        plain = plain_search(machine, ghost, SMALL)
        if plain.reason is None:
            fast = exhaustive_search(machine, ghost, Limits())
            assert summary(fast) == summary(plain), f"seed {seed}"
            compared += 1
    assert compared > 15


@pytest.mark.parametrize("block", range(4))
def test_of_guests_that_boot_it_is_the_plain_search_state_for_state(block: int) -> None:
    compared = 0
    for seed in range(11_000 + block * 30, 11_000 + block * 30 + 30):
        machine = random_machine(seed, all_policies(), booting=0.5)
        ghost = Ghost.initial(machine)
        plain = plain_search(machine, ghost, SMALL)
        if plain.reason is None:
            fast = exhaustive_search(machine, ghost, Limits())
            assert summary(fast) == summary(plain), f"seed {seed}"
            compared += 1
    assert compared > 7


def test_more_states_than_allowed_end_it_undecided() -> None:
    machine = random_machine(1, all_policies())
    search = exhaustive_search(machine, Ghost.initial(machine), Limits(max_states=2))
    assert search.reason is LimitReason.STATES


def test_a_callback_that_returns_false_cancels_it() -> None:
    machine = random_machine(1, all_policies())
    told: list[Counts] = []

    def stop(counts: Counts) -> bool:
        told.append(counts)
        return False

    search = exhaustive_search(machine, Ghost.initial(machine), Limits(), stop)
    assert search.reason is LimitReason.CANCELLED
    assert told == [Counts(states=1, transitions=0, frontier=1)]
