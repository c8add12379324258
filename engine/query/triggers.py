"""What a debugger can stop at, and whether it does after a given step.

A place is stopped at when it comes next, an event when it has happened, a condition when it has
become true. So whether a step is a stop depends on the run alone, not on the way that led there,
and going back stops at the same steps as going forward.
"""

from __future__ import annotations

from typing import TypeAlias

import attrs

from engine.c.frame import CFrame
from engine.c.policy import Policy
from engine.c.source import Place, SourceFile
from engine.machine.events import event_actor
from engine.machine.state import VMM, Actor, Machine, Power
from engine.query.evaluate import Moment, evaluate, holds
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


def fires(trigger: Trigger, timeline: Timeline, at: int) -> bool:
    """Say whether a debugger stops after step `at`, from 1."""
    step = timeline.steps[at - 1]
    match trigger:
        case AtLine(source, line):
            place = _next_place(step)
            return place is not None and place.source == source and _covers(step, place, line)
        case AtFunction(function):
            frame = _next_frame(step)
            return frame is not None and frame.function == function and frame.pc == 0
        case AtLabel(actor, pc):
            return _arrives(step, actor, pc)
        case OnEvent(kind):
            return kind.happens(timeline, at)
        case Becomes(query) | Changes(query) if query.inputs.untouched(timeline, at):
            return False
        case Becomes(query):
            now = Moment(timeline, at)
            return holds(query.expression, now) and not holds(query.expression, now.before)
        case Changes(query):
            now = Moment(timeline, at)
            return evaluate(query.expression, now) != evaluate(query.expression, now.before)


def code_lines(policy: Policy, source: SourceFile) -> tuple[int, ...]:
    """Return the lines of the user's own file that have a statement of the policy, in order."""
    lines = {
        source.user_line(step.place.line)
        for function in policy.functions
        for step in function.steps
        if step.place.source == source.name
    }
    return tuple(sorted(lines - {0}))


def _next_frame(step: Step) -> CFrame | None:
    """Return the frame of the policy's C that goes on next for the actor of a step."""
    actor = event_actor(step.event)
    stack = () if actor is None else step.after.stack(actor)
    return stack[-1] if stack and isinstance(stack[-1], CFrame) else None


def _next_place(step: Step) -> Place | None:
    frame = _next_frame(step)
    return None if frame is None else step.after.setup.policy.step(frame).place


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
