from __future__ import annotations

from engine.explorer.exhaustive.groups import Level, moved, split


def test_states_are_split_by_some_of_their_bits() -> None:
    assert split((0b100, 0b101, 0b110), 0b1) == {0: [0b100, 0b110], 1: [0b101]}


def test_a_level_knows_where_each_bundle_came_from() -> None:
    level = Level.empty()
    level.add(8, {1}, 0, 2)
    level.add(8, {2}, 16, 3)
    assert level.bundles == {8: {1, 2}}
    assert level.came == {8: [(0, 2), (16, 3)]}
    assert level.size == 2


def test_a_bundle_is_taken_once() -> None:
    level = Level.empty()
    level.add(8, {1}, 0, 2)
    assert level.take(8) == {1}
    assert level.take(8) == set()


def test_bundles_move_to_another_packing() -> None:
    assert moved({8: {1, 2}}, lambda state: state * 2) == {16: {2, 4}}
