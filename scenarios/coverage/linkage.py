"""What a definition's name stands for in the end: what is declared of it besides its C."""

from __future__ import annotations

from itertools import pairwise, takewhile
from typing import Final

from scenarios.coverage.definitions import Definition
from scenarios.coverage.translation import MARK

_PRAGMAS: Final = frozenset(("weak", "redefine_extname", "push_macro", "pop_macro"))
"""What makes a name another's, or a macro what it was before."""
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
