from __future__ import annotations

from engine.policy.operators import BINARY, BinaryOperator


def test_a_comparison_gives_a_truth_and_a_shift_promotes_each_side_alone() -> None:
    compare = {spelled for spelled, operator in BINARY.items() if operator.compares}
    shift = {spelled for spelled, operator in BINARY.items() if operator.shifts}
    assert compare == {"==", "!=", "<", "<=", ">", ">="}
    assert shift == {"<<", ">>"}


def test_every_operator_has_one_spelling() -> None:
    assert set(BINARY.values()) == set(BinaryOperator)
    assert all(operator.value == spelled for spelled, operator in BINARY.items())
