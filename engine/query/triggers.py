"""What a debugger can stop at, and whether it does after a given step.

A place is stopped at when it comes next, an event when it has happened, a condition when it has
become true. So whether a step is a stop depends on the run alone, not on the way that led there,
and going back stops at the same steps as going forward.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import attrs

from engine.machine.actors import VMM, Actor
from engine.machine.events import event_actor
from engine.machine.state import Machine, Power
from engine.policy.frame import CFrame
from engine.policy.policy import Policy
from engine.policy.source import Place, SourceFile
from engine.query.evaluate import QueriedState, evaluate, holds
from engine.query.kinds import EventKind
from engine.query.parser import Query
from engine.timeline import Timeline
from engine.transition import Step


@attrs.frozen
class AtLine:
    """A statement of the policy on this line of the user's own file comes next."""

    source: str
    line: int


@attrs.frozen
class AtFunction:
    """A function of the policy has been called."""

    function: int


@attrs.frozen
class AtLabel:
    """An actor's instruction at a label comes next."""

    actor: Actor
    pc: int


@attrs.frozen
class OnEvent:
    """An event of a kind has happened."""

    kind: EventKind


@attrs.frozen
class Becomes:
    """A condition has become true."""

    query: Query


@attrs.frozen
class Changes:
    """An expression has changed its value."""

    query: Query


Trigger: TypeAlias = AtLine | AtFunction | AtLabel | OnEvent | Becomes | Changes


def firing(trigger: Trigger, timeline: Timeline) -> Callable[[int], bool]:
    """Return what says of steps of a run, from 1, whether a debugger stops after them."""
    steps = timeline.steps
    match trigger:
        case AtLine(source, line):
            return lambda at: _comes_to_line(steps[at - 1], source, line)
        case AtFunction(function):
            return lambda at: _comes_to_function(steps[at - 1], function)
        case AtLabel(actor, pc):
            return lambda at: _arrives(steps[at - 1], actor, pc)
        case OnEvent(kind):
            return kind.test(timeline)
        case Becomes(query):
            return lambda at: _becomes(query, timeline, at)
        case Changes(query):
            return lambda at: _changes(query, timeline, at)


def code_lines(policy: Policy, source: SourceFile) -> tuple[int, ...]:
    """Return the lines of the user's own file that have a statement of the policy, in order."""
    lines = {
        source.user_line(operation.place.line)
        for function in policy.functions
        for operation in function.operations
        if operation.place.source == source.name
    }
    return tuple(sorted(lines - {0}))


def _comes_to_line(step: Step, source: str, line: int) -> bool:
    place = _next_place(step)
    return place is not None and place.source == source and _covers(step, place, line)


def _comes_to_function(step: Step, function: int) -> bool:
    frame = _next_frame(step)
    return frame is not None and frame.function == function and frame.pc == 0


def _becomes(query: Query, timeline: Timeline, at: int) -> bool:
    if query.inputs.untouched(timeline, at):
        return False
    now = QueriedState(timeline, at)
    return holds(query.expression, now) and not holds(query.expression, now.before)


def _changes(query: Query, timeline: Timeline, at: int) -> bool:
    if query.inputs.untouched(timeline, at):
        return False
    now = QueriedState(timeline, at)
    return evaluate(query.expression, now) != evaluate(query.expression, now.before)


def _next_frame(step: Step) -> CFrame | None:
    """Return the frame of the policy's C that goes on next for the actor of a step."""
    actor = event_actor(step.event)
    stack = () if actor is None else step.after.stack(actor)
    return stack[-1] if stack and isinstance(stack[-1], CFrame) else None


def _next_place(step: Step) -> Place | None:
    frame = _next_frame(step)
    return None if frame is None else step.after.setup.policy.operation(frame).place


def _covers(step: Step, place: Place, line: int) -> bool:
    sources = step.after.setup.policy.sources
    source = next(each for each in sources if each.name == place.source)
    return source.user_line(place.line) <= line <= source.user_line(place.end_line)


def _arrives(step: Step, actor: Actor, pc: int) -> bool:
    if not _is_at(step.after, actor, pc):
        return False
    # An instruction that branches to itself arrives there again.
    return not _is_at(step.before, actor, pc) or event_actor(step.event) == actor


def _is_at(machine: Machine, actor: Actor, pc: int) -> bool:
    if actor == VMM:
        return machine.vmm.core.pc == pc and not machine.vmm.stack
    vcpu = machine.vcpus[actor]
    return vcpu.core.pc == pc and vcpu.power is Power.ON and not vcpu.stack
