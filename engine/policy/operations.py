"""Operations: what one event executes of a policy; control flow between them is free."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import attrs

from engine.policy.expressions import Expression
from engine.policy.source import Place


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


Operation: TypeAlias = Execute | Decide | Select | Call | Flush | Acquire | Release | Return


def targets(operation: Operation) -> tuple[int, ...]:
    """Return where control may pass to after an operation, within its function."""
    match operation:
        case Execute(next=to) | Call(next=to) | Flush(next=to) | Acquire(next=to):
            return (to,)
        case Release(next=to):
            return (to,)
        case Decide(then=then, otherwise=otherwise):
            return (then, otherwise)
        case Select(cases=cases, default=default):
            return (*(target for _, _, target in cases), default)
        case Return():
            return ()


def retarget(operation: Operation, number: Callable[[int], int]) -> Operation:
    """Return an operation with every target replaced."""
    match operation:
        case Execute(next=to) | Call(next=to) | Flush(next=to) | Acquire(next=to):
            return attrs.evolve(operation, next=number(to))
        case Release(next=to):
            return attrs.evolve(operation, next=number(to))
        case Decide(then=then, otherwise=otherwise):
            return attrs.evolve(operation, then=number(then), otherwise=number(otherwise))
        case Select(cases=cases, default=default):
            return attrs.evolve(
                operation,
                cases=tuple((low, high, number(target)) for low, high, target in cases),
                default=number(default),
            )
        case Return():
            return operation
