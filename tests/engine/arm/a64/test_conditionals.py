from __future__ import annotations

import pytest
from hypothesis import given

from engine.arm.a64.branches import (
    BranchCondition,
    BranchIf,
    holds,
)
from engine.arm.a64.data_processing import Arithmetic
from engine.arm.a64.operand_forms import Shifted
from tests.engine.arm.a64.cores import SUB, core, signed, values


@pytest.mark.parametrize(
    ("condition", "met"),
    # Column k is for NZCV = k, from 0000 to 1111.
    [
        (BranchCondition.EQ, "0000111100001111"),
        (BranchCondition.NE, "1111000011110000"),
        (BranchCondition.CS, "0011001100110011"),
        (BranchCondition.CC, "1100110011001100"),
        (BranchCondition.MI, "0000000011111111"),
        (BranchCondition.PL, "1111111100000000"),
        (BranchCondition.VS, "0101010101010101"),
        (BranchCondition.VC, "1010101010101010"),
        (BranchCondition.HI, "0011000000110000"),
        (BranchCondition.LS, "1100111111001111"),
        (BranchCondition.GE, "1010101001010101"),
        (BranchCondition.LT, "0101010110101010"),
        (BranchCondition.GT, "1010000001010000"),
        (BranchCondition.LE, "0101111110101111"),
        (BranchCondition.AL, "1111111111111111"),
        (BranchCondition.NV, "1111111111111111"),
    ],
)
def test_a_condition_is_met_by_exactly_its_flags(condition: BranchCondition, met: str) -> None:
    assert "".join(str(int(holds(condition, nzcv))) for nzcv in range(16)) == met
    for nzcv in range(16):
        before = core(nzcv=nzcv)
        taken = before.jump(3) if met[nzcv] == "1" else before.step()
        assert BranchIf(condition, 3).compute(before) == taken


@given(values, values)
def test_conditions_after_a_comparison_order_signed_and_unsigned_numbers(x1: int, x2: int) -> None:
    nzcv = Arithmetic(SUB, 31, 1, Shifted(2), True).compute(core(x1, x2)).nzcv
    s1, s2 = signed(x1, 64), signed(x2, 64)
    assert {c for c in BranchCondition if holds(c, nzcv)} - {
        *(
            BranchCondition.MI,
            BranchCondition.PL,
            BranchCondition.VS,
            BranchCondition.VC,
            BranchCondition.AL,
            BranchCondition.NV,
        )
    } == {
        BranchCondition.EQ if x1 == x2 else BranchCondition.NE,
        BranchCondition.CS if x1 >= x2 else BranchCondition.CC,
        BranchCondition.HI if x1 > x2 else BranchCondition.LS,
        BranchCondition.GE if s1 >= s2 else BranchCondition.LT,
        BranchCondition.GT if s1 > s2 else BranchCondition.LE,
    }
