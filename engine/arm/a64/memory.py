"""Loads and stores, of one word or of two, and how GNU as writes them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final, Protocol, TypeAlias

import attrs

from engine.arm.a64.operand_forms import (
    Extended,
    ExtensionKind,
    Shifted,
    ShiftKind,
    operand_value,
    sign_extended,
)
from engine.arm.a64.register_moves import MoveImmediate
from engine.arm.assembly.expressions import constant, constant_or_address, low12, unsigned
from engine.arm.assembly.operands import OperandReader, Operands, Register
from engine.arm.core import SP, Core
from engine.arm.registers import MASK

IndexRegister: TypeAlias = Shifted | Extended
"""A register that is added to the base of an address."""


class Addressed(Protocol):
    """An access whose address is a base, and perhaps an offset or an index."""

    @property
    def base(self) -> int:
        """The register that the address is taken from, perhaps sp."""

    @property
    def offset(self) -> int:
        """What is added to it."""

    @property
    def index(self) -> IndexRegister | None:
        """The register that is added to it."""

    @property
    def writeback(self) -> int:
        """What is added to the base register once the access is done."""


@attrs.frozen
class Load:
    """`ldr` and kin, or `ldar` when `acquire`: `size` bytes into a register."""

    target: int
    base: int
    offset: int = 0
    acquire: bool = False
    size: int = 8
    signed: bool = False
    index: IndexRegister | None = None
    writeback: int = 0

    def loaded(self, core: Core, value: int) -> Core:
        """Return the core once the value of the bytes has come: registers and pc."""
        if self.signed:
            value = sign_extended(value, 8 * self.size)
        return written_back(self, core.write(self.target, value)).step()


@attrs.frozen
class Store:
    """`str` of a word, or `stlr` when `release`: `size` bytes of a register."""

    source: int
    base: int
    offset: int = 0
    release: bool = False
    size: int = 8
    index: IndexRegister | None = None
    writeback: int = 0

    def value(self, core: Core) -> int:
        """Return what is stored."""
        return core.read(self.source, self.size == _WHOLE)

    def stored(self, core: Core) -> Core:
        """Return the core once it is done: registers and pc."""
        return written_back(self, core).step()


def address_of(access: Addressed, core: Core) -> int:
    """Return the address of an access."""
    index = 0 if access.index is None else operand_value(core, access.index, wide=True)
    return core.read(access.base) + access.offset + index & MASK


def written_back(access: Addressed, core: Core) -> Core:
    """Return the core with the base register moved, where it is."""
    if not access.writeback:
        return core
    return core.write(access.base, core.read(access.base) + access.writeback)


_WHOLE: Final = 8
_HALF: Final = 4
_UNSCALED: Final = range(-256, 256)
"""The offsets of ldur and stur, which GNU as takes where only they encode an ldr or str."""

_SMALLER: Final = {1: "bytes", 2: "halfwords"}


def _ldr(operands: Operands) -> Load | MoveImmediate:
    target = operands.register()
    operands.comma()
    if operands.accept("="):
        start = operands.token
        value = unsigned(operands, constant_or_address(operands), start, target.wide)
        return MoveImmediate(target.number, value, target.wide)
    size = _WHOLE if target.wide else _HALF
    place = _address(operands, target, size, "'[' and a base register, or =value")
    return _load(target, place, size)


def _load(target: Register, place: _Place, size: int) -> Load:
    return Load(
        target.number,
        place.base,
        place.offset,
        size=size,
        index=place.index,
        writeback=place.writeback,
    )


def _load_part(operands: Operands, *, size: int) -> Load:
    target = operands.register(False, "what is above is cleared")
    operands.comma()
    place = _address(operands, target, size)
    return _load(target, place, size)


def _ldrsw(operands: Operands) -> Load:
    target = operands.register(True, "4 bytes are extended to 64 bits")
    operands.comma()
    place = _address(operands, target, _HALF)
    return attrs.evolve(_load(target, place, _HALF), signed=True)


def _str(operands: Operands) -> Store:
    source = operands.register()
    operands.comma()
    size = _WHOLE if source.wide else _HALF
    place = _address(operands, source, size)
    return Store(
        source.number,
        place.base,
        place.offset,
        size=size,
        index=place.index,
        writeback=place.writeback,
    )


def _store_part(operands: Operands, *, size: int) -> Store:
    expected = f"str: a store of {_SMALLER[size]} leaves the rest of a word as it was"
    raise operands.error(operands.mnemonic, f"{expected}, and words are 4 or 8 bytes")


def _ldar(operands: Operands) -> Load:
    target = operands.register()
    operands.comma()
    size = _WHOLE if target.wide else _HALF
    return Load(target.number, plain_address(operands, target), acquire=True, size=size)


def _stlr(operands: Operands) -> Store:
    source = operands.register()
    operands.comma()
    size = _WHOLE if source.wide else _HALF
    return Store(source.number, plain_address(operands, source), release=True, size=size)


def _ldp(operands: Operands) -> tuple[Load, Load]:
    """Read a load of two words: two accesses, each single-copy atomic (Arm ARM B2.2.1).

    They have no order. The lower address comes first, unless its load overwrites the base.
    """
    first, second, size = _pair(operands)
    if first.number == second.number:
        raise operands.error(second.token, "another register than the first")
    place = _address(operands, first, size, pair=second)
    low = Load(first.number, place.base, place.offset, size=size)
    high = Load(second.number, place.base, place.offset + size, size=size)
    early, late = (high, low) if first.number == place.base else (low, high)
    return early, attrs.evolve(late, writeback=place.writeback)


def _stp(operands: Operands) -> tuple[Store, Store]:
    """Read a store of two words: two accesses, the lower address first; see `_ldp`."""
    first, second, size = _pair(operands)
    place = _address(operands, first, size, pair=second)
    return (
        Store(first.number, place.base, place.offset, size=size),
        Store(second.number, place.base, place.offset + size, size=size, writeback=place.writeback),
    )


def _pair(operands: Operands) -> tuple[Register, Register, int]:
    first = operands.register()
    operands.comma()
    second = operands.register(first.wide)
    operands.comma()
    return first, second, _WHOLE if first.wide else _HALF


def plain_address(operands: Operands, moved: Register) -> int:
    """Read an address that is a base register alone, and return the register."""
    start = operands.token
    place = _address(operands, moved, _WHOLE if moved.wide else _HALF)
    if place != _Place(place.base):
        raise operands.error(start, "an address without offset", operands.since(start))
    return place.base


@attrs.frozen
class _Place:
    """An address as it is written."""

    base: int
    offset: int = 0
    index: IndexRegister | None = None
    writeback: int = 0


def _address(
    operands: Operands,
    moved: Register,
    size: int,
    expected: str = "'[' and a base register",
    *,
    pair: Register | None = None,
) -> _Place:
    """Read where a register, or a pair, is loaded from or stored to."""
    operands.expect("[", expected)
    base = operands.register_or_sp(True, "addresses are 64 bits")
    operands.not_zero(base)
    offset, index = 0, None
    if operands.accept(","):
        if operands.at_register():
            if pair is not None:
                raise operands.error(operands.token, "a constant offset: this takes no index")
            index = _index(operands, size)
        else:
            offset = _offset(operands, size, pair)
    operands.expect("]")
    place = _Place(base.number, offset, index)
    if operands.token.text not in ("!", ","):
        return place
    # A base that is moved as well is constrained unpredictable (Arm ARM C6.2, LDR and STR).
    for register in (moved, *((pair,) if pair else ())):
        if register.number == base.number != SP:
            expected = "a register that is not the base: write-back moves that"
            raise operands.error(register.token, expected)
    if index is not None:
        raise operands.error(operands.token, "the end of the statement: an index is not moved")
    if operands.accept("!"):
        return attrs.evolve(place, writeback=offset)
    if offset:
        raise operands.error(operands.token, "one offset, before or after the ']'")
    operands.comma()
    return attrs.evolve(place, writeback=_moved(operands, pair, size))


def _index(operands: Operands, size: int) -> IndexRegister:
    register = operands.register()
    if operands.at("]"):
        operands.width(register, True, "or it is extended, by uxtw or sxtw")
        return Shifted(register.number)
    operands.comma()
    shifts = register.wide and operands.accept("lsl")
    kinds = (ExtensionKind.SXTX,) if register.wide else (ExtensionKind.UXTW, ExtensionKind.SXTW)
    kind = ExtensionKind.UXTX
    if not shifts:
        kind = operands.member({each.value: each for each in kinds}, "how it is extended")
    amount = 0
    if shifts or not operands.at("]"):
        amount, start = constant(operands)
        scale = size.bit_length() - 1
        if amount not in (0, scale):
            expected = f"a shift of 0, or of {scale} for {size} bytes"
            raise operands.error(start, expected, operands.since(start))
    if shifts:
        return Shifted(register.number, ShiftKind.LSL, amount)
    return Extended(register.number, kind, amount)


def _offset(operands: Operands, size: int, pair: Register | None) -> int:
    if operands.at(":"):
        return low12(operands)
    if pair is not None:
        return _of_pair(operands, size)
    offset, start = constant(operands)
    if operands.following.text != "!":
        scaled = range(0, size << 12, size)
        if offset not in scaled and offset not in _UNSCALED:
            most = scaled[-1]
            expected = f"an offset from -256 to 255, or a multiple of {size} up to {most}"
            raise operands.error(start, expected, operands.since(start))
    elif offset not in _UNSCALED:
        raise operands.error(start, "an offset from -256 to 255", operands.since(start))
    return offset


def _moved(operands: Operands, pair: Register | None, size: int) -> int:
    if operands.at_register():
        raise operands.error(operands.token, "a constant: by registers only vectors move")
    if pair is not None:
        return _of_pair(operands, size)
    offset, start = constant(operands)
    if offset not in _UNSCALED:
        raise operands.error(start, "an offset from -256 to 255", operands.since(start))
    return offset


def _of_pair(operands: Operands, size: int) -> int:
    offset, start = constant(operands)
    places = range(-64 * size, 64 * size, size)
    if offset not in places:
        expected = f"a multiple of {size} from {places[0]} to {places[-1]}"
        raise operands.error(start, expected, operands.since(start))
    return offset


MemoryAccess: TypeAlias = Load | Store
"""What reaches words of memory."""

MEMORY_ACCESSES: Final[Mapping[str, OperandReader[MemoryAccess | MoveImmediate]]] = {
    "ldr": _ldr,
    "ldur": _ldr,
    "ldrb": partial(_load_part, size=1),
    "ldrh": partial(_load_part, size=2),
    "ldrsw": _ldrsw,
    "ldar": _ldar,
    "ldapr": _ldar,
    "str": _str,
    "stur": _str,
    "strb": partial(_store_part, size=1),
    "strh": partial(_store_part, size=2),
    "stlr": _stlr,
}
"""Loads, among them that of a constant, and stores."""

PAIRS: Final[Mapping[str, OperandReader[tuple[MemoryAccess, MemoryAccess]]]] = {
    "ldp": _ldp,
    "ldnp": _ldp,
    "stp": _stp,
    "stnp": _stp,
}
"""What is two accesses, and two instructions of the model."""
