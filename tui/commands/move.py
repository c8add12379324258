"""Commands that move along the run: by steps, by instructions, by statements of the policy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

import attrs

from engine.machine.actors import Actor, actor_name
from engine.machine.effects import ConditionDecided, StatementExecuted
from engine.machine.events import ActorChooses, GuestExecutes, VmmExecutes, event_actor
from engine.timeline import Timeline
from engine.transition import Step
from tui.commands.arguments import actor as read_actor
from tui.commands.arguments import actors, mover
from tui.commands.command import Lines, command
from tui.commands.plain_text import here
from tui.presenters.words import counted
from tui.session.session import Session

Wanted: TypeAlias = Callable[[Step], bool]

_MOVER: Final = "[ACTOR] [N]"


@command(
    "step",
    "s",
    shape=_MOVER,
    help="N steps on, or N steps of one actor",
    example="step vcpu1",
    offers=actors,
    counted=True,
    repeats=True,
)
def step(session: Session, argument: str) -> tuple[Session, Lines]:
    """Move on by steps, or by one actor's own steps."""
    return by_steps(session, argument, forward=True)


@command(
    "back",
    shape=_MOVER,
    help="N steps back",
    example="back 3",
    offers=actors,
    counted=True,
    repeats=True,
)
def back(session: Session, argument: str) -> tuple[Session, Lines]:
    """Move back by steps, or by one actor's own steps."""
    return by_steps(session, argument, forward=False)


@command(
    "reverse-step",
    "rs",
    shape=_MOVER,
    help="the same as back",
    offers=actors,
    counted=True,
    repeats=True,
)
def reverse_step(session: Session, argument: str) -> tuple[Session, Lines]:
    """Move back by steps: gdb's word for it."""
    return by_steps(session, argument, forward=False)


@command(
    "stepi",
    "si",
    shape=_MOVER,
    help="to the next instruction of a guest or the VMM",
    example="stepi vcpu0 2",
    offers=actors,
    counted=True,
    repeats=True,
)
def next_instruction(session: Session, argument: str) -> tuple[Session, Lines]:
    """Move on by instructions of guests and the VMM."""
    return _by_instructions(session, argument, forward=True)


@command(
    "reverse-stepi",
    "rsi",
    shape=_MOVER,
    help="to the previous instruction",
    offers=actors,
    counted=True,
    repeats=True,
)
def previous_instruction(session: Session, argument: str) -> tuple[Session, Lines]:
    """Move back by instructions of guests and the VMM."""
    return _by_instructions(session, argument, forward=False)


@command(
    "next",
    "n",
    shape=_MOVER,
    help="to the next statement of the policy's C",
    offers=actors,
    counted=True,
    repeats=True,
)
def next_statement(session: Session, argument: str) -> tuple[Session, Lines]:
    """Move on by statements of the policy."""
    return _by_statements(session, argument, forward=True)


@command(
    "reverse-next",
    "rn",
    shape=_MOVER,
    help="to the previous statement of the policy's C",
    offers=actors,
    counted=True,
    repeats=True,
)
def previous_statement(session: Session, argument: str) -> tuple[Session, Lines]:
    """Move back by statements of the policy."""
    return _by_statements(session, argument, forward=False)


@command(
    "vcpu",
    shape="[ACTOR|all]",
    help="whose instructions and statements stepi and next go by",
    example="vcpu vcpu1",
    offers=lambda session: (*actors(session), "all"),
)
def select(session: Session, argument: str) -> tuple[Session, Lines]:
    """Choose whose instructions and statements to step by."""
    if argument == "all":
        return _by_whom(session, None), ("stepping by everybody",)
    if argument:
        actor = read_actor(session, argument)
        return _by_whom(session, actor), (f"stepping by {actor_name(actor)}",)
    who = "everybody" if session.prompt.actor is None else actor_name(session.prompt.actor)
    return session, (f"stepping by {who}",)


def by_steps(session: Session, argument: str, *, forward: bool) -> tuple[Session, Lines]:
    """Move by steps, or by one actor's own steps."""
    actor, times = mover(session, argument)
    if actor is None:
        return _steps(session, times, forward=forward)
    wanted = _by(actor, lambda _: True)
    return walk(session, wanted, times, f"step of {actor_name(actor)}", forward=forward)


def executes_instruction(step: Step) -> bool:
    """Say whether a step executes an instruction of a guest or the VMM, or makes a choice."""
    return isinstance(step.event, GuestExecutes | VmmExecutes | ActorChooses)


def executes_statement(step: Step) -> bool:
    """Say whether a step executes a statement, or decides a condition, of the policy's C."""
    return any(isinstance(each, StatementExecuted | ConditionDecided) for each in step.effects)


def at_step(session: Session, step: int) -> tuple[Session, Lines]:
    """Return the session at a step, and what is said there."""
    moved = session.seek(step)
    return moved, (here(moved),)


def walk(
    session: Session, wanted: Wanted, times: int, what: str, *, forward: bool
) -> tuple[Session, Lines]:
    """Return the session so many wanted steps on, or back; `what` is what they are called."""
    found: list[int] = []
    timeline: Timeline | None = session.timeline
    while timeline is not None and len(found) < times:
        timeline = timeline.next(wanted) if forward else timeline.previous(wanted)
        if timeline is not None:
            found.append(timeline.cursor)
    return arrived(session, found, times, what, forward=forward)


def arrived(
    session: Session, found: list[int], times: int, what: str, *, forward: bool
) -> tuple[Session, Lines]:
    """Return the session at the last of the steps found, with a word where they were too few."""
    if len(found) == times:
        return at_step(session, found[-1])
    cursor = session.timeline.cursor
    where = "at the start" if not cursor else f"at step {cursor}"
    if found:
        moved = session.seek(found[-1])
        return moved, (f"only {counted(len(found), 'time')}, not {times}", here(moved))
    return session, (f"no {what} {'after' if forward else 'before'} this; still {where}",)


def _by_instructions(session: Session, argument: str, *, forward: bool) -> tuple[Session, Lines]:
    actor, times = mover(session, argument)
    wanted = _by(_chosen(session, actor), executes_instruction)
    return walk(session, wanted, times, "instruction", forward=forward)


def _by_statements(session: Session, argument: str, *, forward: bool) -> tuple[Session, Lines]:
    actor, times = mover(session, argument)
    wanted = _by(_chosen(session, actor), executes_statement)
    return walk(session, wanted, times, "statement of the policy", forward=forward)


def _by_whom(session: Session, actor: Actor | None) -> Session:
    return attrs.evolve(session, prompt=attrs.evolve(session.prompt, actor=actor))


def _chosen(session: Session, actor: Actor | None) -> Actor | None:
    return session.prompt.actor if actor is None else actor


def _by(actor: Actor | None, wanted: Wanted) -> Wanted:
    if actor is None:
        return wanted
    return lambda step: event_actor(step.event) == actor and wanted(step)


def _steps(session: Session, times: int, *, forward: bool) -> tuple[Session, Lines]:
    cursor, last = session.timeline.cursor, len(session.timeline.steps)
    if forward and cursor == last:
        return session, (f"the run ends here, {here(session)}", "choices lists what can happen now")
    if not forward and not cursor:
        return session, ("the run starts here",)
    return at_step(session, cursor + times if forward else cursor - times)
