"""Calls for firmware, which KVM answers: PSCI's powers of CPUs and of the system (`psci.c`)."""

from __future__ import annotations

from engine.arm.core import MASK32, Core
from engine.arm.kept_registers import KEPT_AT_RESET
from engine.arm.psci import (
    ALREADY_ON,
    INTERNAL_FAILURE,
    INVALID_PARAMETERS,
    NO_TRUSTED_OS,
    NOT_SUPPORTED,
    SUCCESS,
    VERSION,
    PsciFunction,
    psci_function,
    vcpu_of,
)
from engine.arm.registers import SystemRegisters
from engine.machine.effects import (
    Effect,
    InterruptTaken,
    Kicked,
    Outcome,
    PoweredOff,
    PoweredOn,
)
from engine.machine.fetch import fetch_at
from engine.machine.state import Machine, Power

_IS_OFF = 1
"""What AFFINITY_INFO says of a CPU that is off; 0 of one that is on."""


def call_by_number(machine: Machine, index: int) -> Outcome:
    """Answer `hvc #0`: a function by its number in w0, its arguments in x1 to x3."""
    core = machine.vcpus[index].core
    found = psci_function(core.read(0, wide=False))
    if found is None:
        return _return(machine, index, NOT_SUPPORTED), ()
    function, wide = found
    first, second, third = (core.read(number, wide) for number in (1, 2, 3))
    match function:
        case PsciFunction.CPU_ON:
            target = vcpu_of(first, len(machine.vcpus))
            if target is None:
                return _return(machine, index, INVALID_PARAMETERS), ()
            entry = machine.setup.programs[target].code.index(second)
            return power_on(machine, index, target, entry, third)
        case PsciFunction.CPU_OFF:
            return power_off(machine, index)
        case PsciFunction.CPU_SUSPEND:
            return suspend(machine, index)
        case PsciFunction.SYSTEM_RESET | PsciFunction.SYSTEM_OFF:
            return stop_all(machine, index)
        case PsciFunction.AFFINITY_INFO:
            return _return(machine, index, _affinity_info(machine, first, second)), ()
        case PsciFunction.PSCI_VERSION | PsciFunction.SMCCC_VERSION:
            return _return(machine, index, VERSION), ()
        case PsciFunction.MIGRATE_INFO_TYPE:
            return _return(machine, index, NO_TRUSTED_OS), ()
        case PsciFunction.PSCI_FEATURES:
            known = psci_function(first & MASK32) is not None
            return _return(machine, index, SUCCESS if known else NOT_SUPPORTED), ()


def suspends(core: Core) -> bool:
    """Say whether `hvc #0` asks for CPU_SUSPEND, so that it waits for an interrupt."""
    found = psci_function(core.read(0, wide=False))
    return found is not None and found[0] is PsciFunction.CPU_SUSPEND


def power_on(machine: Machine, index: int, target: int, entry: int, context: int) -> Outcome:
    """Start a vCPU for another one at an index of its program, with a context id in x0."""
    # `kvm_psci_vcpu_on()`, the target's `kvm_reset_vcpu()`: EL1 registers are reset, HCR_EL2, and
    # so TVM, is left as it is.
    effects: tuple[Effect, ...] = ()
    result = ALREADY_ON
    if machine.vcpus[target].power is Power.OFF:
        started = machine.vcpus[target].with_(
            power=Power.ON,
            core=Core.reset(entry).write(0, context),
            registers=SystemRegisters.reset(),
            fault=None,
            monitor=None,
            kept=KEPT_AT_RESET,
        )
        effects = (PoweredOn(target, by=index), *fetch_at(machine, target, entry))
        machine = machine.with_vcpu(target, started)
        result = SUCCESS
    return _return(machine, index, result), effects


def power_off(machine: Machine, index: int) -> Outcome:
    """Stop the vCPU that asks for it."""
    vcpu = machine.vcpus[index]
    off = vcpu.with_(power=Power.OFF, core=vcpu.core.step(), monitor=None)
    return machine.with_vcpu(index, off), (PoweredOff(index, by=index),)


def suspend(machine: Machine, index: int) -> Outcome:
    """Return from CPU_SUSPEND once an interrupt is there, as from a wait for one.

    KVM does so of a power-down request as well: `kvm_psci_vcpu_suspend()` resets nothing.
    """
    woken = machine.with_vcpu(index, machine.vcpus[index].with_(interrupt=False))
    return _return(woken, index, SUCCESS), (InterruptTaken(index),)


def stop_all(machine: Machine, index: int) -> Outcome:
    """Stop all vCPUs and exit to the VMM, whose part the rest is (`kvm_prepare_system_event()`).

    A vCPU that is in KVM comes to its end there first. Should the VMM set the caller running
    again as it is, it finds an error in x0.
    """
    machine = _return(machine, index, INTERNAL_FAILURE)
    effects: list[Effect] = []
    for number, vcpu in enumerate(machine.vcpus):
        if vcpu.power is Power.ON:
            machine = machine.with_vcpu(number, vcpu.with_(power=Power.OFF))
            effects.append(PoweredOff(number, by=index))
    return kick(machine, index), (*effects, Kicked(index))


def kick(machine: Machine, index: int) -> Machine:
    """Return the machine with an exit of a vCPU waiting at the VMM."""
    kicks = tuple(on or who == index for who, on in enumerate(machine.vmm.kicks))
    return machine.with_vmm(machine.vmm.with_(kicks=kicks))


def _affinity_info(machine: Machine, target: int, level: int) -> int:
    # `kvm_psci_vcpu_affinity_info()`, at the level of single CPUs.
    vcpu = vcpu_of(target, len(machine.vcpus)) if level == 0 else None
    if vcpu is None:
        return INVALID_PARAMETERS
    return 0 if machine.vcpus[vcpu].power is Power.ON else _IS_OFF


def _return(machine: Machine, index: int, result: int) -> Machine:
    """Return the machine with a vCPU back from a call; its ERET clears its monitor."""
    vcpu = machine.vcpus[index]
    back = vcpu.with_(core=vcpu.core.write(0, result).step(), monitor=None)
    return machine.with_vcpu(index, back)
