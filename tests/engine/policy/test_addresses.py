"""Addresses: one number for each object of the machine."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.policy.addresses import Address, Region, address, decode


@given(
    region=st.sampled_from(Region),
    owner=st.integers(0, 0xFFF),
    depth=st.integers(0, 0xFF),
    slot=st.integers(0, (1 << 20) - 1),
)
def test_an_address_names_one_object(region: Region, owner: int, depth: int, slot: int) -> None:
    number = address(region, owner=owner, depth=depth, slot=slot)
    assert decode(number) == Address(region, owner, depth, slot)


@pytest.mark.parametrize("number", [0, 1, -1 & (1 << 64) - 1, 0xFFFF << 48])
def test_other_numbers_name_none(number: int) -> None:
    assert decode(number) is None


def test_what_is_not_said_of_an_address_is_nought() -> None:
    assert decode(address(Region.STATIC)) == Address(Region.STATIC, 0, 0, 0)
