from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.explorer.learning.symbolic import ConcreteValueNeeded, SymbolicValue


@pytest.mark.parametrize(
    "compute",
    [
        lambda value: value + 1,
        lambda value: 1 << value,
        lambda value: ~value & 0xFF,
        lambda value: value * value,
        lambda value: -value % 8,
    ],
)
def test_what_is_computed_from_it_is_symbolic(compute: Callable[[Any], Any]) -> None:
    value = SymbolicValue(2)
    assert compute(value) is value


@pytest.mark.parametrize(
    "decide",
    [
        bool,
        int,
        str,
        lambda value: value == 0,
        lambda value: value != 0,
        lambda value: value == value,
        lambda value: value < 1,
        lambda value: [1, 2][value],
        lambda value: value in (1, 2),
    ],
)
def test_what_depends_on_it_needs_its_word(decide: Callable[[Any], Any]) -> None:
    with pytest.raises(ConcreteValueNeeded) as raised:
        decide(SymbolicValue(2))
    assert raised.value.word == 2


def test_tuples_that_hold_the_same_one_are_equal() -> None:
    value = SymbolicValue(2)
    assert len(dict.fromkeys([(1, value), (1, value)])) == 1
