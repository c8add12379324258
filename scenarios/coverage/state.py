"""The state that a policy keeps, and who else may set it.

It is taken to begin as it is declared, members of KVM's structs at 0: a module's parameter, an
ioctl or the VM's initialisation are not run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import Final

from engine.policy.c_types import LockType
from engine.policy.policy import Policy, Variable
from scenarios.coverage.definitions import Definition

_WORD: Final = re.compile(r"\w+")
_MEMBER: Final = "->arch."
_ASSIGNS: Final = frozenset(
    ("=", "+=", "-=", "*=", "/=", "%=", "|=", "&=", "^=", "<<=", ">>=", "++", "--", "[", ",")
)
"""What stands behind a name that may be written: an element's, or the first of a macro's, too."""
_WRITERS: Final = frozenset(("&", "++", "--", "WRITE_ONCE", "xchg", "cmpxchg"))


def never_set(policy: Policy, own: Iterable[Definition]) -> tuple[str, ...]:
    """Return the members of KVM's structs that the policy reads, and nothing in its source sets.

    Something else sets them, or why would they be asked for.
    """
    written = {name for definition in own for name in _written(definition)}
    return tuple(
        variable.name
        for variable in (*policy.statics, *policy.fields)
        if _MEMBER in variable.name and not isinstance(variable.type, LockType)
        if _last_word(variable) not in written
    )


def state_in(definition: Definition, policy: Policy) -> tuple[str, ...]:
    """Return the state of the policy that a definition names, none where it declares it."""
    kept = {_last_word(variable) for variable in (*policy.statics, *policy.fields)}
    used = sorted(kept & definition.mentions)
    by_macro = any(token.startswith(("DECLARE_", "DEFINE_")) for token in definition.tokens[:3])
    declares = definition.name in used or definition.kind == "type" or by_macro
    return () if declares else tuple(used)


def _last_word(variable: Variable) -> str:
    """Return a variable's own name, or that of the member that it is."""
    words: list[str] = _WORD.findall(variable.name.partition("[")[0])
    return words[-1]


def _written(definition: Definition) -> Iterator[str]:
    """Yield the names that a function may write: assigned, counted, or their address taken.

    Of `&kvm->arch.member` every name counts: too many do no harm.
    """
    tokens = definition.tokens
    for at, token in enumerate(tokens):
        if tokens[at + 1 : at + 2] and tokens[at + 1] in _ASSIGNS:
            yield token
        if token in _WRITERS:
            yield from takewhile(lambda word: word not in (";", ")"), tokens[at + 1 :])
