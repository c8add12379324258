"""A choice: `choose`, which is no instruction of the machine but stands for any of several."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from engine.arm.assembly.operands import OperandReader, Operands
from engine.arm.assembly.syntax import AssemblyTokenKind
from engine.refusal import quote


@attrs.frozen
class Choose:
    """`choose LABEL, ...`: go on at any one of the labels.

    It stands for every program that has a branch to one of them in its place. `options` holds the
    labels as they are written, each with the index of the instruction that it stands for.
    """

    options: tuple[tuple[str, int], ...]

    def target(self, label: str) -> int:
        """Return the index of the instruction that an option stands for."""
        return dict(self.options)[label]


def _choose(operands: Operands) -> Choose:
    options: dict[str, int] = {}
    while True:
        token = operands.token
        if token.kind is not AssemblyTokenKind.SYMBOL or token.text == ".":
            raise operands.error(token, "a label with a name, by which the choice is known")
        if token.text in options:
            raise operands.error(token, f"a label other than {quote(token.text)} again")
        options[token.text] = operands.label()
        if not operands.accept(","):
            return Choose(tuple(options.items()))


CHOICES: Final[Mapping[str, OperandReader[Choose]]] = {"choose": _choose}
"""What leaves it open where a program goes on."""
