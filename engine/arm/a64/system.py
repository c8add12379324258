"""System registers, barriers and hints, and how GNU as writes them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, unique
from functools import partial
from typing import Final, TypeAlias

import attrs

from engine.arm.a64.computation import Computation
from engine.arm.assembly.expressions import constant
from engine.arm.assembly.operands import OperandReader, Operands
from engine.arm.assembly.syntax import AssemblyTokenKind
from engine.arm.core import Core
from engine.arm.registers import WRITABLE, SystemRegister


@unique
class BarrierKind(Enum):
    """The three barriers; the value is the mnemonic."""

    DSB = "dsb"
    DMB = "dmb"
    ISB = "isb"


@unique
class BarrierOption(Enum):
    """The domain and the accesses a barrier orders (Arm ARM C6.2, DMB and DSB)."""

    SY = "sy"
    ST = "st"
    LD = "ld"
    ISH = "ish"
    ISHST = "ishst"
    ISHLD = "ishld"
    NSH = "nsh"
    NSHST = "nshst"
    NSHLD = "nshld"
    OSH = "osh"
    OSHST = "oshst"
    OSHLD = "oshld"


@unique
class HintKind(Enum):
    """Hints that change nothing in the model; the value is the mnemonic."""

    NOP = "nop"
    WFE = "wfe"
    SEV = "sev"
    YIELD = "yield"


@attrs.frozen
class Barrier(Computation):
    """`dsb`, `dmb` or `isb`."""

    kind: BarrierKind
    option: BarrierOption = BarrierOption.SY

    def compute(self, core: Core) -> Core:
        """Return the core at the next instruction: the model is in order already."""
        return core.step()


@attrs.frozen
class Hint(Computation):
    """`nop`, `wfe`, `sev` or `yield`."""

    kind: HintKind

    def compute(self, core: Core) -> Core:
        """Return the core at the next instruction: it waits for nothing."""
        return core.step()


@attrs.frozen
class ReadSystemRegister:
    """`mrs`."""

    target: int
    register: SystemRegister


@attrs.frozen
class WriteSystemRegister:
    """`msr`."""

    register: SystemRegister
    source: int


@attrs.frozen
class WaitForInterrupt:
    """`wfi`."""


_READABLE_REGISTERS: Final = {register.value: register for register in SystemRegister}
_WRITABLE_REGISTERS: Final = {register.value: register for register in WRITABLE}
_BARRIER_OPTIONS: Final = {option.value: option for option in BarrierOption}
_BARRIER_NUMBERS: Final = {
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
"""The field CRm that each option encodes as."""


def _mrs(operands: Operands) -> ReadSystemRegister:
    target = operands.register(True, "system registers are 64 bits").number
    operands.comma()
    return ReadSystemRegister(target, operands.member(_READABLE_REGISTERS, "a system register"))


def _msr(operands: Operands) -> WriteSystemRegister:
    if operands.token.word in _READABLE_REGISTERS.keys() - _WRITABLE_REGISTERS.keys():
        raise operands.error(operands.token, "a register that msr may write: this is read only")
    register = operands.member(_WRITABLE_REGISTERS, "a system register")
    operands.comma()
    if not operands.at_register():
        raise operands.error(operands.token, "a register x0 to x30 or xzr (move a constant first)")
    return WriteSystemRegister(register, operands.register(True, "msr moves 64 bits").number)


def _barrier(operands: Operands, *, kind: BarrierKind) -> Computation:
    if operands.at("#") or operands.token.kind is AssemblyTokenKind.NUMBER:
        number, start = constant(operands)
        if number not in _BARRIER_NUMBERS:
            raise operands.error(start, "an option, such as sy or ish", operands.since(start))
        return Barrier(kind, _BARRIER_NUMBERS[number])
    return Barrier(kind, operands.member(_BARRIER_OPTIONS, "an option"))


def _isb(operands: Operands) -> Computation:
    if operands.token.kind is AssemblyTokenKind.END:
        return Barrier(BarrierKind.ISB)
    start = operands.token
    barrier = _barrier(operands, kind=BarrierKind.ISB)
    if barrier != Barrier(BarrierKind.ISB):
        raise operands.error(start, "sy or nothing")
    return barrier


def _hint(_: Operands, *, kind: HintKind) -> Computation:
    return Hint(kind)


def _wfi(_: Operands) -> WaitForInterrupt:
    return WaitForInterrupt()


BARRIERS_AND_HINTS: Final[Mapping[str, OperandReader[Computation]]] = {
    "dsb": partial(_barrier, kind=BarrierKind.DSB),
    "dmb": partial(_barrier, kind=BarrierKind.DMB),
    "isb": _isb,
    **{kind.value: partial(_hint, kind=kind) for kind in HintKind},
}
"""What changes nothing in the model."""

Privileged: TypeAlias = ReadSystemRegister | WriteSystemRegister | WaitForInterrupt

PRIVILEGED: Final[Mapping[str, OperandReader[Privileged]]] = {"mrs": _mrs, "msr": _msr, "wfi": _wfi}
"""What the VMM, in user space, may not."""
