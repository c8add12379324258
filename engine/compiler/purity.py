"""Purity: which functions go by their arguments alone, so that a call more or less is the same."""

from __future__ import annotations

from engine.policy.decisions import parts
from engine.policy.expressions import (
    Ask,
    Assignment,
    Exchange,
    Expression,
    LocalAddress,
    Modify,
    ObjectValue,
    Oops,
    TryLock,
    VcpuAddress,
)
from engine.policy.operations import Acquire, Call, Flush, Operation, Release
from engine.policy.policy import Function


def is_of_arguments_alone(function: Function) -> bool:
    """Say whether a function's value depends on nothing but its arguments, and it does no more."""
    return not any(
        isinstance(operation, Call | Flush | Acquire | Release) or _reaches_out(operation)
        for operation in function.operations
    )


def _reaches_out(whole: Operation | Expression) -> bool:
    """Say whether something reads or writes what is no local, or asks the machine."""
    match whole:
        case Ask() | VcpuAddress() | Oops() | TryLock() | Exchange():
            return True
        case ObjectValue(address) | Assignment(address) | Modify(address) if not isinstance(
            address, LocalAddress
        ):
            return True
        case _:
            return any(map(_reaches_out, parts(whole)))
