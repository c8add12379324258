from __future__ import annotations

from engine.explorer.learning.interning import Interned, line_key
from engine.explorer.learning.symbolic import symbolic_value
from engine.memory.line import Line


def test_values_are_numbered_as_they_are_met() -> None:
    interned = Interned()
    assert [interned.number(value) for value in ("b", "a", "b")] == [0, 1, 0]
    assert interned.values == ["b", "a"]


def test_a_reserved_value_is_told_apart_from_one_that_is_met() -> None:
    interned = Interned()
    interned.reserve("left out")
    assert interned.number("left out") == 1


def test_a_key_stands_for_a_value_that_cannot_be_compared() -> None:
    value = symbolic_value(3)
    interned = Interned()
    lines = [Line.initial((value,)), Line.initial((value,)), Line.initial((value,)).fill(0)]
    assert [interned.number(line, line_key(line)) for line in lines] == [0, 0, 1]
