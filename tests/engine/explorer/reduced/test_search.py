from __future__ import annotations

import pytest

from engine.explorer.exhaustive.search import ExhaustiveSearch, exhaustive_search
from engine.explorer.limits import LimitReason, Limits
from engine.explorer.reduced.search import ReducedSearch, reduced_search
from engine.findings import Kind
from engine.judge import Ghost
from engine.timeline import Timeline
from engine.transition import enabled
from tests.engine.explorer.generate import random_machine
from tests.engine.explorer.plain import PlainSearch, plain_search
from tests.engine.explorer.policies import all_policies


def lengths(search: PlainSearch | ExhaustiveSearch | ReducedSearch) -> dict[Kind, int]:
    return {each.finding.kind: len(each.events) for each in search.counterexamples}


@pytest.mark.parametrize("block", range(4))
def test_it_finds_what_the_plain_search_finds(block: int) -> None:
    compared = 0
    for seed in range(1000 + block * 25, 1025 + block * 25):
        machine = random_machine(seed, all_policies())
        ghost = Ghost.initial(machine)
        plain = plain_search(machine, ghost, Limits(max_states=300))
        if plain.reason is None:
            assert lengths(reduced_search(machine, ghost, Limits())) == lengths(plain), seed
            compared += 1
    assert compared > 10


@pytest.mark.parametrize("block", range(8))
def test_it_finds_what_the_exhaustive_search_finds(block: int) -> None:
    compared = 0
    for seed in range(2000 + block * 60, 2060 + block * 60):
        machine = random_machine(seed, all_policies())
        ghost = Ghost.initial(machine)
        full = exhaustive_search(machine, ghost, Limits(max_states=5000))
        if full.reason is None:
            assert lengths(reduced_search(machine, ghost, Limits())) == lengths(full), seed
            compared += 1
    assert compared > 40


@pytest.mark.parametrize("block", range(4))
def test_from_the_middle_of_a_run_it_finds_what_the_exhaustive_search_finds(block: int) -> None:
    for seed in range(5000 + block * 40, 5040 + block * 40):
        timeline = Timeline.start(random_machine(seed, all_policies()))
        for step in range(4 + seed % 5):
            events = enabled(timeline.machine)
            if events:
                timeline = timeline.extend([events[(seed * 7 + step * 5) % len(events)]])
        start = (timeline.machine, timeline.ghost)
        full = exhaustive_search(*start, Limits(max_states=5000))
        if full.reason is None:
            assert lengths(reduced_search(*start, Limits())) == lengths(full), seed


@pytest.mark.parametrize("block", range(8))
def test_of_guests_that_stray_it_finds_what_the_exhaustive_search_finds(block: int) -> None:
    compared = faulty = 0
    for seed in range(8000 + block * 60, 8060 + block * 60):
        machine = random_machine(seed, all_policies(), straying=0.25)
        ghost = Ghost.initial(machine)
        full = exhaustive_search(machine, ghost, Limits(max_states=5000))
        if full.reason is None:
            assert lengths(reduced_search(machine, ghost, Limits())) == lengths(full), seed
            compared += 1
            faulty += Kind.FAULT in lengths(full)
    assert compared > 40
    assert faulty > 15


@pytest.mark.parametrize("block", range(2))
def test_of_guests_that_stray_it_finds_what_the_plain_search_finds(block: int) -> None:
    compared = 0
    for seed in range(9000 + block * 40, 9040 + block * 40):
        machine = random_machine(seed, all_policies(), straying=0.25)
        ghost = Ghost.initial(machine)
        plain = plain_search(machine, ghost, Limits(max_states=300))
        if plain.reason is None:
            assert lengths(reduced_search(machine, ghost, Limits())) == lengths(plain), seed
            compared += 1
    assert compared > 10


@pytest.mark.parametrize("block", range(4))
def test_of_guests_that_choose_it_finds_and_reaches_what_the_exhaustive_search_does(
    block: int,
) -> None:
    compared = found = 0
    for seed in range(10_000 + block * 60, 10_060 + block * 60):
        machine = random_machine(seed, all_policies(), choosing=0.4, straying=0.1 * (block == 0))
        ghost = Ghost.initial(machine)
        full = exhaustive_search(machine, ghost, Limits(max_states=5000))
        if full.reason is None:
            search = reduced_search(machine, ghost, Limits())
            assert (lengths(search), search.places) == (lengths(full), full.places), seed
            compared += 1
            found += bool(lengths(full))
    assert compared > 40
    assert found > 10


@pytest.mark.parametrize("block", range(8))
def test_of_guests_that_boot_it_finds_what_the_exhaustive_search_finds(block: int) -> None:
    compared = 0
    for seed in range(11_000 + block * 60, 11_060 + block * 60):
        machine = random_machine(seed, all_policies(), booting=0.5)
        ghost = Ghost.initial(machine)
        full = exhaustive_search(machine, ghost, Limits(max_states=5000))
        if full.reason is None:
            assert lengths(reduced_search(machine, ghost, Limits())) == lengths(full), seed
            compared += 1
    assert compared > 25


def test_more_states_than_allowed_end_it_undecided() -> None:
    machine = random_machine(1, all_policies())
    search = reduced_search(machine, Ghost.initial(machine), Limits(max_states=1))
    assert search.reason is LimitReason.STATES


def test_a_search_cancelled_between_two_states_says_so() -> None:
    built = random_machine(4005, all_policies())
    search = reduced_search(built, Ghost.initial(built), Limits(), lambda counts: False)
    assert search.reason is LimitReason.CANCELLED
