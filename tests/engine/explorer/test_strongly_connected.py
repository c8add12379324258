from __future__ import annotations

from itertools import product
from random import Random

from engine.explorer.strongly_connected import components

GRAPH = {0: (1,), 1: (2, 4), 2: (1, 3), 3: (3,), 4: (), 5: (0,)}


def test_states_that_lead_to_one_another_are_one_component_and_successors_come_first() -> None:
    found: dict[int, list[int]] = {}
    for state, number in components(GRAPH, GRAPH.__getitem__).items():
        found.setdefault(number, []).append(state)
    assert list(found.values()) == [[3], [4], [2, 1], [0], [5]]


def test_only_what_the_roots_lead_to_is_looked_at() -> None:
    assert set(components([1], GRAPH.__getitem__)) == {1, 2, 3, 4}


def test_a_long_way_needs_no_deep_stack() -> None:
    assert len(components([0], lambda state: (state + 1,) if state < 50_000 else ())) == 50_001


def test_two_states_are_in_one_component_just_where_each_leads_to_the_other() -> None:
    random = Random(1)
    for size in range(1, 9):
        for _ in range(20):
            graph = {
                n: [m for m in range(size) if random.random() < 1.5 / size] for n in range(size)
            }
            found = components(graph, graph.__getitem__)
            reached = {n: set(components([n], graph.__getitem__)) for n in graph}
            for one, other in product(graph, repeat=2):
                both = other in reached[one] and one in reached[other]
                assert (found[one] == found[other]) == both, graph
