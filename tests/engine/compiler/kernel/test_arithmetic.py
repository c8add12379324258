"""Functions from numbers to numbers: extremes, masks and halves."""

from __future__ import annotations

import pytest

from tests.engine.compiler.lines import left, refusal, values

EXPECTED = {
    "min(2, 5)": 2,
    "min(5, 2)": 2,
    "max(2, 5)": 5,
    "max(5, 2)": 5,
    "min(three, 5)": 3,
    "min(three, 2)": 2,
    "max(three, 5)": 5,
    "max(three, 2)": 3,
    "min_t(int, -1, 5)": -1,
    "max_t(int, -1, 5)": 5,
    "min_t(u32, -1, 5)": 5,
    "max_t(u32, -1, 5)": 0xFFFF_FFFF,
    "min_t(u8, 0x105, 7)": 5,
    "max_t(u8, 0x105, 7)": 7,
    "BIT(0)": 1,
    "BIT(31)": 1 << 31,
    "BIT(63)": -(1 << 63),
    "BIT(three)": 8,
    "BIT_ULL(62)": 1 << 62,
    "GENMASK(7, 4)": 0xF0,
    "GENMASK(0, 0)": 1,
    "GENMASK(63, 0)": -1,
    "GENMASK_ULL(63, 32)": -(1 << 32),
    "lower_32_bits(0x1234567890abcdefULL)": 0x90AB_CDEF,
    "upper_32_bits(0x1234567890abcdefULL)": 0x1234_5678,
    "lower_32_bits(-1)": 0xFFFF_FFFF,
    "upper_32_bits(three)": 0,
    "sizeof(upper_32_bits(three))": 4,
    "sizeof(lower_32_bits(three))": 4,
    "sizeof(BIT(1))": 8,
    "sizeof(GENMASK(1, 0))": 8,
}


def test_a_function_of_numbers_has_the_value_that_its_name_says() -> None:
    assert values(EXPECTED, "int three = vcpu->vcpu_id + 3;") == EXPECTED


def test_an_extreme_evaluates_each_side_once() -> None:
    assert left("n = max(n++ + 5, m++ + 2);", "static int n; static int m;") == {"n": 5, "m": 1}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("min(1)", "expected 2 arguments"),
        ("max(1, 2, 3)", "expected 2 arguments"),
        ("min_t(1, 2)", "expected 3 arguments"),
        ("BIT(1, 2)", "expected 1 arguments"),
        ("BIT(64)", "a bit from 0 to 63"),
        ("BIT(-1)", "a bit from 0 to 63"),
        ("GENMASK(1)", "expected 2 arguments"),
        ("GENMASK(64, 0)", "63 >= high >= low >= 0"),
        ("GENMASK(0, 1)", "63 >= high >= low >= 0"),
        ("GENMASK(1, -1)", "63 >= high >= low >= 0"),
        ("GENMASK(vcpu->vcpu_id, 0)", "63 >= high >= low >= 0"),
        ("GENMASK(1, vcpu->vcpu_id)", "63 >= high >= low >= 0"),
        ("lower_32_bits(1, 2)", "expected 1 arguments"),
        ("upper_32_bits()", "expected 1 arguments"),
    ],
)
def test_a_mask_or_an_extreme_of_something_else_is_refused(call: str, message: str) -> None:
    assert message in refusal(f"u64 x = {call};")
