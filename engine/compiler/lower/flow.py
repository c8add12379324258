"""Control flow: steps with labels while they are emitted, with indices once they are settled."""

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
from engine.policy.source import Place, PolicyError

MAX_STEPS: Final = 5_000
"""Steps that a function may have."""

Label: TypeAlias = int


@attrs.frozen
class Jump:
    """Control passes on without a step; shown only where nothing but jumps make up a loop."""

    text: str
    place: Place
    target: Label


Emitted: TypeAlias = Operation | Jump


@attrs.define
class Flow:
    """The steps of a function, in the order of its text."""

    place: Place
    steps: list[Emitted] = attrs.Factory(list)
    bound: list[int | None] = attrs.Factory(list)
    """Per label: the step it stands before."""
    open: bool = True
    """What is emitted next can be reached by falling into it."""

    def label(self) -> Label:
        """Return a label that stands nowhere yet."""
        self.bound.append(None)
        return len(self.bound) - 1

    def bind(self, label: Label) -> None:
        """Let a label stand before what is emitted next."""
        self.bound[label] = len(self.steps)

    def after(self) -> Label:
        """Return a label that stands behind what is emitted next."""
        label = self.label()
        self.bound[label] = len(self.steps) + 1
        return label

    def emit(self, step: Emitted) -> None:
        """Append a step.

        Raises:
            PolicyError: the function has too many.
        """
        if len(self.steps) >= MAX_STEPS:
            raise PolicyError.at(self.place, "too long a function", f"at most {MAX_STEPS} steps")
        self.steps.append(step)

    def settle(self) -> tuple[Operation, ...]:
        """Return the steps that can be reached, the first being the entry to which none leads."""
        numbers: dict[int, int] = {}
        order: list[int] = []
        pending = [self._real(0)]
        while pending:
            index = pending.pop()
            if index in numbers:
                continue
            numbers[index] = 0
            order.append(index)
            step = self._made_real(index)
            pending.extend(self._real_of(label) for label in reversed(targets(step)))
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
        """Follow jumps to the step they end at, or to a jump that only leads in circles."""
        seen = set[int]()
        while isinstance(step := self.steps[index], Jump) and index not in seen:
            seen.add(index)
            bound = self.bound[step.target]
            assert bound is not None
            index = bound
        return index if not isinstance(step, Jump) else min(seen)

    def _made_real(self, index: int) -> Operation:
        step = self.steps[index]
        if isinstance(step, Jump):
            return Execute(step.text, step.place, NOTHING, step.target)
        return step


def spin_points(steps: tuple[Operation, ...]) -> tuple[bool, ...]:
    """Say per step whether spinning is looked for there.

    These are the heads of loops, which a depth-first search meets again, and what follows the
    release of a lock: of a loop that takes a lock in between, one of them is where it holds none.
    """
    points = [False] * len(steps)
    state = [0] * len(steps)
    # A first step that is a copy of a loop's head would make its successor look like the head.
    start = next((n for n, step in enumerate(steps) if n and step == steps[0]), 0)
    pending = [(start, iter(targets(steps[start])))]
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
            pending.append((following, iter(targets(steps[following]))))
    for step in steps:
        if isinstance(step, Release):
            points[step.next] = True
    return tuple(points)
