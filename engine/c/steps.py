"""Steps: what one event executes of a policy; control flow between them is free."""

from __future__ import annotations

from typing import TypeAlias

import attrs

from engine.c.expressions import Expression
from engine.c.source import Place


@attrs.frozen
class Execute:
    """An expression statement, a declaration with initialiser, or a part of a `for`."""

    text: str
    place: Place
    expression: Expression
    next: int


@attrs.frozen
class Decide:
    """A condition."""

    text: str
    place: Place
    condition: Expression
    then: int
    otherwise: int


@attrs.frozen
class Select:
    """A switch: the first case whose value matches, else the default."""

    text: str
    place: Place
    selector: Expression
    cases: tuple[tuple[int, int, int], ...]
    """Lowest value, highest value, target."""
    default: int


@attrs.frozen
class Call:
    """A call of a function of the source: pushes its frame; the result goes to a slot."""

    text: str
    place: Place
    function: int
    arguments: tuple[Expression, ...]
    result: int | None
    next: int


@attrs.frozen
class Flush:
    """A call of stage2_flush_vm, which begins a walk over stage 2."""

    text: str
    place: Place
    kvm: Expression
    next: int


@attrs.frozen
class Acquire:
    """A lock is taken; not executable while that is not possible."""

    text: str
    place: Place
    address: Expression
    shared: bool
    next: int


@attrs.frozen
class Release:
    """A lock is released."""

    text: str
    place: Place
    address: Expression
    shared: bool
    next: int


@attrs.frozen
class Return:
    """The function's end; free of cost where it evaluates nothing."""

    text: str
    place: Place
    value: Expression | None
    free: bool


Step: TypeAlias = Execute | Decide | Select | Call | Flush | Acquire | Release | Return
