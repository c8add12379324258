from __future__ import annotations

import pytest

from engine.explorer.cost import Cost, Span, cost
from engine.explorer.limits import Limits
from engine.explorer.reduced.search import reduced_search
from engine.judge import Ghost
from tests.engine.build import machine
from tests.engine.explorer.generate import random_machine
from tests.engine.explorer.plain import PlainSearch, plain_search
from tests.engine.explorer.policies import all_policies


def span(search: PlainSearch, what: str) -> Span | None:
    """Relax every edge of the plain graph until nothing changes, or a gain goes round for ever."""
    states = range(search.states)
    ended = [all(not edge.by_actor for edge in edges) for edges in search.edges]
    fewest = [0 if end else None for end in ended]
    most = list(fewest)
    for _ in (*states, None):
        before = list(most)
        for state in states:
            for edge in search.edges[state]:
                added = getattr(edge.flushes, what)
                low, high = fewest[edge.target], most[edge.target]
                if low is not None and high is not None:
                    own_low, own_high = fewest[state], most[state]
                    fewest[state] = low + added if own_low is None else min(own_low, low + added)
                    most[state] = high + added if own_high is None else max(own_high, high + added)
        if most == before:
            break
    reachable_gain = before != most
    if fewest[0] is None:
        return None
    return Span(fewest[0], None if reachable_gain else most[0])


def plain_cost(search: PlainSearch) -> Cost | None:
    flushes, lines = span(search, "calls"), span(search, "lines")
    return None if flushes is None or lines is None else Cost(flushes, lines)


@pytest.mark.parametrize("block", range(4))
def test_it_is_that_of_the_plain_graph(block: int) -> None:
    compared = 0
    for seed in range(3000 + block * 30, 3030 + block * 30):
        machine = random_machine(seed, all_policies())
        ghost = Ghost.initial(machine)
        plain = plain_search(machine, ghost, Limits(max_states=250))
        if plain.reason is None:
            graph = reduced_search(machine, ghost, Limits(), flushes_only=True).flushes
            assert graph is not None
            assert cost(graph) == plain_cost(plain), seed
            compared += 1
    assert compared > 10


@pytest.mark.parametrize("block", range(2))
def test_of_guests_that_choose_it_is_that_of_the_plain_graph(block: int) -> None:
    compared = 0
    for seed in range(6000 + block * 40, 6040 + block * 40):
        machine = random_machine(seed, all_policies(), choosing=0.5)
        ghost = Ghost.initial(machine)
        plain = plain_search(machine, ghost, Limits(max_states=250))
        if plain.reason is None:
            graph = reduced_search(machine, ghost, Limits(), flushes_only=True).flushes
            assert graph is not None
            assert cost(graph) == plain_cost(plain), seed
            compared += 1
    assert compared > 10


@pytest.mark.parametrize(
    ("program", "flushes"),
    [
        ("choose on, out\non: msr sctlr_el1, x0\nout: nop", Span(0, 1)),
        ("loop: choose on, out\non: dc cisw, x4\nmsr sctlr_el1, x0\nb loop\nout: nop",
         Span(0, None)),
        ("loop: choose on, out\non: msr sctlr_el1, x0\nmsr sctlr_el1, x5\nb loop\nout: nop",
         Span(0, 1)),
    ],
)  # fmt: skip
def test_a_choice_may_cost_a_flush_or_none(program: str, flushes: Span) -> None:
    built = machine(program)
    graph = reduced_search(built, Ghost.initial(built), Limits(), flushes_only=True).flushes
    assert graph is not None
    found = cost(graph)
    assert found is not None
    assert found.flushes == flushes
    assert plain_cost(plain_search(built, Ghost.initial(built), Limits())) == found
