"""The conditions of a compiled policy that can come to either, by where the source has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import attrs

from engine.policy.addresses import Region
from engine.policy.expressions import (
    Constant,
    Convert,
    Expression,
    FieldAddress,
    InnerCondition,
    Logical,
    ObjectValue,
    Unary,
    Watched,
)
from engine.policy.operations import (
    Acquire,
    Call,
    Decide,
    Execute,
    Flush,
    Operation,
    Release,
    Return,
    Select,
)
from engine.policy.source import Place

ConditionAt: TypeAlias = tuple[Place, str]
"""Where a condition is, and its text."""


def conditions(operation: Operation) -> Iterator[ConditionAt]:
    """Yield what an operation decides: the conditions inside of it, and its own.

    What `&&` and `||` come to, their operands decide.

    What the header's part of a loop over vCPUs asks is nothing that the source decides, nor is
    whether a vCPU has a VM: each has.
    """
    inside = tuple(_inside(operation))
    yield from ((part.place, part.text) for part in inside if not _is_vm(part.operand))
    match operation:
        case Decide(text=text, place=place, condition=condition):
            if not (_is_told_by(inside, condition) or _is_vm(condition)):
                yield place, text
        case Select(text=text, place=place):
            yield place, text
        case Execute() | Call() | Flush() | Acquire() | Release() | Return():
            pass


def _is_told_by(inside: tuple[InnerCondition, ...], condition: Expression) -> bool:
    """Say whether a condition is decided by those inside of it, or by nothing of the source."""
    if not inside:
        return isinstance(condition, Constant) or any(
            isinstance(each, Logical) for each in (condition, *parts(condition))
        )
    while isinstance(condition, Unary | Convert | Watched):
        condition = condition.operand
    return isinstance(condition, Logical | InnerCondition)


def _is_vm(condition: Expression) -> bool:
    """Say whether a condition asks for a vCPU's VM alone, as it is or negated."""
    while isinstance(condition, Unary | Convert | Watched):
        condition = condition.operand
    match condition:
        case ObjectValue(address=FieldAddress(region=Region.VCPU_KVM)):
            return True
        case _:
            return False


def _inside(whole: Operation | Expression) -> Iterator[InnerCondition]:
    for part in parts(whole):
        if isinstance(part, InnerCondition):
            yield part
        yield from _inside(part)


def parts(whole: Operation | Expression) -> Iterator[Expression]:
    """Yield the expressions that something is made of, in their order."""
    for field in attrs.fields(type(whole)):
        value = getattr(whole, field.name)
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, Expression):
                yield each
