from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.arm.a64.maintenance import CleanByVa, CleanOperation, MaintainBySetWay, SetWayOperation
from engine.arm.a64.system import (
    Barrier,
    BarrierKind,
    BarrierOption,
    Hint,
    HintKind,
    ReadSystemRegister,
    WaitForInterrupt,
    WriteSystemRegister,
)
from engine.arm.program import Instruction
from engine.arm.registers import WRITABLE, SystemRegister

BARRIER_NUMBERS = {
    15: BarrierOption.SY,
    14: BarrierOption.ST,
    13: BarrierOption.LD,
    11: BarrierOption.ISH,
    10: BarrierOption.ISHST,
    9: BarrierOption.ISHLD,
    7: BarrierOption.NSH,
    6: BarrierOption.NSHST,
    5: BarrierOption.NSHLD,
    3: BarrierOption.OSH,
    2: BarrierOption.OSHST,
    1: BarrierOption.OSHLD,
}
"""Arm ARM C6.2, DMB: what CRm encodes."""


@pytest.mark.parametrize("register", WRITABLE)
def test_system_registers_are_read_and_written(
    guest: Callable[[str], tuple[Instruction, ...]], register: SystemRegister
) -> None:
    assert guest(f"msr {register.value}, x3; mrs x4, {register.value.upper()}") == (
        WriteSystemRegister(register, 3),
        ReadSystemRegister(4, register),
    )


@pytest.mark.parametrize(
    ("text", "instruction"),
    [
        ("msr sctlr_el1, xzr", WriteSystemRegister(SystemRegister.SCTLR_EL1, 31)),
        ("mrs x0, mpidr_el1", ReadSystemRegister(0, SystemRegister.MPIDR_EL1)),
        *((f"dc {o.value}, x1", CleanByVa(o, 1)) for o in CleanOperation),
        *((f"dc {o.value}, x1", MaintainBySetWay(o, 1)) for o in SetWayOperation),
        *((f"dsb {o.value}", Barrier(BarrierKind.DSB, o)) for o in BarrierOption),
        ("DMB ISHST", Barrier(BarrierKind.DMB, BarrierOption.ISHST)),
        *((f"dmb #{n}", Barrier(BarrierKind.DMB, o)) for n, o in BARRIER_NUMBERS.items()),
        ("isb", Barrier(BarrierKind.ISB)),
        ("isb sy", Barrier(BarrierKind.ISB)),
        ("isb #15", Barrier(BarrierKind.ISB)),
        *((k.value, Hint(k)) for k in HintKind),
        ("wfi", WaitForInterrupt()),
    ],
)
def test_system_instructions(
    guest: Callable[[str], tuple[Instruction, ...]], text: str, instruction: Instruction
) -> None:
    assert guest(text) == (instruction,)
