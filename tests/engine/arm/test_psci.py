from __future__ import annotations

import pytest

from engine.arm.psci import PsciFunction, mpidr, psci_function, vcpu_of


@pytest.mark.parametrize(
    ("number", "function"),
    [
        (0x8400_0003, (PsciFunction.CPU_ON, False)),
        (0xC400_0003, (PsciFunction.CPU_ON, True)),
        (0x8400_0000, (PsciFunction.PSCI_VERSION, False)),
        (0xC400_0000, None),
        (0x8000_0000, (PsciFunction.SMCCC_VERSION, False)),
        (0x8400_0005, None),
        (0, None),
    ],
)
def test_a_function_is_known_by_its_number(
    number: int, function: tuple[PsciFunction, bool] | None
) -> None:
    assert psci_function(number) == function


def test_a_vcpu_is_found_by_its_affinities() -> None:
    assert [mpidr(index) for index in (0, 1, 15, 16)] == [
        *(0x8000_0000, 0x8000_0001, 0x8000_000F),
        0x8000_0100,
    ]
    assert [vcpu_of(mpidr(index), 17) for index in (0, 15, 16)] == [0, 15, 16]
    assert [vcpu_of(target, 2) for target in (2, 0x100, 0xFF_0000_0001)] == [None, None, None]
    assert vcpu_of(0x4000_0001, 2) == 1
