"""System registers, barriers and hints, and how GNU as writes them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, unique
from functools import partial
from typing import Final, TypeAlias

import attrs

from engine.arm.a64.computation import Computation
from engine.arm.assembly.code_range import CodeRange
from engine.arm.assembly.expressions import between, constant
from engine.arm.assembly.operands import OperandReader, Operands
from engine.arm.assembly.syntax import AssemblyTokenKind
from engine.arm.core import Core
from engine.arm.kept_registers import IdRegister, KeptRegister
from engine.arm.registers import WRITABLE, SystemRegister
from engine.refusal import suggestion

ReadableRegister: TypeAlias = SystemRegister | KeptRegister | IdRegister
WritableRegister: TypeAlias = SystemRegister | KeptRegister


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
    SEVL = "sevl"
    YIELD = "yield"
    ESB = "esb"
    CSDB = "csdb"
    SB = "sb"
    PACIASP = "paciasp"
    AUTIASP = "autiasp"
    """Pointers are not signed: SCTLR_EL1 never enables it, and the CPU has no such feature."""


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
    """`nop`, `wfe`, `sev` and the like."""

    kind: HintKind

    def compute(self, core: Core) -> Core:
        """Return the core at the next instruction: it waits for nothing."""
        return core.step()


@attrs.frozen
class ReadSystemRegister:
    """`mrs`."""

    target: int
    register: ReadableRegister


@attrs.frozen
class WriteSystemRegister:
    """`msr`."""

    register: WritableRegister
    source: int


@attrs.frozen
class ChangeMasks:
    """`msr daifset` or, when `clears`, `msr daifclr`: an interrupt is taken at `wfi` alone."""

    bits: int
    clears: bool


@attrs.frozen
class ExceptionReturn:
    """`eret`: go on at ELR_EL1 with the flags and masks of SPSR_EL1, which has to say EL1h."""

    code: CodeRange


@attrs.frozen
class HypervisorCall:
    """`hvc #0`: PSCI, by the number of a function in w0."""


@attrs.frozen
class WaitForInterrupt:
    """`wfi`."""


_READABLE_REGISTERS: Final[Mapping[str, ReadableRegister]] = {
    register.value: register for register in (*SystemRegister, *KeptRegister, *IdRegister)
}
_WRITABLE_REGISTERS: Final[Mapping[str, WritableRegister]] = {
    register.value: register for register in (*WRITABLE, *KeptRegister)
}
_MASKS: Final = {"daifset": False, "daifclr": True}
_STATE: Final = ("pan", "uao", "dit", "ssbs", "tco", "allint")
"""Bits of PSTATE that nothing in the model depends on."""

_LEFT_OUT: Final = {
    **dict.fromkeys(
        ("cntvct_el0", "cntpct_el0", "cntvctss_el0", "cntpctss_el0"),
        "a register: there is no time here, a loop that counts stands for a delay",
    ),
    **dict.fromkeys(("rndr", "rndrrs"), "a register: nothing is random here, move a constant"),
    "nzcv": "a register: branch on the flags, or let cset take them",
}
"""What may not be read, and why."""
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
    _known(operands)
    return ReadSystemRegister(target, operands.member(_READABLE_REGISTERS, "a system register"))


def _known(operands: Operands) -> None:
    """Refuse a register that the model leaves out with the reason."""
    word = operands.token.word
    if word in _LEFT_OUT:
        raise operands.error(operands.token, _LEFT_OUT[word])
    if word.endswith(("_el2", "_el12", "_el3")) and word not in _READABLE_REGISTERS:
        near = suggestion(_READABLE_REGISTERS, word)
        expected = f"a register of EL1 or EL0: guests run there; {near}".rstrip("; ")
        raise operands.error(operands.token, expected)


def _msr(operands: Operands) -> WriteSystemRegister | ChangeMasks | Computation:
    token = operands.token
    if token.word in _MASKS:
        operands.advance()
        operands.comma()
        bits = between(operands, 0, 15, "bits for D, A, I and F")
        return ChangeMasks(bits << 6, _MASKS[token.word])
    if token.word in _STATE or token.word == "spsel":
        operands.advance()
        operands.comma()
        value, start = constant(operands)
        if token.word == "spsel" and value != 1:
            expected = "1: there is no stack pointer but EL1's own"
            raise operands.error(start, expected, operands.since(start))
        return Hint(HintKind.NOP)
    _known(operands)
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


def _bti(operands: Operands) -> Computation:
    if operands.token.word in ("c", "j", "jc"):
        operands.advance()
    return Hint(HintKind.NOP)


def _hint_number(operands: Operands) -> Computation:
    between(operands, 0, 127, "a hint")
    return Hint(HintKind.NOP)


def _eret(operands: Operands) -> ExceptionReturn:
    return ExceptionReturn(operands.names.code)


def _hvc(operands: Operands) -> HypervisorCall:
    value, start = constant(operands)
    if value != 0:
        raise operands.error(start, "0: KVM answers PSCI there", operands.since(start))
    return HypervisorCall()


def _wfi(_: Operands) -> WaitForInterrupt:
    return WaitForInterrupt()


BARRIERS_AND_HINTS: Final[Mapping[str, OperandReader[Computation]]] = {
    "dsb": partial(_barrier, kind=BarrierKind.DSB),
    "dmb": partial(_barrier, kind=BarrierKind.DMB),
    "isb": _isb,
    **{kind.value: partial(_hint, kind=kind) for kind in HintKind},
    "bti": _bti,
    "hint": _hint_number,
}
"""What changes nothing in the model."""

Privileged: TypeAlias = (
    ReadSystemRegister
    | WriteSystemRegister
    | ChangeMasks
    | ExceptionReturn
    | HypervisorCall
    | WaitForInterrupt
)

PRIVILEGED: Final[Mapping[str, OperandReader[Privileged | Computation]]] = {
    "mrs": _mrs,
    "msr": _msr,
    "eret": _eret,
    "hvc": _hvc,
    "wfi": _wfi,
}
"""What the VMM, in user space, may not."""
