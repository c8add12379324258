from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.arm.a64.branches import (
    BranchCondition,
    BranchIf,
    CompareBranch,
    TestBranch,
    UnconditionalBranch,
)
from engine.arm.program import Instruction

NAMES = [(c.value, c) for c in BranchCondition] + [
    ("hs", BranchCondition.CS),
    ("lo", BranchCondition.CC),
]


@pytest.mark.parametrize(
    ("text", "instruction"),
    [
        ("b there", UnconditionalBranch(1)),
        ("b .", UnconditionalBranch(0)),
        ("cbz x1, there", CompareBranch(1, False, 1)),
        ("cbnz w1, there", CompareBranch(1, True, 1, False)),
        ("tbz x1, #63, there", TestBranch(1, 63, False, 1)),
        ("tbnz w1, 31, there", TestBranch(1, 31, True, 1)),
    ],
)
def test_branches(
    guest: Callable[[str], tuple[Instruction, ...]], text: str, instruction: Instruction
) -> None:
    assert guest(f"{text}\nthere:") == (instruction,)


@pytest.mark.parametrize(("name", "condition"), NAMES)
def test_conditional_branches(
    guest: Callable[[str], tuple[Instruction, ...]], name: str, condition: BranchCondition
) -> None:
    assert guest(f"here: b.{name} here") == (BranchIf(condition, 0),)
