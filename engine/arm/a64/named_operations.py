"""The operations that are calls, not instructions: PSCI and the exits of a guest, KVM's ioctls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

import attrs

from engine.arm.assembly.expressions import constant, unsigned
from engine.arm.assembly.operands import OperandReader, Operands
from engine.arm.assembly.syntax import AssemblyTokenKind
from engine.arm.registers import WRITABLE, SystemRegister


@attrs.frozen
class PsciCpuOn:
    """`psci_cpu_on VCPU{, LABEL{, xN}}`: a PSCI CPU_ON call.

    `entry` is a pc in the program of `vcpu`, None for its first instruction; `context` is the
    register with the context id, which `vcpu` finds in x0, None for 0.
    """

    vcpu: int
    entry: int | None = None
    context: int | None = None


@attrs.frozen
class PsciCpuOff:
    """`psci_cpu_off`: a PSCI CPU_OFF call."""


@attrs.frozen
class PsciCpuSuspend:
    """`psci_cpu_suspend`: a PSCI CPU_SUSPEND call, of whichever form.

    KVM waits for an interrupt and returns, also of a power-down request: nothing is reset
    (`kvm_psci_vcpu_suspend()`).
    """


@attrs.frozen
class PsciSystemReset:
    """`psci_system_reset`: a PSCI SYSTEM_RESET call: KVM stops all vCPUs, and exits to the VMM."""


@attrs.frozen
class KickVmm:
    """`kick_vmm`: an exit to the VMM, such as a virtio notify."""


@attrs.frozen
class VcpuInit:
    """`vcpu_init VCPU{, power_off}`: KVM_ARM_VCPU_INIT."""

    vcpu: int
    power_off: bool = False


@attrs.frozen
class SetOneReg:
    """`set_one_reg VCPU, REGISTER, VALUE`: KVM_SET_ONE_REG; a pc is one of the vCPU's program."""

    vcpu: int
    register: SystemRegister | Literal["pc"]
    value: int


@attrs.frozen
class SetMpState:
    """`set_mp_state VCPU, runnable|stopped`: KVM_SET_MP_STATE."""

    vcpu: int
    runnable: bool


@attrs.frozen
class InjectInterrupt:
    """`inject_irq VCPU`: KVM_IRQ_LINE."""

    vcpu: int


@attrs.frozen
class WaitForKick:
    """`wait_kick {VCPU}`: wait for a kick of that vCPU, or of any when None."""

    vcpu: int | None = None


GuestCall: TypeAlias = PsciCpuOn | PsciCpuOff | PsciCpuSuspend | PsciSystemReset | KickVmm
"""What a guest may call."""

VmmOperation: TypeAlias = VcpuInit | SetOneReg | SetMpState | InjectInterrupt | WaitForKick
"""What only the VMM's program may hold."""

_REGISTERS: Final = {register.value: register for register in WRITABLE}
_STATES: Final = ("runnable", "stopped")


def _psci_cpu_on(operands: Operands) -> PsciCpuOn:
    vcpu = operands.vcpu()
    if operands.accept(","):
        operands.foreign_label(vcpu)
        if operands.accept(","):
            return PsciCpuOn(vcpu, context=operands.register(True, "it gets x0").number)
    return PsciCpuOn(vcpu)


def _psci_cpu_off(_: Operands) -> PsciCpuOff:
    return PsciCpuOff()


def _psci_cpu_suspend(_: Operands) -> PsciCpuSuspend:
    return PsciCpuSuspend()


def _psci_system_reset(_: Operands) -> PsciSystemReset:
    return PsciSystemReset()


def _kick_vmm(_: Operands) -> KickVmm:
    return KickVmm()


def _vcpu_init(operands: Operands) -> VcpuInit:
    vcpu = operands.vcpu()
    if not operands.accept(","):
        return VcpuInit(vcpu)
    operands.expect("power_off", "power_off")
    return VcpuInit(vcpu, power_off=True)


def _set_one_reg(operands: Operands) -> SetOneReg:
    vcpu = operands.vcpu()
    operands.comma()
    token = operands.token
    if operands.accept("pc"):
        operands.comma()
        operands.foreign_label(vcpu)
        return SetOneReg(vcpu, "pc", 0)
    if token.word not in _REGISTERS:
        kind = "pc or a system register that can be set"
        raise operands.unknown(token, token.word, ("pc", *_REGISTERS), kind)
    operands.advance()
    operands.comma()
    value, start = constant(operands)
    return SetOneReg(vcpu, _REGISTERS[token.word], unsigned(operands, value, start, True))


def _set_mp_state(operands: Operands) -> SetMpState:
    vcpu = operands.vcpu()
    operands.comma()
    if operands.token.word not in _STATES:
        raise operands.error(operands.token, " or ".join(_STATES))
    return SetMpState(vcpu, operands.advance().word == "runnable")


def _inject_irq(operands: Operands) -> InjectInterrupt:
    return InjectInterrupt(operands.vcpu())


def _wait_kick(operands: Operands) -> WaitForKick:
    return WaitForKick(None if operands.token.kind is AssemblyTokenKind.END else operands.vcpu())


GUEST: Final[Mapping[str, OperandReader[GuestCall]]] = {
    "psci_cpu_on": _psci_cpu_on,
    "psci_cpu_off": _psci_cpu_off,
    "psci_cpu_suspend": _psci_cpu_suspend,
    "psci_system_reset": _psci_system_reset,
    "kick_vmm": _kick_vmm,
}

VMM: Final[Mapping[str, OperandReader[VmmOperation]]] = {
    "vcpu_init": _vcpu_init,
    "set_one_reg": _set_one_reg,
    "set_mp_state": _set_mp_state,
    "inject_irq": _inject_irq,
    "wait_kick": _wait_kick,
}
"""What the VMM may call."""
