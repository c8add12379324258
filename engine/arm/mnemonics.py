"""The A64 instructions as GNU as writes them, each read into one of the model's."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from functools import partial
from typing import Final, TypeVar

from engine.arm.data_processing import DATA_PROCESSING
from engine.arm.expressions import between, constant, constant_or_address, unsigned
from engine.arm.instructions import (
    Barrier,
    BarrierKind,
    BarrierOption,
    Branch,
    BranchIf,
    CleanByVa,
    CleanOperation,
    CompareBranch,
    Condition,
    Hint,
    HintKind,
    Instruction,
    Load,
    MoveImmediate,
    ReadSystemRegister,
    SetWay,
    SetWayOperation,
    Store,
    TestBranch,
    WaitForInterrupt,
    WriteSystemRegister,
)
from engine.arm.operands import Operands, Reader, Register
from engine.arm.registers import WRITABLE, SystemRegister
from engine.arm.syntax import TokenKind

_E = TypeVar("_E", bound=Enum)


def _named(members: type[_E]) -> Mapping[str, _E]:
    return {member.value: member for member in members}


_SCALED: Final = range(0, 8 << 12, 8)
"""The offsets of ldr and str, which count words in 12 bits."""

_UNSCALED: Final = range(-256, 256)
"""The offsets of ldur and stur, which GNU as takes where only they encode an ldr or str."""

_CONDITIONS: Final = {**_named(Condition), "hs": Condition.CS, "lo": Condition.CC}
_MAINTENANCE: Final[Mapping[str, CleanOperation | SetWayOperation]] = {
    **_named(CleanOperation),
    **_named(SetWayOperation),
}
_USER_MAINTENANCE: Final = (CleanOperation.CIVAC, CleanOperation.CVAC)
"""What EL0, where the VMM runs, may do: Linux sets SCTLR_EL1.UCI."""

_READABLE_REGISTERS: Final = _named(SystemRegister)
_WRITABLE_REGISTERS: Final = {register.value: register for register in WRITABLE}
_BARRIER_OPTIONS: Final = _named(BarrierOption)
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


def _ldr(operands: Operands) -> Instruction:
    target = operands.register()
    operands.comma()
    if operands.accept("="):
        start = operands.token
        value = unsigned(operands, constant_or_address(operands), start, target.wide)
        return MoveImmediate(target.number, value, target.wide)
    base, offset = _address(operands, target, "'[' and a base register, or =value")
    return Load(target.number, base, offset)


def _str(operands: Operands) -> Instruction:
    source = operands.register()
    operands.comma()
    base, offset = _address(operands, source)
    return Store(source.number, base, offset)


def _ldar(operands: Operands) -> Instruction:
    target = operands.register()
    operands.comma()
    return Load(target.number, _plain_address(operands, target), acquire=True)


def _stlr(operands: Operands) -> Instruction:
    source = operands.register()
    operands.comma()
    return Store(source.number, _plain_address(operands, source), release=True)


def _plain_address(operands: Operands, moved: Register) -> int:
    start = operands.token
    base, offset = _address(operands, moved)
    if offset != 0:
        raise operands.error(start, "an address without offset", operands.since(start))
    return base


def _address(
    operands: Operands, moved: Register, expected: str = "'[' and a base register"
) -> tuple[int, int]:
    """Read the base register and the offset of a load or store."""
    operands.width(moved, True, "words are 8 bytes")
    operands.expect("[", expected)
    base = operands.register(True, "addresses are 64 bits")
    operands.not_zero(base)
    offset = _offset(operands) if operands.accept(",") else 0
    operands.expect("]")
    if operands.token.text in ("!", ","):
        end = "the end of the statement (write-back is not modelled: use add)"
        raise operands.error(operands.token, end)
    return base.number, offset


def _offset(operands: Operands) -> int:
    if operands.at_register():
        raise operands.error(operands.token, "a constant offset (add the register to the base)")
    offset, start = constant(operands)
    if offset not in _SCALED and offset not in _UNSCALED:
        expected = "an offset from -256 to 255, or a multiple of 8 up to 32760"
        raise operands.error(start, expected, operands.since(start))
    return offset


def _b(operands: Operands) -> Instruction:
    return Branch(operands.label())


def _b_if(operands: Operands, *, condition: Condition) -> Instruction:
    return BranchIf(condition, operands.label())


def _compare_branch(operands: Operands, *, nonzero: bool) -> Instruction:
    register = operands.register()
    operands.comma()
    return CompareBranch(register.number, nonzero, operands.label(), register.wide)


def _test_branch(operands: Operands, *, nonzero: bool) -> Instruction:
    register = operands.register()
    operands.comma()
    bit = between(operands, 0, 63 if register.wide else 31, "a bit")
    operands.comma()
    return TestBranch(register.number, bit, nonzero, operands.label())


def _mrs(operands: Operands) -> Instruction:
    target = operands.register(True, "system registers are 64 bits").number
    operands.comma()
    return ReadSystemRegister(target, operands.member(_READABLE_REGISTERS, "a system register"))


def _msr(operands: Operands) -> Instruction:
    if operands.token.word in _READABLE_REGISTERS.keys() - _WRITABLE_REGISTERS.keys():
        raise operands.error(operands.token, "a register that msr may write: this is read only")
    register = operands.member(_WRITABLE_REGISTERS, "a system register")
    operands.comma()
    if not operands.at_register():
        raise operands.error(operands.token, "a register x0 to x30 or xzr (move a constant first)")
    return WriteSystemRegister(register, operands.register(True, "msr moves 64 bits").number)


def _dc(operands: Operands) -> Instruction:
    token = operands.token
    operation = operands.member(_MAINTENANCE, "a cache operation")
    if operands.names.vmm and operation not in _USER_MAINTENANCE:
        raise operands.error(token, "civac or cvac: the VMM runs in user space")
    operands.comma()
    register = operands.register(True, "dc takes 64 bits").number
    match operation:
        case CleanOperation():
            return CleanByVa(operation, register)
        case SetWayOperation():
            return SetWay(operation, register)


def _barrier(operands: Operands, *, kind: BarrierKind) -> Instruction:
    if operands.at("#") or operands.token.kind is TokenKind.NUMBER:
        number, start = constant(operands)
        if number not in _BARRIER_NUMBERS:
            raise operands.error(start, "an option, such as sy or ish", operands.since(start))
        return Barrier(kind, _BARRIER_NUMBERS[number])
    return Barrier(kind, operands.member(_BARRIER_OPTIONS, "an option"))


def _isb(operands: Operands) -> Instruction:
    if operands.token.kind is TokenKind.END:
        return Barrier(BarrierKind.ISB)
    start = operands.token
    barrier = _barrier(operands, kind=BarrierKind.ISB)
    if barrier != Barrier(BarrierKind.ISB):
        raise operands.error(start, "sy or nothing")
    return barrier


def _hint(_: Operands, *, kind: HintKind) -> Instruction:
    return Hint(kind)


def _wfi(_: Operands) -> Instruction:
    return WaitForInterrupt()


A64: Final[Mapping[str, Reader]] = {
    **DATA_PROCESSING,
    "ldr": _ldr,
    "ldar": _ldar,
    "str": _str,
    "stlr": _stlr,
    "b": _b,
    **{f"b.{name}": partial(_b_if, condition=c) for name, c in _CONDITIONS.items()},
    "cbz": partial(_compare_branch, nonzero=False),
    "cbnz": partial(_compare_branch, nonzero=True),
    "tbz": partial(_test_branch, nonzero=False),
    "tbnz": partial(_test_branch, nonzero=True),
    "dc": _dc,
    "dsb": partial(_barrier, kind=BarrierKind.DSB),
    "dmb": partial(_barrier, kind=BarrierKind.DMB),
    "isb": _isb,
    **{kind.value: partial(_hint, kind=kind) for kind in HintKind},
}
"""What guest and VMM programs may both hold."""

PRIVILEGED: Final[Mapping[str, Reader]] = {"mrs": _mrs, "msr": _msr, "wfi": _wfi}
"""What the VMM, in user space, may not."""
