"""The operations that are calls, not instructions: PSCI and the exits of a guest, KVM's ioctls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.arm.expressions import constant, unsigned
from engine.arm.instructions import (
    InjectInterrupt,
    Instruction,
    KickVmm,
    PsciCpuOff,
    PsciCpuOn,
    SetMpState,
    SetOneReg,
    VcpuInit,
    WaitForKick,
)
from engine.arm.operands import Operands, Reader
from engine.arm.registers import WRITABLE
from engine.arm.syntax import TokenKind
from engine.refusal import one_of

_REGISTERS: Final = {register.value: register for register in WRITABLE}
_STATES: Final = ("runnable", "stopped")


def _psci_cpu_on(operands: Operands) -> Instruction:
    vcpu = operands.vcpu()
    if operands.accept(","):
        operands.foreign_label(vcpu)
    return PsciCpuOn(vcpu)


def _psci_cpu_off(_: Operands) -> Instruction:
    return PsciCpuOff()


def _kick_vmm(_: Operands) -> Instruction:
    return KickVmm()


def _vcpu_init(operands: Operands) -> Instruction:
    vcpu = operands.vcpu()
    if not operands.accept(","):
        return VcpuInit(vcpu)
    operands.expect("power_off", "power_off")
    return VcpuInit(vcpu, power_off=True)


def _set_one_reg(operands: Operands) -> Instruction:
    vcpu = operands.vcpu()
    operands.comma()
    token = operands.token
    if operands.accept("pc"):
        operands.comma()
        operands.foreign_label(vcpu)
        return SetOneReg(vcpu, "pc", 0)
    if token.word not in _REGISTERS:
        kind = "pc or a system register that can be set"
        expected = one_of(("pc", *_REGISTERS), token.word, kind)
        raise operands.error(token, expected)
    operands.advance()
    operands.comma()
    value, start = constant(operands)
    return SetOneReg(vcpu, _REGISTERS[token.word], unsigned(operands, value, start, True))


def _set_mp_state(operands: Operands) -> Instruction:
    vcpu = operands.vcpu()
    operands.comma()
    if operands.token.word not in _STATES:
        raise operands.error(operands.token, " or ".join(_STATES))
    return SetMpState(vcpu, operands.advance().word == "runnable")


def _inject_irq(operands: Operands) -> Instruction:
    return InjectInterrupt(operands.vcpu())


def _wait_kick(operands: Operands) -> Instruction:
    return WaitForKick(None if operands.token.kind is TokenKind.END else operands.vcpu())


GUEST: Final[Mapping[str, Reader]] = {
    "psci_cpu_on": _psci_cpu_on,
    "psci_cpu_off": _psci_cpu_off,
    "kick_vmm": _kick_vmm,
}
"""What a guest may call."""

VMM: Final[Mapping[str, Reader]] = {
    "vcpu_init": _vcpu_init,
    "set_one_reg": _set_one_reg,
    "set_mp_state": _set_mp_state,
    "inject_irq": _inject_irq,
    "wait_kick": _wait_kick,
}
"""What the VMM may call."""
