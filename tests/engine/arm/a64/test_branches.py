from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.arm.a64.branches import (
    BranchCondition,
    BranchIf,
    BranchToRegister,
    BranchWithLink,
    CompareBranch,
    TestBranch,
    UnconditionalBranch,
)
from engine.arm.assembly.code_range import CodeRange
from engine.arm.core import Core
from engine.arm.program import Instruction
from tests.engine.arm.a64.cores import core

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


CODE = CodeRange(0x20_0000, 3)


@pytest.mark.parametrize(
    ("text", "instruction"),
    [
        ("nop; bl 1f; 1: nop", BranchWithLink(2, 0x20_0008)),
        ("nop; blr x3; nop", BranchToRegister(3, CODE, 0x20_0008)),
        ("nop; br x3; nop", BranchToRegister(3, CODE)),
        ("nop; ret; nop", BranchToRegister(30, CODE)),
        ("nop; ret x7; nop", BranchToRegister(7, CODE)),
    ],
)
def test_calls_and_returns(
    guest: Callable[[str], tuple[Instruction, ...]], text: str, instruction: Instruction
) -> None:
    assert guest(text)[1] == instruction


def test_a_call_leaves_the_address_to_return_to_and_a_return_goes_there() -> None:
    core = Core.reset(1)
    called = BranchWithLink(2, 0x20_0008).compute(core)
    assert called == Core.reset(2).write(30, 0x20_0008)
    assert BranchToRegister(30, CODE).compute(called).pc == 2
    assert BranchToRegister(3, CODE, 0x20_0008).compute(core.write(3, 0x20_0000)) == (
        Core.reset(0).write(3, 0x20_0000).write(30, 0x20_0008)
    )


def test_a_register_that_holds_no_address_of_the_program_leads_to_its_end() -> None:
    assert BranchToRegister(3, CODE).compute(Core.reset(0)).pc == 3


def test_a_branch_goes_to_its_target() -> None:
    assert UnconditionalBranch(3).compute(core(1)) == core(1).jump(3)


@pytest.mark.parametrize(
    ("value", "wide", "zero"), [(0, True, True), (1 << 32, True, False), (1 << 32, False, True)]
)
def test_cbz_and_cbnz_look_at_the_register_at_its_width(value: int, wide: bool, zero: bool) -> None:
    before = core(value)
    assert CompareBranch(1, False, 3, wide).compute(before).pc == (3 if zero else 11)
    assert CompareBranch(1, True, 3, wide).compute(before).pc == (11 if zero else 3)


@pytest.mark.parametrize("bit", [0, 31, 32, 63])
def test_tbz_and_tbnz_look_at_one_bit(bit: int) -> None:
    one, others = core(1 << bit), core(2**64 - 1 - (1 << bit))
    assert TestBranch(1, bit, True, 3).compute(one) == one.jump(3)
    assert TestBranch(1, bit, False, 3).compute(one) == one.step()
    assert TestBranch(1, bit, True, 3).compute(others) == others.step()
    assert TestBranch(1, bit, False, 3).compute(others) == others.jump(3)
