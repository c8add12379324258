from __future__ import annotations

import pytest

from engine.arm.memory_type import MemoryType, memory_type
from engine.arm.registers import Hcr

M, C = 0b001, 0b100


@pytest.mark.parametrize(
    ("sctlr_el1", "hcr_el2", "expected"),
    [
        (0, 0, MemoryType.DEVICE),
        (C, 0, MemoryType.DEVICE),
        (0, Hcr.DC.mask, MemoryType.WRITE_BACK),
        (C, Hcr.DC.mask, MemoryType.WRITE_BACK),
        (M, 0, MemoryType.NON_CACHEABLE),
        (M, Hcr.DC.mask, MemoryType.WRITE_BACK),
        (M | C, 0, MemoryType.WRITE_BACK),
        (0, Hcr.FWB.mask, MemoryType.WRITE_BACK),
        (M, Hcr.FWB.mask, MemoryType.WRITE_BACK),
    ],
)
def test_the_type_of_an_access_follows_sctlr_dc_and_fwb(
    sctlr_el1: int, hcr_el2: int, expected: MemoryType
) -> None:
    assert memory_type(sctlr_el1, hcr_el2) is expected


def test_only_write_back_looks_in_the_caches() -> None:
    assert [kind.cacheable for kind in MemoryType] == [False, False, True]
