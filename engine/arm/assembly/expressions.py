"""Constants in operands: expressions as GNU as reads them, and which ones can be encoded."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Final

import attrs

from engine.arm.assembly.operands import Operands
from engine.arm.assembly.syntax import AssemblyToken, AssemblyTokenKind
from engine.arm.core import MASK32
from engine.arm.registers import MASK, WIDTH

_LEVELS: Final = (("+", "-"), ("|", "&", "^"), ("*", "<<", ">>"))
"""Binary operators, loosest first: not C's order, but the one of GNU as (manual, 6.2.4)."""

_CHANGES: Final = 2
"""How often a rotated run of ones changes from bit to bit, once around."""

PAGE_OFFSET: Final = 0xFFF
"""The bits of an address that `adrp` leaves out, and `:lo12:` takes."""

_NESTED: Final = 40
_SMALLEST: Final = -(1 << 63)


def constant(operands: Operands) -> tuple[int, AssemblyToken]:
    """Read a constant expression with an optional `#`, and return it with its first token.

    The value is from -2**63 to 2**64 - 1.
    """
    start = operands.token
    operands.accept("#")
    return _binary(operands, 0, 0, None), start


def constant_or_address(operands: Operands) -> int:
    """Read what follows the `=` of `ldr`: an expression in which names stand for their addresses.

    They are the words of guest RAM and the program's labels. A label of another program stands
    alone; its address is filled in when the programs are linked.
    """
    if operands.token.kind is AssemblyTokenKind.LOCAL or operands.at("."):
        return operands.names.code.address(operands.label())
    if operands.address_elsewhere():
        return 0
    labels = {name: operands.names.code.address(at) for name, at in operands.names.labels.items()}
    return _binary(operands, 0, 0, {**labels, **operands.names.words})


def low12(operands: Operands) -> int:
    """Read `:lo12:` and an address, and return the place of the address in its 4 KB page."""
    operands.expect(":")
    operands.expect("lo12", "lo12")
    operands.expect(":")
    value = constant_or_address(operands)
    if operands.foreign is not None:
        operands.foreign = attrs.evolve(operands.foreign, mask=PAGE_OFFSET)
    return value & PAGE_OFFSET


def between(operands: Operands, low: int, high: int, kind: str) -> int:
    """Read a constant in a range; `kind` names it in the error."""
    value, start = constant(operands)
    if not low <= value <= high:
        raise operands.error(start, f"{kind} from {low} to {high}", operands.since(start))
    return value


def unsigned(operands: Operands, value: int, start: AssemblyToken, wide: bool) -> int:
    """Return a constant as the bits of a register.

    Raises:
        RefusedError: it does not fit.
    """
    # GNU as takes for w registers what has an upper half all 0 or all 1.
    if not wide and value >> 32 not in (0, -1, MASK32):
        raise operands.error(start, "a value of 32 bits for a w register", operands.since(start))
    return value & (MASK if wide else MASK32)


def is_wide_move(value: int, wide: bool) -> bool:
    """Say whether one movz or movn makes a value (Arm ARM, MOV (wide immediate))."""
    mask = MASK if wide else MASK32
    places = range(0, 64 if wide else 32, 16)
    return any(not bits & ~(0xFFFF << at) for bits in (value, value ^ mask) for at in places)


def is_bitmask(value: int, wide: bool) -> bool:
    """Say whether a logical instruction encodes a value (Arm ARM, DecodeBitMasks()).

    It does when the value repeats an element of 2 to 64 bits, which is a rotated run of ones.
    """
    if not wide:
        value |= value << 32
    if value in (0, MASK):
        return False
    size = WIDTH
    while value & _ones(size // 2) == value >> size // 2 & _ones(size // 2):
        size //= 2
    element = value & _ones(size)
    rotated = element >> 1 | (element & 1) << size - 1
    return (element ^ rotated).bit_count() == _CHANGES


def _in_64_bits(value: int) -> int:
    return value if value >= _SMALLEST else value & MASK


def _shift_right(left: int, right: int) -> int:
    return (left & MASK) >> right


def _exclusive_or(left: int, right: int) -> int:
    return _in_64_bits(left ^ right)


_OPERATORS: Final[Mapping[str, Callable[[int, int], int]]] = {
    "+": operator.add,
    "-": operator.sub,
    "|": operator.or_,
    "&": operator.and_,
    "^": _exclusive_or,
    "*": operator.mul,
    "<<": operator.lshift,
    ">>": _shift_right,
}


def _ones(count: int) -> int:
    return (1 << count) - 1


def _binary(operands: Operands, level: int, depth: int, words: Mapping[str, int] | None) -> int:
    if level == len(_LEVELS):
        return _unary(operands, depth, words)
    start = operands.token
    value = _binary(operands, level + 1, depth, words)
    while operands.token.text in _LEVELS[level]:
        symbol = operands.advance().text
        amount = operands.token
        right = _binary(operands, level + 1, depth, words)
        if symbol in ("<<", ">>") and not 0 <= right < WIDTH:
            raise operands.error(amount, "a shift from 0 to 63", operands.since(amount))
        value = _OPERATORS[symbol](value, right)
        if not _SMALLEST <= value <= MASK:
            raise operands.error(start, "a value of 64 bits", operands.since(start))
    return value


def _unary(operands: Operands, depth: int, words: Mapping[str, int] | None) -> int:
    token = operands.token
    if depth > _NESTED:
        raise operands.error(token, f"no more than {_NESTED} nested operators and parentheses")
    if token.kind is AssemblyTokenKind.NUMBER:
        if token.value > MASK:
            raise operands.error(token, "a value of 64 bits")
        return operands.advance().value
    if token.kind is AssemblyTokenKind.SYMBOL:
        return _word(operands, words)
    if operands.accept("("):
        value = _binary(operands, 0, depth + 1, words)
        operands.expect(")")
        return value
    if operands.accept("~"):
        return _in_64_bits(~_unary(operands, depth + 1, words))
    if operands.accept("-"):
        return _in_64_bits(-_unary(operands, depth + 1, words))
    raise operands.error(token, "a number")


def _word(operands: Operands, words: Mapping[str, int] | None) -> int:
    token = operands.token
    if words is None:
        known = token.text in operands.names.words
        hint = f" (ldr xN, ={token.text} loads a word's address)" if known else ""
        raise operands.error(token, f"a number{hint}")
    if token.text not in words:
        # Labels are many and rarely meant where there are words.
        near = operands.names.words or words
        raise operands.unknown(token, token.text, near, "a number or a word of guest RAM")
    operands.advance()
    return words[token.text]
