from __future__ import annotations

import pytest

from engine.arm.core import Core
from engine.arm.kept_registers import KEPT_AT_RESET, KeptRegister, kept_value, with_kept
from engine.arm.registers import MASK, SystemRegister, SystemRegisters
from engine.machine.effects import (
    Effect,
    FetchFailed,
    InterruptTaken,
    Kicked,
    PoweredOff,
    PoweredOn,
)
from engine.machine.events import GuestExecutes
from engine.machine.state import Machine, Power
from engine.transition import enabled, take
from tests.engine.build import ON, machine

CPU_ON, CPU_SUSPEND, CPU_OFF = 0xC400_0003, 0xC400_0001, 0x8400_0002
SECOND = 0x30_0000
"""Where vcpu1's code stands."""


def call(
    *programs: str, arguments: tuple[int, ...], off: tuple[int, ...] = (1,), interrupt: bool = False
) -> tuple[Machine, Machine, tuple[Effect, ...]]:
    """Let vcpu0 call by number; return the machine before, after, and what that established."""
    built = machine(*programs, vmm="wait_kick", off=off)
    core = built.vcpus[0].core
    for number, value in enumerate(arguments):
        core = core.write(number, value)
    built = built.with_vcpu(0, built.vcpus[0].with_(core=core, interrupt=interrupt, monitor=0))
    step = take(built, GuestExecutes(0))
    return built, step.after, step.effects


def test_cpu_on_starts_a_vcpu_at_an_address_with_a_context() -> None:
    _, after, effects = call("hvc #0", "nop; nop", arguments=(CPU_ON, 1, SECOND + 4, 77))
    assert effects == (PoweredOn(1, by=0),)
    assert after.vcpus[1].core == Core.reset(1).write(0, 77)
    assert after.vcpus[0].core.read(0) == 0
    assert after.vcpus[0].monitor is None


def test_cpu_on_by_its_32_bit_number_takes_32_bits() -> None:
    high = 1 << 32
    arguments = (0x8400_0003, high + 1, high + SECOND, high + 77)
    _, after, _ = call("hvc #0", "nop", arguments=arguments)
    assert after.vcpus[1].core == Core.reset(0).write(0, 77)


def test_a_vcpu_that_is_started_where_it_has_no_code_goes_astray() -> None:
    _, after, effects = call("hvc #0", "nop", arguments=(CPU_ON, 1, 0x20_0000, 0))
    assert effects == (PoweredOn(1, by=0), FetchFailed(1))
    assert after.vcpus[1].core.pc == 1


@pytest.mark.parametrize(
    ("arguments", "off", "result"),
    [
        ((CPU_ON, 1, SECOND, 0), (), -4 & MASK),
        ((CPU_ON, 2, SECOND, 0), (1,), -2 & MASK),
        ((0x8400_0000,), (1,), 0x10001),
        ((0x8000_0000,), (1,), 0x10001),
        ((0x8400_0006,), (1,), 2),
        ((0x8400_000A, CPU_ON), (1,), 0),
        ((0x8400_000A, 0x8400_0005), (1,), -1 & MASK),
        ((0xC400_0004, 0, 0), (1,), 0),
        ((0xC400_0004, 1, 0), (1,), 1),
        ((0xC400_0004, 1, 1), (1,), -2 & MASK),
        ((0x8600_0000,), (1,), -1 & MASK),
    ],
)
def test_what_a_call_returns_that_changes_nothing_else(
    arguments: tuple[int, ...], off: tuple[int, ...], result: int
) -> None:
    built, after, effects = call("hvc #0", "nop", arguments=arguments, off=off)
    assert effects == ()
    assert after.vcpus[0].core == built.vcpus[0].core.write(0, result).step()
    assert after.vcpus[1] == built.vcpus[1]


def test_cpu_off_stops_the_vcpu() -> None:
    _, after, effects = call("hvc #0", "nop", arguments=(CPU_OFF,))
    assert effects == (PoweredOff(0, by=0),)
    assert after.vcpus[0].power is Power.OFF


def test_a_suspended_vcpu_waits_for_an_interrupt_and_keeps_what_it_has() -> None:
    built, after, effects = call("hvc #0", "nop", arguments=(CPU_SUSPEND, 1 << 30), interrupt=True)
    assert effects == (InterruptTaken(0),)
    assert after.vcpus[0] == built.vcpus[0].with_(
        core=built.vcpus[0].core.write(0, 0).step(), interrupt=False, monitor=None
    )
    asleep = built.with_vcpu(0, built.vcpus[0].with_(interrupt=False))
    assert GuestExecutes(0) not in enabled(asleep)
    named = machine("psci_cpu_suspend")
    assert GuestExecutes(0) not in enabled(named)
    woken = named.with_vcpu(0, named.vcpus[0].with_(interrupt=True))
    assert take(woken, GuestExecutes(0)).effects == (InterruptTaken(0),)


@pytest.mark.parametrize("program", ["hvc #0", "psci_system_reset"])
def test_a_system_reset_stops_every_vcpu_and_kicks_the_vmm(program: str) -> None:
    _, after, effects = call(program, "nop", "nop", arguments=(0x8400_0009,), off=(1,))
    assert effects == (PoweredOff(0, by=0), PoweredOff(2, by=0), Kicked(0))
    assert [vcpu.power for vcpu in after.vcpus] == [Power.OFF] * 3
    assert after.vmm.kicks == (True, False, False)
    assert after.vcpus[0].core.read(0) == -6 & MASK


def test_a_named_cpu_on_hands_over_a_register_as_context() -> None:
    built = machine("psci_cpu_on vcpu1, entry, x3", "nop; entry: nop", off=[1])
    after = take(built, GuestExecutes(0)).after
    assert after.vcpus[1].core == Core.reset(1).write(0, 0x2000)


def test_cpu_on_resets_what_a_vcpu_had_kept() -> None:
    built = machine("psci_cpu_on vcpu1", "nop", off=[1])
    kept = with_kept(KEPT_AT_RESET, KeptRegister.VBAR_EL1, 1)
    registers = SystemRegisters.reset().write(SystemRegister.SCTLR_EL1, ON)
    built = built.with_vcpu(1, built.vcpus[1].with_(kept=kept, registers=registers, monitor=1))
    started = take(built, GuestExecutes(0)).after.vcpus[1]
    assert kept_value(started.kept, KeptRegister.VBAR_EL1) == 0
    assert (started.registers, started.monitor) == (SystemRegisters.reset(), None)
