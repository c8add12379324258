"""The tables that say which handler a trapped register has, cut into rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import attrs

from engine.compiler.preprocess.tokens import Token
from engine.policy.integers import literal
from scenarios.coverage.translation import MARK
from scenarios.kernel.registers import AARCH32, AARCH32_WIDE, AARCH64, NAMED

ROW_TYPES: Final = frozenset({"sys_reg_desc", "coproc_reg"})
"""The structs that a table is an array of."""

_ENCODING: Final = frozenset({"Op0", "Op1", "CRn", "CRm", "CRm64", "Op2"})
_SHAPE: Final = frozenset({"is32", "is64", "AA32"})
_DESCRIPTIONS: Final = ("SYS_DESC", "CP15_SYS_DESC", "CP15_PMU_SYS_REG")
_DEBUG: Final = "cp14"
"""What is in the name of a table whose AArch32 encodings are of another coprocessor."""
_OPENING: Final = frozenset("([{")
_CLOSING: Final = frozenset(")]}")


@attrs.frozen
class HandlerRow:
    """A row for a register that matters: its tokens, and the handler as it stands there."""

    register: str
    tokens: tuple[Token, ...]
    handler: str | None


@attrs.frozen
class HandlerTable:
    """A table: the rows that matter, and all else in it."""

    rows: tuple[HandlerRow, ...]
    rest: tuple[Token, ...]


def table_of(name: str, tokens: Sequence[Token]) -> HandlerTable | None:
    """Return a variable's definition as a table of registers, or None where it is none."""
    opening = next((n for n, token in enumerate(tokens) if token.text == "{"), None)
    if opening is None or not any(token.text in ROW_TYPES for token in tokens[:opening]):
        return None
    rows, rest = list[HandlerRow](), list(tokens[: opening + 1])
    closing = _closing(tokens, opening)
    for item in _items(tokens[opening + 1 : closing]):
        row = _row(name, [token for token in item if not token.text.startswith(MARK)], item)
        if row is None:
            rest.extend(item)
        else:
            rows.append(row)
    return HandlerTable(tuple(rows), (*rest, *tokens[closing:]))


def _closing(tokens: Sequence[Token], opening: int) -> int:
    depth = 0
    for index in range(opening, len(tokens)):
        depth += (tokens[index].text in _OPENING) - (tokens[index].text in _CLOSING)
        if depth == 0:
            return index
    return len(tokens)


def _items(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Yield what stands between the commas outside of brackets, each with its comma."""
    depth, item = 0, list[Token]()
    for token in tokens:
        depth += (token.text in _OPENING) - (token.text in _CLOSING)
        item.append(token)
        if token.text == "," and depth == 0:
            yield item
            item = []
    if item:
        yield item


def _row(name: str, words: Sequence[Token], item: Sequence[Token]) -> HandlerRow | None:
    if not words or words[0].text != "{":
        return None
    parts = [
        part[:-1] if part[-1].text == "," else part
        for part in _items(words[1 : _closing(words, 0)])
    ]
    register = _register(name, parts)
    return None if register is None else HandlerRow(register, tuple(item), _handler(parts))


def _register(name: str, parts: Sequence[Sequence[Token]]) -> str | None:
    encoding: dict[str, int] = {}
    for part in parts:
        texts = [token.text for token in part]
        if len(texts) == 4 and texts[0] in _DESCRIPTIONS:
            named = texts[2].removeprefix("SYS_")
            return named if named in NAMED else None
        if len(texts) == 4 and texts[0] in _ENCODING:
            number = literal(texts[2])
            if number is None:
                return None
            encoding[texts[0]] = number[0]
    return _by_encoding(name, encoding)


def _by_encoding(name: str, given: Mapping[str, int]) -> str | None:
    if _DEBUG in name:
        return None
    if "CRm64" in given or ("64" in name and "Op0" not in given):
        return AARCH32_WIDE.get((given.get("Op1", -1), given.get("CRm64", given.get("CRm", -1))))
    place = tuple(given.get(part, -1) for part in ("Op1", "CRn", "CRm", "Op2"))
    return AARCH64.get((given["Op0"], *place)) if "Op0" in given else AARCH32.get(place)


def _handler(parts: Sequence[Sequence[Token]]) -> str | None:
    """Return the initialiser of `access`, the first member behind those of the encoding."""
    found: str | None = None
    place: int | None = 0
    for part in parts:
        texts = [token.text for token in part]
        if texts[:1] == ["."]:
            place = None
            if texts[1:3] == ["access", "="]:
                found = " ".join(texts[3:])
        elif texts and (texts[0] in _ENCODING or texts[0] in _SHAPE or texts[0] in _DESCRIPTIONS):
            continue
        elif place is not None:
            if place == 0 and texts:
                found = " ".join(texts)
            place += 1
    return found
