"""Casts that the grammar takes for arithmetic: `(u8)-x` reads as `x` subtracted from `u8`.

The grammar knows the standard's type names and not the kernel's, so these are spelled the
standard's way where a cast would be misread.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from engine.compiler.preprocess.tokens import Token, TokenKind
from engine.policy.c_types import (
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
)
from engine.policy.integers import INTEGER_NAMES

_STANDARD: Final = {
    SCHAR: "int8_t",
    UCHAR: "uint8_t",
    SHORT: "int16_t",
    USHORT: "uint16_t",
    INT: "int32_t",
    UINT: "uint32_t",
    LLONG: "int64_t",
    ULLONG: "uint64_t",
    LONG: "ssize_t",
    ULONG: "size_t",
}
_KNOWN: Final = frozenset(
    {*_STANDARD.values(), "intptr_t", "uintptr_t", "ptrdiff_t", "int", "long", "short", "signed"}
    | {"unsigned"}
)
_AMBIGUOUS: Final = frozenset("-+&*")
_KEYWORDS: Final = frozenset({"return", "case", "else", "do"})


def spell_casts(tokens: list[Token]) -> None:
    """Replace, in place, the kernel's type names in casts that would be misread."""
    solid = [
        index
        for index, token in enumerate(tokens)
        if token.kind not in (TokenKind.SPACE, TokenKind.NEWLINE)
    ]
    own = _typedefs([tokens[index] for index in solid])
    for at in range(1, len(solid) - 2):
        name = tokens[solid[at]]
        ctype = INTEGER_NAMES.get(name.text)
        standard = None if ctype is None else _STANDARD.get(ctype)
        if standard is None or name.text in _KNOWN or name.text in own:
            continue
        before = tokens[solid[at - 2]] if at > 1 else None
        opening, closing, after = (tokens[solid[place]].text for place in (at - 1, at + 1, at + 2))
        bracketed = (opening, closing) == ("(", ")")
        if bracketed and after in _AMBIGUOUS and not _ends_operand(before):
            tokens[solid[at]] = Token(name.kind, standard, name.start, name.end, expanded=True)


def _typedefs(tokens: list[Token]) -> frozenset[str]:
    """Return the names that the source gives to types by itself."""
    names = set[str]()
    inside = False
    for token, following in pairwise(tokens):
        inside = token.text == "typedef" or (inside and token.text != ";")
        if inside and following.text == ";":
            names.add(token.text)
    return frozenset(names)


def _ends_operand(token: Token | None) -> bool:
    """Say whether what is in brackets behind a token is not the beginning of an operand."""
    if token is None or token.text in _KEYWORDS:
        return False
    return token.kind in (TokenKind.NAME, TokenKind.NUMBER) or token.text in (")", "]")
