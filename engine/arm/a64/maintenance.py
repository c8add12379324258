"""Maintenance of caches and TLBs: what reaches the copies, what traps, what does nothing here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum, unique
from typing import Final, TypeAlias

import attrs

from engine.arm.a64.computation import Computation
from engine.arm.assembly.operands import OperandReader, Operands
from engine.arm.assembly.syntax import AssemblyTokenKind
from engine.arm.core import Core


@unique
class CleanOperation(Enum):
    """Cache maintenance by virtual address to the point of coherency."""

    CIVAC = "civac"
    CVAC = "cvac"
    IVAC = "ivac"


@unique
class SetWayOperation(Enum):
    """Cache maintenance by set and way, of data, of MTE's tags (g) or of both (gd)."""

    ISW = "isw"
    CSW = "csw"
    CISW = "cisw"
    IGSW = "igsw"
    IGDSW = "igdsw"
    CGSW = "cgsw"
    CGDSW = "cgdsw"
    CIGSW = "cigsw"
    CIGDSW = "cigdsw"


@unique
class ElsewhereKind(Enum):
    """Maintenance of what the model leaves out; the value is how it is written."""

    CLEAN_TO_UNIFICATION = "dc cvau"
    """To the PoU, where data and instruction caches of one CPU meet: data stay as they are."""
    INSTRUCTIONS = "ic"
    TRANSLATIONS = "tlbi"


@attrs.frozen
class CleanByVa:
    """`dc civac`, `dc cvac` or `dc ivac` of the line that holds an address."""

    operation: CleanOperation
    base: int


@attrs.frozen
class ZeroBlock:
    """`dc zva`: zeros stored to the block of an address, which is its line here (DCZID_EL0)."""

    base: int


@attrs.frozen
class MaintainBySetWay:
    """`dc isw`, `dc csw`, `dc cisw` or one of MTE's."""

    operation: SetWayOperation
    source: int


@attrs.frozen
class MaintainElsewhere(Computation):
    """`dc cvau`, `ic` or `tlbi`: accepted; instruction caches and TLBs are no part of the model."""

    kind: ElsewhereKind

    def compute(self, core: Core) -> Core:
        """Return the core at the next instruction."""
        return core.step()


_ZERO: Final = "zva"
_TO_UNIFICATION: Final = "cvau"
_OPERATIONS: Final[Mapping[str, CleanOperation | SetWayOperation]] = {
    **{operation.value: operation for operation in CleanOperation},
    **{operation.value: operation for operation in SetWayOperation},
}
_DC: Final = (*_OPERATIONS, _ZERO, _TO_UNIFICATION)
_USER: Final = ("civac", "cvac", _ZERO, _TO_UNIFICATION)
"""What EL0, where the VMM runs, may do: Linux sets SCTLR_EL1.UCI and DZE."""

_NO_DC: Final = {
    **dict.fromkeys(("cvap", "cvadp"), "cvac: there is no persistent memory here"),
    **dict.fromkeys(("cgvac", "igvac", "cigvac"), "data, no tags: the model has no MTE"),
    **dict.fromkeys(("cgdvac", "igdvac", "cigdvac"), "cvac, ivac or civac: there is no MTE here"),
    **dict.fromkeys(("gva", "gzva"), "zva: the model has no MTE"),
}
_IC: Final = {"iallu": False, "ialluis": False, "ivau": True}
"""Operations on instruction caches, and whether they take an address."""

_TLBI: Final = re.compile(r"(vmalle1|(r?va|r?vaa|r?val|r?vaal|asid)e1)(is|os)?(nxs)?")


def _dc(operands: Operands) -> CleanByVa | ZeroBlock | MaintainBySetWay | MaintainElsewhere:
    token = operands.token
    if token.word in _NO_DC:
        raise operands.error(token, _NO_DC[token.word])
    if operands.names.vmm and token.word in _OPERATIONS and token.word not in _USER:
        raise operands.error(token, "civac or cvac: the VMM runs in user space")
    if token.word not in _DC:
        raise operands.unknown(token, token.word, _DC, "a cache operation")
    operands.advance()
    operands.comma()
    register = operands.register(True, "dc takes 64 bits").number
    match _OPERATIONS.get(token.word):
        case CleanOperation() as operation:
            return CleanByVa(operation, register)
        case SetWayOperation() as operation:
            return MaintainBySetWay(operation, register)
        case None:
            pass
    if token.word == _ZERO:
        return ZeroBlock(register)
    return MaintainElsewhere(ElsewhereKind.CLEAN_TO_UNIFICATION)


def _ic(operands: Operands) -> MaintainElsewhere:
    token = operands.token
    if token.word not in _IC or (operands.names.vmm and not _IC[token.word]):
        known = [name for name, by_address in _IC.items() if by_address or not operands.names.vmm]
        raise operands.unknown(token, token.word, known, "an operation on caches")
    operands.advance()
    if _IC[token.word]:
        operands.comma()
        operands.register(True, "ic takes 64 bits")
    return MaintainElsewhere(ElsewhereKind.INSTRUCTIONS)


def _tlbi(operands: Operands) -> MaintainElsewhere:
    token = operands.token
    found = _TLBI.fullmatch(token.word)
    if not found:
        raise operands.error(token, "an operation on EL1's TLB entries, such as vmalle1is or vae1")
    operands.advance()
    if found[2] or operands.token.kind is not AssemblyTokenKind.END:
        operands.comma()
        operands.register(True, "tlbi takes 64 bits")
    return MaintainElsewhere(ElsewhereKind.TRANSLATIONS)


Maintenance: TypeAlias = CleanByVa | ZeroBlock | MaintainBySetWay
"""What reaches cached copies, or traps."""

MAINTENANCE: Final[Mapping[str, OperandReader[Maintenance | MaintainElsewhere]]] = {
    "dc": _dc,
    "ic": _ic,
}

TLB_MAINTENANCE: Final[Mapping[str, OperandReader[Computation]]] = {"tlbi": _tlbi}
"""What the VMM, in user space, may not."""
