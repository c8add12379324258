"""Control flow: operations, with labels until they are settled and then with indices."""

from __future__ import annotations

from typing import Final, TypeAlias

import attrs

from engine.compiler.lower.build import NOTHING
from engine.policy.operations import (
    Execute,
    Operation,
    Release,
    retarget,
    targets,
)
from engine.policy.source import Place

MAX_OPERATIONS: Final = 5_000
"""Operations that a function may have."""

Label: TypeAlias = int


@attrs.frozen
class Jump:
    """Control passes on without an operation; shown only where nothing but jumps make up a loop."""

    text: str
    place: Place
    target: Label


Emitted: TypeAlias = Operation | Jump


@attrs.define
class Flow:
    """The operations of a function, in the order of its text."""

    place: Place
    operations: list[Emitted] = attrs.Factory(list)
    bound: list[int | None] = attrs.Factory(list)
    """Per label: the operation it stands before."""
    open: bool = True
    """What is emitted next can be reached by falling into it."""

    def label(self) -> Label:
        """Return a label that stands nowhere yet."""
        self.bound.append(None)
        return len(self.bound) - 1

    def bind(self, label: Label) -> None:
        """Let a label stand before what is emitted next."""
        self.bound[label] = len(self.operations)

    def after(self) -> Label:
        """Return a label that stands behind what is emitted next."""
        label = self.label()
        self.bound[label] = len(self.operations) + 1
        return label

    def emit(self, operation: Emitted) -> None:
        """Append an operation.

        Raises:
            RefusedError: the function has too many.
        """
        if len(self.operations) >= MAX_OPERATIONS:
            raise self.place.refusal("too long a function", f"at most {MAX_OPERATIONS} steps")
        self.operations.append(operation)

    def settle(self) -> tuple[Operation, ...]:
        """Return the operations that can be reached, the first being one to which none leads."""
        numbers: dict[int, int] = {}
        order: list[int] = []
        pending = [self._real(0)]
        while pending:
            index = pending.pop()
            if index in numbers:
                continue
            numbers[index] = 0
            order.append(index)
            operation = self._made_real(index)
            pending.extend(self._real_of(label) for label in reversed(targets(operation)))
        order = [order[0], *sorted(order[1:])]
        entered = {self._real_of(t) for index in order for t in targets(self._made_real(index))}
        shift = 1 if order[0] in entered else 0
        body = sorted(order) if shift else order
        numbers = {index: number + shift for number, index in enumerate(body)}
        chosen = [order[0], *body] if shift else body

        def number(label: Label) -> int:
            return numbers[self._real_of(label)]

        return tuple(retarget(self._made_real(index), number) for index in chosen)

    def _real_of(self, label: Label) -> int:
        bound = self.bound[label]
        assert bound is not None
        return self._real(bound)

    def _real(self, index: int) -> int:
        """Follow jumps to the operation they end at, or to a jump that only leads in circles."""
        seen = set[int]()
        while isinstance(operation := self.operations[index], Jump) and index not in seen:
            seen.add(index)
            bound = self.bound[operation.target]
            assert bound is not None
            index = bound
        return index if not isinstance(operation, Jump) else min(seen)

    def _made_real(self, index: int) -> Operation:
        operation = self.operations[index]
        if isinstance(operation, Jump):
            return Execute(operation.text, operation.place, NOTHING, operation.target)
        return operation


def spin_points(operations: tuple[Operation, ...]) -> tuple[bool, ...]:
    """Say per operation whether spinning is looked for there.

    These are the heads of loops, which a depth-first search meets again, and what follows the
    release of a lock: of a loop that takes a lock in between, one of them is where it holds none.
    """
    points = [False] * len(operations)
    state = [0] * len(operations)
    # A first operation that is a copy of a loop's head would make its successor look like the head.
    start = next(
        (n for n, operation in enumerate(operations) if n and operation == operations[0]), 0
    )
    pending = [(start, iter(targets(operations[start])))]
    state[start] = 1
    while pending:
        index, successors = pending[-1]
        following = next(successors, None)
        if following is None:
            state[index] = 2
            pending.pop()
        elif state[following] == 1:
            points[following] = True
        elif state[following] == 0:
            state[following] = 1
            pending.append((following, iter(targets(operations[following]))))
    for operation in operations:
        if isinstance(operation, Release):
            points[operation.next] = True
    return tuple(points)
