"""The operators of C's expressions."""

from __future__ import annotations

from enum import Enum, unique
from typing import Final


@unique
class UnaryOperator(Enum):
    """Operators on one integer."""

    MINUS = "-"
    INVERT = "~"
    NOT = "!"


@unique
class BinaryOperator(Enum):
    """Operators on two operands; comparisons give an int, 0 or 1."""

    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    DIVIDE = "/"
    REMAINDER = "%"
    SHIFT_LEFT = "<<"
    SHIFT_RIGHT = ">>"
    AND = "&"
    OR = "|"
    XOR = "^"
    EQUAL = "=="
    UNEQUAL = "!="
    LESS = "<"
    LESS_EQUAL = "<="
    GREATER = ">"
    GREATER_EQUAL = ">="

    @property
    def compares(self) -> bool:
        """Say whether the result is the truth of a comparison."""
        return self in _COMPARISONS

    @property
    def shifts(self) -> bool:
        """Say whether the operands are promoted each on its own (C11 6.5.7)."""
        return self in (BinaryOperator.SHIFT_LEFT, BinaryOperator.SHIFT_RIGHT)


_COMPARISONS = (
    BinaryOperator.EQUAL,
    BinaryOperator.UNEQUAL,
    BinaryOperator.LESS,
    BinaryOperator.LESS_EQUAL,
    BinaryOperator.GREATER,
    BinaryOperator.GREATER_EQUAL,
)

BINARY: Final = {operator.value: operator for operator in BinaryOperator}
"""Binary operators by their spelling."""
