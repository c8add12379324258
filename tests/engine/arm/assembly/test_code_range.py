from __future__ import annotations

import pytest

from engine.arm.assembly.code_range import CodeRange, code_base


def test_programs_stand_apart_and_the_vmms_comes_first() -> None:
    assert [code_base(program) for program in (-1, 0, 1)] == [0x10_0000, 0x20_0000, 0x30_0000]


@pytest.mark.parametrize(
    ("address", "index"),
    [
        (0x20_0000, 0),
        (0x20_0008, 2),
        (0x20_000C, 3),
        (0x20_0010, 3),
        (0x20_0002, 3),
        (0x1F_FFFC, 3),
        (0, 3),
    ],
)
def test_an_address_without_an_instruction_is_the_programs_end(address: int, index: int) -> None:
    assert CodeRange(0x20_0000, 3).index(address) == index
