"""C integer arithmetic as arm64's gcc does it with the kernel's -fwrapv: widths, signs, ranks."""

from __future__ import annotations

from typing import Final

from engine.policy.c_types import (
    BOOL,
    CHAR,
    INT,
    LLONG,
    LONG,
    SCHAR,
    SHORT,
    UCHAR,
    UINT,
    ULLONG,
    ULONG,
    USHORT,
    CType,
    IntegerType,
)
from engine.policy.operators import BinaryOperator, UnaryOperator

_UNSIGNED: Final = {INT: UINT, LONG: ULONG, LLONG: ULLONG}


def convert(value: int, target: CType) -> int:
    """Return `value` converted to a type (C11 6.3.1.2, 6.3.1.3); pointers are 64 bits wide."""
    if not isinstance(target, IntegerType):
        return value & 0xFFFF_FFFF_FFFF_FFFF
    if target.rank == 0:
        return int(value != 0)
    value &= (1 << target.bits) - 1
    if target.signed and value >> (target.bits - 1):
        value -= 1 << target.bits
    return value


def promote(ctype: IntegerType) -> IntegerType:
    """Return the type after the integer promotions (C11 6.3.1.1)."""
    return ctype if ctype.rank >= INT.rank else INT


def common(left: IntegerType, right: IntegerType) -> IntegerType:
    """Return the type of the usual arithmetic conversions (C11 6.3.1.8)."""
    left, right = promote(left), promote(right)
    if left.signed == right.signed:
        return left if left.rank >= right.rank else right
    signed, unsigned = (left, right) if left.signed else (right, left)
    if unsigned.rank >= signed.rank:
        return unsigned
    return signed if signed.bits > unsigned.bits else _UNSIGNED[signed]


def unary(operator: UnaryOperator, value: int, ctype: CType) -> int:
    """Return an operator's result on a promoted operand."""
    match operator:
        case UnaryOperator.MINUS:
            return convert(-value, ctype)
        case UnaryOperator.INVERT:
            return convert(~value, ctype)
        case UnaryOperator.NOT:
            return int(not value)


def binary(operator: BinaryOperator, left: int, right: int, ctype: CType) -> int:
    """Return an operator's result on converted operands, in `ctype`.

    Where C leaves it undefined, arm64 decides: a division by zero gives 0 (Arm ARM, SDIV), a
    shift takes its amount modulo the width (LSLV), and overflow wraps.
    """
    match operator:
        case BinaryOperator.EQUAL:
            return int(left == right)
        case BinaryOperator.UNEQUAL:
            return int(left != right)
        case BinaryOperator.AND:
            return convert(left & right, ctype)
        case BinaryOperator.OR:
            return convert(left | right, ctype)
        case BinaryOperator.ADD:
            return convert(left + right, ctype)
        case BinaryOperator.SUBTRACT:
            return convert(left - right, ctype)
        case BinaryOperator.LESS:
            return int(left < right)
        case BinaryOperator.LESS_EQUAL:
            return int(left <= right)
        case BinaryOperator.GREATER:
            return int(left > right)
        case BinaryOperator.GREATER_EQUAL:
            return int(left >= right)
        case BinaryOperator.XOR:
            return convert(left ^ right, ctype)
        case BinaryOperator.MULTIPLY:
            return convert(left * right, ctype)
        case BinaryOperator.DIVIDE:
            return convert(_quotient(left, right), ctype)
        case BinaryOperator.REMAINDER:
            return convert(left - _quotient(left, right) * right, ctype)
        case BinaryOperator.SHIFT_LEFT:
            return convert(left << right % _width(ctype), ctype)
        case BinaryOperator.SHIFT_RIGHT:
            return convert(left >> right % _width(ctype), ctype)


def _width(ctype: CType) -> int:
    return ctype.bits if isinstance(ctype, IntegerType) else 64


def _quotient(left: int, right: int) -> int:
    if right == 0:
        return 0
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


def literal(text: str) -> tuple[int, IntegerType] | None:
    """Return the value and type of an integer constant (C11 6.4.4.1), or None if it is none."""
    body = text.lower().rstrip("ul")
    suffix = text.lower()[len(body) :]
    if "_" in body or suffix not in ("", "u", "l", "ul", "lu", "ll", "ull", "llu"):
        return None
    based = body[:2] in ("0x", "0b") or (body[:1] == "0" and len(body) > 1)
    try:
        value = int(body, 0) if body[:2] in ("0x", "0b") else int(body, 8 if based else 10)
    except ValueError:
        return None
    unsigned, longs = "u" in suffix, suffix.count("l")
    candidates = ((INT, UINT), (LONG, ULONG), (LLONG, ULLONG))[longs:]
    for signed_type, unsigned_type in candidates:
        if not unsigned and value < 1 << (signed_type.bits - 1):
            return value, signed_type
        if (unsigned or based) and value < 1 << unsigned_type.bits:
            return value, unsigned_type
    return None


INTEGER_NAMES: Final[dict[str, IntegerType]] = {
    **{
        name: ctype
        for bits, signed, unsigned in (
            (8, SCHAR, UCHAR),
            (16, SHORT, USHORT),
            (32, INT, UINT),
            (64, LLONG, ULLONG),
        )
        for names, ctype in (
            ((f"s{bits}", f"__s{bits}", f"int{bits}_t"), signed),
            ((f"u{bits}", f"__u{bits}", f"uint{bits}_t"), unsigned),
        )
        for name in names
    },
    **dict.fromkeys(("bool", "_Bool"), BOOL),
    "char": CHAR,
    "short": SHORT,
    "int": INT,
    "long": LONG,
    "signed": INT,
    "unsigned": UINT,
    "uint": UINT,
    "ushort": USHORT,
    **dict.fromkeys(("size_t", "uintptr_t", "ulong"), ULONG),
    **dict.fromkeys(("ssize_t", "intptr_t", "ptrdiff_t"), LONG),
    **dict.fromkeys(("phys_addr_t", "gpa_t", "gfn_t", "hpa_t"), ULLONG),
}
"""Integer types by a single name, the kernel's typedefs included."""
