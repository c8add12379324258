"""Which operations a stage2_flush_vm can still follow, over all functions at once."""

from __future__ import annotations

from engine.policy.operations import Call, Flush, Operation, targets
from engine.policy.policy import Function


def flush_reachability(functions: tuple[Function, ...]) -> tuple[tuple[bool, ...], ...]:
    """Say per function and operation whether a flush may come at it or after it in that function.

    A call counts as what its callee's entry can reach; what comes after a return is the
    caller's, and is looked up where the caller's frame stands.
    """
    reach = [[False] * len(function.operations) for function in functions]
    changed = True
    while changed:
        changed = False
        for number, function in enumerate(functions):
            for index in range(len(function.operations) - 1, -1, -1):
                operation = function.operations[index]
                if not reach[number][index] and _reaches(operation, reach, number):
                    reach[number][index] = changed = True
    return tuple(tuple(row) for row in reach)


def _reaches(operation: Operation, reach: list[list[bool]], number: int) -> bool:
    if isinstance(operation, Flush):
        return True
    if isinstance(operation, Call) and reach[operation.function][0]:
        return True
    return any(reach[number][target] for target in targets(operation))
