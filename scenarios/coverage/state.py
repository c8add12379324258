"""The state that a policy keeps, and who else may set it.

It is taken to begin as it is declared, members of KVM's structs at 0: a module's parameter, an
ioctl or the VM's initialisation are not run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

import attrs

from engine.policy.c_types import LockType
from engine.policy.policy import Policy, Variable
from scenarios.coverage.definitions import Definition
from scenarios.coverage.writes import written

_WORD: Final = re.compile(r"\w+")
_MEMBER: Final = "->arch."


@attrs.frozen
class Given:
    """State that the policy reads, and that nothing in its source gives the value it has."""

    name: str
    value: int
    why: str


def never_set(policy: Policy, own: Iterable[Definition]) -> tuple[Given, ...]:
    """Return the members and variables that the policy reads, and others set.

    Something else sets them, or why would they be asked for: a member of KVM's structs that
    nothing in the source writes, a variable that other files see too, and one that is only
    declared here.
    """
    definitions = tuple(own)
    names = [(one.kind, name) for one in definitions for name in written(one)]
    members = {name.text for _, name in names if name.is_member}
    plain = {name.text for kind, name in names if kind == "function" and not name.is_member}
    found = dict[str, Given]()
    for variable in (*policy.statics, *policy.fields):
        name = variable.name.partition("[")[0]
        if isinstance(variable.type, LockType) or name in found:
            continue
        if _MEMBER in name:
            why = None if _last_word(variable) in members else "is set nowhere in the source"
        else:
            why = _set_by_others(name, definitions, plain)
        if why is not None:
            found[name] = Given(name, variable.initial, why)
    return tuple(found.values())


def _set_by_others(name: str, definitions: Sequence[Definition], here: set[str]) -> str | None:
    """Return why a variable's value is not known from the source, None where it is."""
    declared = [one for one in definitions if one.kind != "function" and _declares(one, name)]
    defined = [one for one in declared if "extern" not in one.tokens or "=" in one.tokens]
    if not declared or any(one.static for one in declared):
        return None
    if not defined:
        return "is only declared in the source"
    fixed = any("const" in one.tokens and "=" in one.tokens for one in defined)
    return None if fixed or name in here else "is set nowhere in the source, though others may"


def _declares(definition: Definition, name: str) -> bool:
    is_variable = definition.kind == "variable" or "extern" in definition.tokens
    return is_variable and name in definition.mentions


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
