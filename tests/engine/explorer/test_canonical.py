from __future__ import annotations

import pytest

from engine.explorer.canonical import Numbers, canonical_line
from engine.memory.line import Line, Version


def line(ram: int, cached: int | None, newest: int) -> Line:
    copy = None if cached is None else (Version(cached, 7),)
    return Line((Version(ram, 5),), copy, 0 if copy is None else 0b10, copy is not None, (newest,))


def test_versions_are_numbered_by_rank() -> None:
    assert canonical_line(line(3, 8, 9)) == Line(
        (Version(0, 5),), (Version(1, 7),), 0b1, True, (2,)
    )


def test_a_clock_between_two_versions_forbids_what_the_upper_one_does() -> None:
    numbers = Numbers.of(line(3, 8, 9), 0)
    assert [numbers.rank(number) for number in (2, 3, 4, 8, 9)] == [0, 0, 1, 1, 2]


def test_a_lost_version_counts_but_nobody_holds_it() -> None:
    assert Numbers.of(line(3, None, 9), 0) == Numbers((3, 9), (True, False))


@pytest.mark.parametrize(
    ("counting", "held"),
    [((0,), (True,)), ((2,), (True,)), ((0, 1), (True, True)), ((0, 3), (True, True)),
     ((0, 1), (True, False)), ((1, 2), (True, True))],
)  # fmt: skip
def test_nothing_is_renumbered_where_every_version_there_was_counts_and_is_held(
    counting: tuple[int, ...], held: tuple[bool, ...]
) -> None:
    numbers = Numbers(counting, held)
    unchanged = all(numbers.rank(number) == number for number in range(counting[-1] + 1))
    assert numbers.keeps_all == (unchanged and all(held))


def test_a_line_that_no_cache_holds_has_no_holder() -> None:
    assert canonical_line(line(3, None, 3)) == Line((Version(0, 5),), None, 0, False, (0,))
