"""The text of a query as tokens."""

from __future__ import annotations

import re
from enum import Enum, unique
from typing import Final

import attrs

from engine.arm.registers import MASK
from engine.refusal import Column, RefusedError, quote

LONGEST: Final = 500
"""How many characters a query may have."""

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<number>[0-9][A-Za-z0-9_]*)|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<symbol>&&|\|\||==|!=|<=|>=|<<|>>|->|[-+&|^~!<>()\[\].:])|(?P<end>\Z)|(?P<other>.))",
    re.DOTALL,
)
_NUMBER: Final = re.compile(r"0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|[0-9](?:_?[0-9])*")


@unique
class QueryTokenKind(Enum):
    """What a token may stand for."""

    NUMBER = "number"
    NAME = "name"
    SYMBOL = "symbol"
    END = "end"


@attrs.frozen
class QueryToken:
    """A piece of a query; `value` is a number's, `column` counts from 1."""

    kind: QueryTokenKind
    text: str
    column: int
    value: int = 0

    @property
    def shown(self) -> str:
        """The token as an error names it."""
        return "the end" if self.kind is QueryTokenKind.END else quote(self.text)


def tokens(text: str) -> tuple[QueryToken, ...]:
    """Return the tokens of a query, END last.

    Raises:
        RefusedError: the text is too long, or has a character or a number that means nothing.
    """
    if len(text) > LONGEST:
        raise RefusedError(f"{len(text)} characters", f"at most {LONGEST}", Column(LONGEST + 1))
    found: list[QueryToken] = []
    at = 0
    while True:
        match = _TOKEN.match(text, at)
        assert match is not None
        assert match.lastgroup is not None
        column = match.start(match.lastgroup) + 1
        written = match[match.lastgroup]
        if match["end"] is not None:
            return (*found, QueryToken(QueryTokenKind.END, "", column))
        if match["other"]:
            expected = "'==' to compare" if written == "=" else "a name, a number or an operator"
            raise RefusedError(quote(written), expected, Column(column))
        kind = QueryTokenKind(match.lastgroup)
        value = _value(written, column) if kind is QueryTokenKind.NUMBER else 0
        found.append(QueryToken(kind, written, column, value))
        at = match.end()


def _value(text: str, column: int) -> int:
    if not _NUMBER.fullmatch(text):
        raise RefusedError(
            quote(text), "a number: decimal, 0x hexadecimal or 0b binary", Column(column)
        )
    digits = text.replace("_", "").lower()
    base = {"0x": 16, "0b": 2}.get(digits[:2], 10)
    value = int(digits if base == 10 else digits[2:], base)
    if value > MASK:
        raise RefusedError(quote(text), "a value of 64 bits", Column(column))
    return value
