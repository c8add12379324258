"""Operations of a compiled toggle, as their kinds, their texts and where they lead."""

from __future__ import annotations

from engine.policy.operations import Decide, Return, Select
from engine.policy.policy import Function, Policy
from tests.engine.build import policy_of

TOGGLE = "void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)\n"


def toggle_of(body: str, outside: str = "") -> Function:
    policy = policy_with(body, outside)
    assert policy.toggle is not None
    return policy.functions[policy.toggle]


def policy_with(body: str, outside: str = "") -> Policy:
    return policy_of(f"{outside}\n{TOGGLE}{{\n{body}\n}}\n")


def shape(function: Function) -> list[tuple[str, ...]]:
    """Return each operation as its kind, its text and the texts of where it leads."""
    return [
        (
            type(operation).__name__,
            operation.text,
            *(function.operations[n].text for n in targets(operation)),
        )
        for operation in function.operations
    ]


def targets(operation: object) -> tuple[int, ...]:
    match operation:
        case Decide():
            return (operation.then, operation.otherwise)
        case Select():
            return (*(target for _, _, target in operation.cases), operation.default)
        case Return():
            return ()
        case _:
            return (operation.next,)  # type: ignore[attr-defined]
