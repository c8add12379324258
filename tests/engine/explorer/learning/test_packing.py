from __future__ import annotations

from itertools import permutations, product
from operator import add

import pytest

from engine.explorer.learning.packing import Packing


def test_numbers_come_back_out() -> None:
    packing = Packing.of((1, 3, 2))
    assert packing.pack((1, 5, 2)) == 0b10_101_1
    assert packing.unpack(0b10_101_1) == [1, 5, 2]


def test_a_mask_covers_its_parts() -> None:
    assert Packing.of((1, 3, 2)).mask((0, 2)) == 0b11_000_1


def test_it_is_widened_where_it_must() -> None:
    packing = Packing.of((1, 3))
    assert packing.fits((2, 8))
    assert not packing.fits((3, 8))
    assert packing.widened((3, 9)).widths == (2, 8)
    assert packing.widened((3, 8)).widths == (2, 3)


def test_a_field_with_more_than_four_values_gets_four_bits_to_spare() -> None:
    packing = Packing.of((0, 0, 0))
    assert packing.widened((4, 5, 9)).widths == (2, 3 + 4, 4 + 4)


def test_states_move_to_a_wider_packing() -> None:
    narrow, wide = Packing.of((1, 3, 2)), Packing.of((1, 5, 2))
    assert wide.unpack(narrow.mover(wide)(narrow.pack((1, 5, 2)))) == [1, 5, 2]


def test_some_parts_may_be_put_below_the_others() -> None:
    packing = Packing.of((1, 3, 2), lowest=(2,))
    assert packing.pack((1, 5, 2)) == 0b101_1_10
    assert packing.unpack(0b101_1_10) == [1, 5, 2]
    assert packing.widened((2, 8, 5)).lowest == (2,)


@pytest.mark.parametrize("lowest", [(), *permutations(range(3), 1), *permutations(range(3), 2)])
def test_no_number_is_lost_on_the_way_to_any_wider_packing(lowest: tuple[int, ...]) -> None:
    for widths in product(range(3), repeat=3):
        narrow = Packing.of(widths, lowest)
        numbers = [(1 << width) - 1 for width in widths]
        for more in product(range(3), repeat=3):
            wide = Packing.of(map(add, widths, more), lowest)
            assert wide.unpack(narrow.mover(wide)(narrow.pack(numbers))) == numbers
