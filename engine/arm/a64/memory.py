"""Memory: loads, stores and cache maintenance, and how GNU as writes them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, unique
from typing import Final, TypeAlias

import attrs

from engine.arm.a64.register_moves import MoveImmediate
from engine.arm.assembly.expressions import constant, constant_or_address, unsigned
from engine.arm.assembly.operands import OperandReader, Operands, Register


@unique
class CleanOperation(Enum):
    """Cache maintenance by virtual address to the point of coherency."""

    CIVAC = "civac"
    CVAC = "cvac"
    IVAC = "ivac"


@unique
class SetWayOperation(Enum):
    """Cache maintenance by set and way."""

    ISW = "isw"
    CSW = "csw"
    CISW = "cisw"


@attrs.frozen
class Load:
    """`ldr` of a word, or `ldar` when `acquire`."""

    target: int
    base: int
    offset: int = 0
    acquire: bool = False


@attrs.frozen
class Store:
    """`str` of a word, or `stlr` when `release`."""

    source: int
    base: int
    offset: int = 0
    release: bool = False


@attrs.frozen
class CleanByVa:
    """`dc civac`, `dc cvac` or `dc ivac` of the line that holds an address."""

    operation: CleanOperation
    base: int


@attrs.frozen
class MaintainBySetWay:
    """`dc isw`, `dc csw` or `dc cisw`."""

    operation: SetWayOperation
    source: int


_SCALED: Final = range(0, 8 << 12, 8)
"""The offsets of ldr and str, which count words in 12 bits."""

_UNSCALED: Final = range(-256, 256)
"""The offsets of ldur and stur, which GNU as takes where only they encode an ldr or str."""

_MAINTENANCE: Final[Mapping[str, CleanOperation | SetWayOperation]] = {
    **{operation.value: operation for operation in CleanOperation},
    **{operation.value: operation for operation in SetWayOperation},
}
_USER_MAINTENANCE: Final = (CleanOperation.CIVAC, CleanOperation.CVAC)
"""What EL0, where the VMM runs, may do: Linux sets SCTLR_EL1.UCI."""


def _ldr(operands: Operands) -> Load | MoveImmediate:
    target = operands.register()
    operands.comma()
    if operands.accept("="):
        start = operands.token
        value = unsigned(operands, constant_or_address(operands), start, target.wide)
        return MoveImmediate(target.number, value, target.wide)
    base, offset = _address(operands, target, "'[' and a base register, or =value")
    return Load(target.number, base, offset)


def _str(operands: Operands) -> Store:
    source = operands.register()
    operands.comma()
    base, offset = _address(operands, source)
    return Store(source.number, base, offset)


def _ldar(operands: Operands) -> Load:
    target = operands.register()
    operands.comma()
    return Load(target.number, _plain_address(operands, target), acquire=True)


def _stlr(operands: Operands) -> Store:
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


def _dc(operands: Operands) -> CleanByVa | MaintainBySetWay:
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
            return MaintainBySetWay(operation, register)


MemoryAccess: TypeAlias = Load | Store | CleanByVa | MaintainBySetWay
"""What reaches memory, or its cached copies."""

MEMORY_ACCESSES: Final[Mapping[str, OperandReader[MemoryAccess | MoveImmediate]]] = {
    "ldr": _ldr,
    "ldar": _ldar,
    "str": _str,
    "stlr": _stlr,
    "dc": _dc,
}
"""Loads, among them that of a constant, stores and maintenance."""
