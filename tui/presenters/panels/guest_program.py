"""An actor's program as its author wrote it, with its program counter."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from engine.arm.program import Program
from engine.machine.actors import VMM, Actor, actor_name, actors
from engine.machine.events import ActorChooses, GuestExecutes, VmmExecutes, event_actor
from engine.machine.setup import Setup
from engine.machine.state import Machine
from engine.query.locations import described
from engine.query.triggers import AtLabel
from engine.timeline import Timeline
from tui.presenters.panels.listing import Listing, Mark, comment_lines
from tui.presenters.words import program_of

ROOMY: Final = 48
"""From this width on, the author's columns and comments behind instructions are kept."""

_COMMENT: Final = re.compile(r"(?<=\S) *//.*$")
"""A comment behind an instruction."""


def program_listing(timeline: Timeline, actor: Actor, width: int) -> Listing:
    """Return an actor's program; the arrow is at the instruction that comes next."""
    machine = timeline.machine
    program = program_of(machine, actor)
    title = f"{actor_name(actor)} program"
    if program is None:
        return Listing(title, ("(no program)",))
    first, lines = _lines(program, width >= ROOMY)
    marks: dict[int, Mark] = {}
    executed = _executed(timeline, actor)
    if executed is not None:
        marks[_line(program, executed, first, len(lines))] = Mark(executed=True)
    here = _line(program, _pc(machine, actor), first, len(lines))
    was = marks.get(here, Mark())
    name = "m" if actor == VMM else str(actor)
    marks[here] = Mark(who=name[-2:], executed=was.executed)
    stops = _stops(machine.setup, actor, first, len(lines))
    return Listing(title, lines, marks, (here, here), comment_lines(lines), stops=stops)


def shown_actors(timeline: Timeline, count: int) -> tuple[Actor, ...]:
    """Return `count` actors whose programs to show: all in order, or those from the mover on."""
    everyone = actors(timeline.initial.setup)
    if count >= len(everyone):
        return everyone
    mover = everyone.index(_mover(timeline))
    start = min(mover, len(everyone) - count)
    return everyone[start : start + count]


def _mover(timeline: Timeline) -> Actor:
    """Return who moved last, the first vCPU if nobody has."""
    everyone = actors(timeline.initial.setup)
    for at in range(timeline.cursor, 0, -1):
        actor = event_actor(timeline.steps[at - 1].event)
        if actor in everyone:
            return actor
    return everyone[0]


def _executed(timeline: Timeline, actor: Actor) -> int | None:
    """Return the pc of the instruction, or choice, that the last step was, if this actor's."""
    step = timeline.step
    if step is None:
        return None
    executes = isinstance(step.event, GuestExecutes | VmmExecutes | ActorChooses)
    return _pc(step.before, actor) if executes and event_actor(step.event) == actor else None


def _pc(machine: Machine, actor: Actor) -> int:
    return machine.vmm.core.pc if actor == VMM else machine.vcpus[actor].core.pc


@lru_cache(maxsize=256)
def _lines(program: Program, roomy: bool) -> tuple[int, tuple[str, ...]]:
    """Return the number of blank lines dropped at the start, and the lines with an end."""
    lines = [line.rstrip().expandtabs(8) for line in program.text.split("\n")]
    if not roomy:
        lines = [_COMMENT.sub("", re.sub(r"(?<=\S) {2,}", " ", line)) for line in lines]
    while lines and not lines[-1]:
        lines.pop()
    first = next((index for index, line in enumerate(lines) if line), 0)
    return first, (*lines[first:], "(end)")


@lru_cache(maxsize=256)
def _stops(setup: Setup, actor: Actor, first: int, count: int) -> tuple[str, ...]:
    """Return, per line, the place to stop at: the instruction on it, by the label before it."""
    program = setup.vmm if actor == VMM else setup.programs[actor]
    assert program is not None
    stops = ["" for _ in range(count)]
    for pc in range(len(program.instructions) + 1):
        stops[_line(program, pc, first, count)] = described(AtLabel(actor, pc), setup)
    return tuple(stops)


def _line(program: Program, pc: int, first: int, count: int) -> int:
    if pc >= len(program.instructions):
        return count - 1
    return max(0, min(program.instructions[pc].line - 1 - first, count - 1))
