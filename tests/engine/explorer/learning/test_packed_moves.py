from __future__ import annotations

from engine.explorer.learning.packed_moves import OutcomeRow, split


def test_states_are_split_by_some_of_their_bits() -> None:
    assert split((0b100, 0b101, 0b110), 0b1) == {0: [0b100, 0b110], 1: [0b101]}


def test_a_row_finds_an_outcome_wherever_what_decides_it_is_the_same() -> None:
    row = OutcomeRow[str](0b1)
    row.put(0b101, decided_by=0b1, outcome="moves")
    assert row.outcomes.get(0b111 & row.mask) == "moves"


def test_a_row_forgets_what_it_knew_once_more_bits_decide() -> None:
    row = OutcomeRow[str](0b1)
    row.put(0b101, decided_by=0b1, outcome="moves")
    row.put(0b111, decided_by=0b10, outcome="waits")
    assert row.mask == 0b11
    assert row.outcomes == {0b11: "waits"}
