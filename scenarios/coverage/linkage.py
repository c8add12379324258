"""What a definition's name stands for in the end: what is declared of it besides its C."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile
from typing import Final

from scenarios.coverage.definitions import Definition
from scenarios.coverage.translation import MARK

_PRAGMAS: Final = frozenset(("weak", "redefine_extname", "push_macro", "pop_macro"))
"""What makes a name another's, or a macro what it was before."""
_CACHED: Final = frozenset(
    ("__attribute_const__", "__const__", "__pure", "__pure__", "pure", "__attribute_pure__")
)
"""Attributes of functions that may be called less often than is written."""
_LEFT_EARLY: Final = frozenset(
    ("noreturn", "__noreturn", "__noreturn__", "_Noreturn", "naked", "__naked", "__naked__")
)
_DECLARED: Final = frozenset(("=", ",", ";", "}", "["))
"""What stands behind a name where it is declared."""


def is_replaced(definition: Definition) -> bool:
    """Say whether a declaration may make a function what its C is not: an alias, assembly."""
    means = ("alias", "__alias", "__alias__", "asm", "__asm__", "__asm", "ifunc", "__ifunc__")
    declared = definition.kind in ("variable", "type")
    return declared and any(token in means for token in definition.tokens)


def is_weak(definition: Definition) -> bool:
    """Say whether another file may define the same name, and have the last word."""
    head = takewhile(lambda token: token != "{", definition.tokens)
    return any(token in ("__weak", "weak", "__weak__") for token in head)


def is_cached(definition: Definition, name: str) -> bool:
    """Say whether an attribute lets the compiler make one call of a function out of several."""
    head = _head(definition, name)
    spelled = any(token in _CACHED for token in head)
    return spelled or any("const" in attribute for attribute in _attributes(head))


def is_left_early(definition: Definition, name: str) -> bool:
    """Say whether an attribute denies that a function comes to its end, or that it has one."""
    return any(token in _LEFT_EARLY for token in _head(definition, name))


def _head(definition: Definition, name: str) -> tuple[str, ...]:
    """Return a function's own head, or a declaration that may stand before it; else nothing."""
    declares = definition.kind == "type" and name in definition.mentions
    own = definition.kind == "function" and definition.name == name
    if not (declares or own):
        return ()
    return tuple(takewhile(lambda token: token != "{", definition.tokens))


def _attributes(head: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield what stands between the parentheses of each `__attribute__`."""
    for at, token in enumerate(head):
        if token in ("__attribute__", "__attribute"):
            depth, end = 0, at + 1
            while end < len(head):
                depth += (head[end] == "(") - (head[end] == ")")
                end += 1
                if not depth:
                    break
            yield head[at + 1 : end]


def renames(definition: Definition) -> bool:
    """Say whether a directive may give a name another meaning."""
    return definition.name.startswith("#pragma") and bool(_PRAGMAS & {*definition.tokens})


def maybe_declared(definition: Definition) -> frozenset[str]:
    """Return the names of variables, types and constants that only an undecided #if declares."""
    tokens = definition.tokens
    if definition.kind == "function" or not tokens[:1] or not tokens[0].startswith(MARK):
        return frozenset()
    pairs = pairwise(tokens)
    return frozenset(name for name, behind in pairs if behind in _DECLARED and name.isidentifier())
