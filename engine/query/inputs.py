"""What an expression depends on, so that a step which touches none of it cannot change it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

import attrs

from engine.machine.actors import VMM, Actor
from engine.machine.state import Machine
from engine.query.expressions import (
    CLineRead,
    FieldRead,
    GeneralRegisterRead,
    InKvmRead,
    LineFact,
    LineRead,
    Literal,
    LocalRead,
    Old,
    PcRead,
    PlaceName,
    PowerRead,
    QueryBinary,
    QueryExpression,
    QueryUnary,
    Source,
    StaleRead,
    StaticRead,
    StepRead,
    SystemRegisterRead,
    VersionRead,
)
from engine.timeline import Timeline

QueryInput: TypeAlias = Callable[[Machine], object]
"""Picks a part of the machine, which is the same object as long as nobody changes it."""


@attrs.frozen
class Inputs:
    """The parts of a moment that an expression looks at."""

    parts: tuple[QueryInput, ...]
    ghost: bool
    always: bool
    """It may change at any step."""

    @classmethod
    def of(cls, expression: QueryExpression, line_of: tuple[int, ...]) -> Inputs:
        """Return what an expression looks at; `line_of` is the layout's."""
        reads = tuple(_reads(expression))
        return cls(
            parts=tuple(part for read in reads for part in _parts(read, line_of)),
            ghost=any(_asks_judge(read) for read in reads),
            always=any(isinstance(read, Old | StepRead | CLineRead) for read in reads),
        )

    def untouched(self, timeline: Timeline, at: int) -> bool:
        """Say whether step `at`, from 1, left all of it as it was."""
        if self.always or (self.ghost and timeline.ghosts[at] is not timeline.ghosts[at - 1]):
            return False
        step = timeline.steps[at - 1]
        before, after = step.before, step.after
        return all(part(before) is part(after) for part in self.parts)


def _reads(expression: QueryExpression) -> Iterator[QueryExpression]:
    """Yield the leaves of an expression; what was before the step is a leaf."""
    match expression:
        case QueryUnary(_, operand):
            yield from _reads(operand)
        case QueryBinary(_, left, right):
            yield from _reads(left)
            yield from _reads(right)
        case (
            VersionRead()
            | LineRead()
            | StaleRead()
            | SystemRegisterRead()
            | GeneralRegisterRead()
            | PcRead()
            | PlaceName()
            | InKvmRead()
            | PowerRead()
            | CLineRead()
            | StepRead()
            | StaticRead()
            | FieldRead()
            | LocalRead()
            | Literal()
            | Old()
        ):
            yield expression


def _asks_judge(read: QueryExpression) -> bool:
    due = isinstance(read, VersionRead) and read.source is Source.DUE
    return due or isinstance(read, StaleRead)


def _parts(read: QueryExpression, line_of: tuple[int, ...]) -> Iterator[QueryInput]:
    match read:
        case VersionRead(_, word, actor):
            yield _line(line_of[word])
            if actor is not None:
                yield from _eyes(actor)
        case StaleRead(actor, word):
            yield _line(line_of[word])
            yield from _eyes(actor)
            yield from _attributes(actor, "stack", "power")
        case LineRead(LineFact.MAPPED):
            yield _vm
        case LineRead(_, word):
            yield _line(line_of[word])
        case SystemRegisterRead(vcpu):
            yield from _attributes(vcpu, "registers", "hcr_el2")
        case GeneralRegisterRead(actor) | PcRead(actor):
            yield from _attributes(actor, "core")
        case InKvmRead(actor) | LocalRead(actor):
            yield from _attributes(actor, "stack")
        case PowerRead(vcpu):
            yield from _attributes(vcpu, "power")
        case FieldRead(vcpu):
            yield from _attributes(vcpu, "fields")
        case StaticRead():
            yield _vm
        case (
            Literal()
            | PlaceName()
            | CLineRead()
            | StepRead()
            | Old()
            | QueryUnary()
            | QueryBinary()
        ):
            pass


def _eyes(actor: Actor) -> Iterator[QueryInput]:
    """Yield what decides which copy an actor looks at."""
    yield _vm
    if actor != VMM:
        yield from _attributes(actor, "registers", "hcr_el2")


def _vm(machine: Machine) -> object:
    return machine.vm


def _line(index: int) -> QueryInput:
    return lambda machine: machine.lines[index]


def _attributes(actor: Actor, *names: str) -> Iterator[QueryInput]:
    if actor == VMM:
        yield lambda machine: machine.vmm
    else:
        yield from (_attribute(actor, name) for name in names)


def _attribute(vcpu: int, name: str) -> QueryInput:
    return lambda machine: getattr(machine.vcpus[vcpu], name)
