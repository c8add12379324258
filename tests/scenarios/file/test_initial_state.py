from __future__ import annotations

import pytest

from engine.arm.core import Core
from engine.arm.registers import Hcr, SystemRegisters
from engine.machine.setup import Hardware
from engine.machine.state import Power, VCpu, Vm
from engine.refusal import RefusedError
from tests.scenarios.file.small import SMALL, read


def test_a_small_file_has_the_defaults_of_kvm() -> None:
    scenario = read(SMALL)

    assert scenario.hardware == Hardware(pcpus=1)
    assert scenario.vcpus == (
        VCpu(Power.ON, 0, Core.reset(), SystemRegisters.reset(), Hcr.reset(fwb=False)),
    )
    assert scenario.vm == Vm(mapped=(True,), has_run=True)
    assert (scenario.blame, scenario.vmm_program, scenario.notes) == ("nobody", None, ())


def test_with_fwb_a_vcpu_starts_without_tvm() -> None:
    (vcpu,) = read(SMALL.replace("pcpus = 1", "pcpus = 1, fwb = true")).vcpus

    assert vcpu.hcr_el2 == Hcr.reset(fwb=True)
    assert not vcpu.tvm


def test_a_vm_with_nothing_mapped_has_not_run() -> None:
    text = SMALL.replace("words =", 'mapped = "none", words =')

    assert read(text).vm == Vm(mapped=(False,), has_run=False)


STARTED = """
title = "Registers of a vCPU that is off"
teaches = "Only what is lost is refused."
schedule = []
hardware = { pcpus = 1 }
memory = { words = { x = { address = 0x1000 } } }
[[vcpu]]
program = "GUEST"
[[vcpu]]
power = "off"
registers = { x1 = VALUE, hcr_el2 = 0x400001 }
program = "ldr x0, [x1]; psci_cpu_on vcpu1"
[vmm]
program = "VMM"
"""


@pytest.mark.parametrize(
    ("guest", "vmm", "value"),
    [
        ("psci_cpu_on vcpu1", "set_mp_state vcpu1, runnable", 0x1000),
        ("nop", "set_mp_state vcpu1, runnable", 0x1000),
        ("nop", "set_mp_state vcpu1, stopped", 0x1000),
        ("psci_cpu_on vcpu0", "vcpu_init vcpu1, power_off", 0x1000),
        ("psci_cpu_on vcpu1", "nop", 0),
    ],
)
def test_registers_that_are_not_surely_lost_are_kept(guest: str, vmm: str, value: int) -> None:
    text = STARTED.replace("GUEST", guest).replace("VMM", vmm).replace("VALUE", hex(value))
    assert read(text).vcpus[1].core.x[1] == value


@pytest.mark.parametrize(
    ("guest", "vmm"),
    [
        ("psci_cpu_on vcpu1", "nop"),
        ("psci_cpu_on vcpu1", "set_one_reg vcpu1, sctlr_el1, 5; set_mp_state vcpu0, runnable"),
        ("nop", "vcpu_init vcpu1"),
    ],
)
def test_registers_that_whoever_starts_the_vcpu_resets_are_refused(guest: str, vmm: str) -> None:
    text = STARTED.replace("GUEST", guest).replace("VMM", vmm).replace("VALUE", "0x1000")
    with pytest.raises(RefusedError, match=r"vcpu\[1\]\.registers\.x1: found x1 of a vCPU"):
        read(text)
