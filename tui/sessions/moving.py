"""Commands that move along the run: by steps, instructions, statements, events and text."""

from __future__ import annotations

from collections.abc import Callable

import attrs

from engine.arm.operands import one_of
from engine.arm.syntax import quote
from engine.machine.effects import ConditionDecided, StatementExecuted
from engine.machine.events import GuestExecutes, VmmExecutes, event_actor
from engine.machine.state import Actor, actor_name
from engine.query.kinds import BY_NAME, EventKind
from engine.timeline import Timeline
from engine.transition import Step
from tui.presenters.sentence import sentence
from tui.presenters.words import counted
from tui.sessions.arguments import actor as read_actor
from tui.sessions.arguments import count, mover, nothing, number
from tui.sessions.command import Handler, Lines
from tui.sessions.errors import CommandError
from tui.sessions.session import Session
from tui.sessions.telling import here

Wanted = Callable[[Step], bool]


def by_steps(*, forward: bool) -> Handler:
    """Return the command that moves by steps, or by one actor's own steps."""

    def move(session: Session, argument: str) -> tuple[Session, Lines]:
        actor, times = mover(session, argument)
        if actor is None:
            return _steps(session, times, forward=forward)
        wanted = _by(actor, lambda _: True)
        return _walk(session, wanted, times, f"step of {actor_name(actor)}", forward=forward)

    return move


def by_instructions(*, forward: bool) -> Handler:
    """Return the command that moves by instructions of guests and the VMM."""

    def move(session: Session, argument: str) -> tuple[Session, Lines]:
        actor, times = mover(session, argument)
        wanted = _by(_chosen(session, actor), _executes)
        return _walk(session, wanted, times, "instruction", forward=forward)

    return move


def by_statements(*, forward: bool) -> Handler:
    """Return the command that moves by statements of the policy."""

    def move(session: Session, argument: str) -> tuple[Session, Lines]:
        actor, times = mover(session, argument)
        wanted = _by(_chosen(session, actor), _states)
        return _walk(session, wanted, times, "statement of the policy", forward=forward)

    return move


def by_events(*, forward: bool) -> Handler:
    """Return the command that moves by events of a kind."""

    def move(session: Session, argument: str) -> tuple[Session, Lines]:
        name, _, rest = argument.partition(" ")
        kind, times = event_kind(name), count(rest.strip())
        timeline = session.timeline
        numbers = (
            range(timeline.cursor + 1, len(timeline.steps) + 1)
            if forward
            else range(timeline.cursor - 1, 0, -1)
        )
        found = [at for at in numbers if kind.happens(timeline, at)][:times]
        return _arrived(session, found, times, kind.name, forward=forward)

    return move


def by_text(*, forward: bool) -> Handler:
    """Return the command that moves to a step whose sentence has a text in it."""

    def move(session: Session, argument: str) -> tuple[Session, Lines]:
        text = argument or session.sought
        if not text:
            raise CommandError("nothing", "a text to search for")
        session = attrs.evolve(session, sought=text)
        sought = text.casefold()

        def has(step: Step) -> bool:
            return sought in sentence(step).casefold()

        return _walk(session, has, 1, f"step with {quote(text)}", forward=forward)

    return move


def go(session: Session, argument: str) -> tuple[Session, Lines]:
    """Go to a step by its number, or by how far it is."""
    cursor, last = session.timeline.cursor, len(session.timeline.steps)
    expected = f"a step from 0 to {last}, or +N or -N"
    sign, digits = argument[:1], argument[1:]
    match sign:
        case "+":
            at = cursor + number(digits, expected)
        case "-":
            at = cursor - number(digits, expected)
        case _:
            at = number(argument, expected)
    if not 0 <= at <= last:
        raise CommandError(f"step {at}", expected)
    return _at(session, at)


def to_start(session: Session, argument: str) -> tuple[Session, Lines]:
    """Go to before the first step."""
    nothing(argument)
    return _at(session, 0)


def to_end(session: Session, argument: str) -> tuple[Session, Lines]:
    """Go to the last step."""
    nothing(argument)
    return _at(session, len(session.timeline.steps))


def select(session: Session, argument: str) -> tuple[Session, Lines]:
    """Choose whose instructions and statements to step by."""
    if argument == "all":
        return attrs.evolve(session, actor=None), ("stepping by everybody",)
    if argument:
        actor = read_actor(session, argument)
        return attrs.evolve(session, actor=actor), (f"stepping by {actor_name(actor)}",)
    who = "everybody" if session.actor is None else actor_name(session.actor)
    return session, (f"stepping by {who}",)


def event_kind(name: str) -> EventKind:
    """Return a kind of event by its name, or by the beginning of no other name.

    Raises:
        CommandError: there is no such kind.
    """
    if name in BY_NAME:
        return BY_NAME[name]
    begun = [each for each in BY_NAME if name and each.startswith(name)]
    if len(begun) == 1:
        return BY_NAME[begun[0]]
    expected = one_of(begun or BY_NAME, name, "an event's kind")
    raise CommandError(quote(name) if name else "nothing", expected)


def _chosen(session: Session, actor: Actor | None) -> Actor | None:
    return session.actor if actor is None else actor


def _by(actor: Actor | None, wanted: Wanted) -> Wanted:
    if actor is None:
        return wanted
    return lambda step: event_actor(step.event) == actor and wanted(step)


def _executes(step: Step) -> bool:
    return isinstance(step.event, GuestExecutes | VmmExecutes)


def _states(step: Step) -> bool:
    return any(isinstance(each, StatementExecuted | ConditionDecided) for each in step.effects)


def _steps(session: Session, times: int, *, forward: bool) -> tuple[Session, Lines]:
    cursor, last = session.timeline.cursor, len(session.timeline.steps)
    if forward and cursor == last:
        return session, (f"the run ends here, {here(session)}", "choices lists what can happen now")
    if not forward and not cursor:
        return session, ("the run starts here",)
    return _at(session, cursor + times if forward else cursor - times)


def _walk(
    session: Session, wanted: Wanted, times: int, what: str, *, forward: bool
) -> tuple[Session, Lines]:
    found: list[int] = []
    timeline: Timeline | None = session.timeline
    while timeline is not None and len(found) < times:
        timeline = timeline.next(wanted) if forward else timeline.previous(wanted)
        if timeline is not None:
            found.append(timeline.cursor)
    return _arrived(session, found, times, what, forward=forward)


def _arrived(
    session: Session, found: list[int], times: int, what: str, *, forward: bool
) -> tuple[Session, Lines]:
    """Return the session at the last of the steps found, with a word where they were too few."""
    if len(found) == times:
        return _at(session, found[-1])
    cursor = session.timeline.cursor
    where = "at the start" if not cursor else f"at step {cursor}"
    if found:
        moved = session.seek(found[-1])
        return moved, (f"only {counted(len(found), 'time')}, not {times}", here(moved))
    return session, (f"no {what} {'after' if forward else 'before'} this; still {where}",)


def _at(session: Session, step: int) -> tuple[Session, Lines]:
    moved = session.seek(step)
    return moved, (here(moved),)
