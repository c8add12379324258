from __future__ import annotations

from engine.explorer.exhaustive.groups import Frontier, moved


def test_a_frontier_knows_where_each_group_came_from() -> None:
    frontier = Frontier.empty()
    frontier.add(8, {1}, 0, 2)
    frontier.add(8, {2}, 16, 3)
    assert frontier.groups == {8: {1, 2}}
    assert frontier.came == {8: [(0, 2), (16, 3)]}
    assert frontier.size == 2


def test_a_group_is_taken_once() -> None:
    frontier = Frontier.empty()
    frontier.add(8, {1}, 0, 2)
    assert frontier.take(8) == {1}
    assert frontier.take(8) == set()


def test_groups_move_to_another_packing() -> None:
    assert moved({8: {1, 2}}, lambda state: state * 2) == {16: {2, 4}}


def test_where_a_group_came_from_goes_with_it() -> None:
    frontier = Frontier.empty()
    frontier.add(8, {1}, 0, 2)
    frontier.take(8)
    frontier.add(8, {2}, 16, 3)
    assert frontier.came == {8: [(16, 3)]}
