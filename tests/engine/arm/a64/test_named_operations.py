from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.arm.a64.named_operations import (
    InjectInterrupt,
    KickVmm,
    PsciCpuOff,
    PsciCpuOn,
    SetMpState,
    SetOneReg,
    VcpuInit,
    WaitForKick,
)
from engine.arm.program import Instruction
from engine.arm.registers import SystemRegister


@pytest.mark.parametrize(
    ("text", "instruction"),
    [
        ("psci_cpu_on vcpu1", PsciCpuOn(1)),
        ("PSCI_CPU_ON VCPU0", PsciCpuOn(0)),
        ("psci_cpu_off", PsciCpuOff()),
        ("kick_vmm", KickVmm()),
    ],
)
def test_operations_of_a_guest(
    guest: Callable[[str], tuple[Instruction, ...]], text: str, instruction: Instruction
) -> None:
    assert guest(text) == (instruction,)


@pytest.mark.parametrize(
    ("text", "instruction"),
    [
        ("vcpu_init vcpu1", VcpuInit(1)),
        ("vcpu_init vcpu1, power_off", VcpuInit(1, True)),
        ("set_one_reg vcpu0, sctlr_el1, 0x5", SetOneReg(0, SystemRegister.SCTLR_EL1, 5)),
        ("set_one_reg vcpu0, far_el1, #-1", SetOneReg(0, SystemRegister.FAR_EL1, 2**64 - 1)),
        ("set_mp_state vcpu1, runnable", SetMpState(1, True)),
        ("set_mp_state vcpu1, stopped", SetMpState(1, False)),
        ("inject_irq vcpu0", InjectInterrupt(0)),
        ("wait_kick", WaitForKick()),
        ("wait_kick vcpu1", WaitForKick(1)),
    ],
)
def test_operations_of_the_vmm(
    vmm: Callable[[str], tuple[Instruction, ...]], text: str, instruction: Instruction
) -> None:
    assert vmm(text) == (instruction,)
