"""What a function writes, as far as its tokens say: assigned, counted, or its address given away.

What is only compared, or read through its address by something that only reads, is not written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import attrs

from scenarios.coverage.definitions import Definition

_ASSIGNS: Final = frozenset(
    ("=", "+=", "-=", "*=", "/=", "%=", "|=", "&=", "^=", "<<=", ">>=", "++", "--")
)
_COUNTS: Final = frozenset(("++", "--"))
_WRITE_FIRST: Final = frozenset(
    (
        *("WRITE_ONCE", "xchg", "cmpxchg", "xchg_relaxed", "cmpxchg_relaxed", "try_cmpxchg"),
        *("rcu_assign_pointer", "bitmap_zero", "bitmap_fill", "bitmap_set", "bitmap_clear"),
        *("bitmap_or", "bitmap_and", "bitmap_copy", "bitmap_xor", "bitmap_andnot"),
        *("memset", "memcpy", "memmove", "strscpy"),
    )
)
"""What writes its first argument, of what it is given by name."""
_WRITE_ANY: Final = frozenset(
    (
        *("set_bit", "__set_bit", "clear_bit", "__clear_bit", "change_bit", "__change_bit"),
        *("test_and_set_bit", "test_and_clear_bit", "test_and_change_bit", "assign_bit"),
        *("__test_and_set_bit", "__test_and_clear_bit", "__test_and_change_bit", "__assign_bit"),
        *("set_bit_unlock", "clear_bit_unlock", "test_and_set_bit_lock", "swap"),
        *("cpumask_set_cpu", "cpumask_clear_cpu"),
    )
)
_READ: Final = frozenset(
    (
        *("atomic_read", "atomic64_read", "atomic_long_read", "refcount_read", "READ_ONCE"),
        *("atomic_read_acquire", "atomic64_read_acquire", "atomic_long_read_acquire"),
        *("smp_load_acquire", "test_bit", "test_bit_acquire", "cpumask_test_cpu", "sizeof"),
    )
)
"""What only reads through an address that it is given."""
_SPLIT: Final = {("-", ">"): "->", ("&", "="): "&=", ("|", "="): "|=", ("^", "="): "^="}
"""Operators that a definition's tokens may have in two pieces."""
_BEFORE_OPERANDS: Final = frozenset(("return", "case", "else", "do"))
_PAIRS: Final = {"(": ")", "[": "]"}


@attrs.frozen
class WrittenName:
    """A name that is written: a variable's, or a member's, behind `->` or `.`."""

    text: str
    is_member: bool


def written(definition: Definition) -> Iterator[WrittenName]:
    """Yield the names that a definition may write; the members that an initialiser sets too."""
    tokens = joined(definition.tokens)
    calls = list[str]()
    for at, token in enumerate(tokens):
        before = tokens[at - 1] if at else ""
        if token == "(":
            calls.append(before if _is_name(before) else "")
        elif token == ")" and calls:
            calls.pop()
        elif _is_name(token):
            call = calls[-1] if calls else ""
            if (
                _behind(tokens, at + 1, calls) in _ASSIGNS
                or call in _WRITE_ANY
                or (call in _WRITE_FIRST and _is_first(tokens, at))
            ):
                yield WrittenName(token, before in ("->", "."))
        elif token in _COUNTS or (token == "&" and _gives_address(before, calls)):
            yield from _operand(tokens, at + 1)


def joined(tokens: Sequence[str]) -> tuple[str, ...]:
    """Return a definition's tokens, with no operator in two pieces."""
    result: list[str] = []
    for token in tokens:
        whole = _SPLIT.get((result[-1], token)) if result else None
        if whole is None:
            result.append(token)
        else:
            result[-1] = whole
    return tuple(result)


def _is_name(token: str) -> bool:
    return token[:1].isalpha() or token[:1] == "_"


def _begins_operand(before: str) -> bool:
    """Say whether what stands behind a token is an operand of its own, so that `&` is unary."""
    if before in _BEFORE_OPERANDS:
        return True
    return not (_is_name(before) or before[:1].isdigit() or before in (")", "]"))


def _gives_address(before: str, calls: Sequence[str]) -> bool:
    """Say whether `&` is unary, behind `before`, and for who may write through the address."""
    return _begins_operand(before) and (not calls or calls[-1] not in _READ)


def _close(tokens: Sequence[str], at: int) -> int:
    """Return where the bracket that opens at a place is closed."""
    depth = 0
    for index in range(at, len(tokens)):
        depth += (tokens[index] in _PAIRS) - (tokens[index] in _PAIRS.values())
        if depth == 0:
            return index
    return len(tokens)


def _behind(tokens: Sequence[str], at: int, calls: Sequence[str]) -> str:
    """Return what stands behind a name, its indices, and the brackets that group it alone."""
    around = list(calls)
    while at < len(tokens):
        if tokens[at] == "[":
            at = _close(tokens, at)
        elif tokens[at] != ")" or not around or around.pop():
            return tokens[at]
        at += 1
    return ""


def _is_first(tokens: Sequence[str], at: int) -> bool:
    """Say whether a name stands in the first argument of the call it is in, and is no index."""
    depth = 0
    for index in range(at - 1, -1, -1):
        token = tokens[index]
        if token in _PAIRS.values():
            depth += 1
        elif token in _PAIRS:
            if depth == 0:
                return token == "("
            depth -= 1
        elif token == "," and depth == 0:
            return False
    return False


def _operand(tokens: Sequence[str], at: int) -> Iterator[WrittenName]:
    """Yield the names of the object at a place: every member on the way to it, too."""
    before = ""
    while at < len(tokens):
        token = tokens[at]
        if token == "[":
            at = _close(tokens, at)
        elif _is_name(token):
            yield WrittenName(token, before in ("->", "."))
        elif token not in ("->", ".", "(", "*", ")"):
            return
        if _is_name(token) and _is_name(before):
            return
        before = token
        at += 1


def arguments_of(tokens: Sequence[str], at: int) -> Iterator[tuple[str, ...]]:
    """Yield the arguments of the call whose bracket opens at a place, each as its tokens."""
    begun, depth = at + 1, 0
    for index in range(at, _close(tokens, at)):
        depth += (tokens[index] in _PAIRS) - (tokens[index] in _PAIRS.values())
        if tokens[index] == "," and depth == 1:
            yield tuple(tokens[begun:index])
            begun = index + 1
    yield tuple(tokens[begun : _close(tokens, at)])
