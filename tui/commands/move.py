"""Commands that move along the run: by steps, instructions, statements, events and text."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Final, TypeAlias

import attrs

from engine.arm.operands import one_of
from engine.arm.syntax import quote
from engine.machine.actors import Actor, actor_name
from engine.machine.effects import ConditionDecided, StatementExecuted
from engine.machine.events import GuestExecutes, VmmExecutes, event_actor
from engine.query.kinds import BY_NAME, KINDS, EventKind
from engine.timeline import Timeline
from engine.transition import Step
from tui.commands.arguments import actor as read_actor
from tui.commands.arguments import count, is_number, mover, nothing, number
from tui.commands.command import Handler, Lines
from tui.commands.plain_text import here
from tui.commands.run import stopping
from tui.presenters.steps.labels import label
from tui.presenters.steps.sentence import sentence
from tui.presenters.words import counted
from tui.session.errors import CommandError
from tui.session.session import Session

Wanted: TypeAlias = Callable[[Step], bool]

MATCH: Final = "match"
BOOKMARK: Final = "bookmark"
BREAKPOINT: Final = "breakpoint"
KIND_NAMES: Final = {
    **{kind.name: kind.meaning for kind in KINDS},
    MATCH: "what was searched for last",
    BOOKMARK: "a bookmark",
    BREAKPOINT: "a breakpoint or watch stops",
}
"""What one can look for, and what it means."""


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
        wanted = _by(_chosen(session, actor), executes_instruction)
        return _walk(session, wanted, times, "instruction", forward=forward)

    return move


def by_statements(*, forward: bool) -> Handler:
    """Return the command that moves by statements of the policy."""

    def move(session: Session, argument: str) -> tuple[Session, Lines]:
        actor, times = mover(session, argument)
        wanted = _by(_chosen(session, actor), executes_statement)
        return _walk(session, wanted, times, "statement of the policy", forward=forward)

    return move


def by_events(*, forward: bool) -> Handler:
    """Return the command that moves by events of a kind."""

    def move(session: Session, argument: str) -> tuple[Session, Lines]:
        name, times = _kind_and_count(session, argument)
        timeline = session.timeline
        # No event leads to the start, but there can be a bookmark.
        first = 0 if name == BOOKMARK else 1
        numbers = (
            range(timeline.cursor + 1, len(timeline.steps) + 1)
            if forward
            else range(timeline.cursor - 1, first - 1, -1)
        )
        found = list(islice(filter(_test(session, name), numbers), times))
        what = f"step with {quote(session.sought)}" if name == MATCH else name
        return _arrived(session, found, times, what, forward=forward)

    return move


def choose_kind(session: Session, argument: str) -> tuple[Session, Lines]:
    """Choose the kind of event that is looked for where none is named."""
    if argument:
        session = attrs.evolve(session, kind=kind_name(argument))
    return session, (f"next and previous event: {session.kind}, {KIND_NAMES[session.kind]}",)


def by_text(*, forward: bool) -> Handler:
    """Return the command that moves to a step whose sentence has a text in it."""

    def move(session: Session, argument: str) -> tuple[Session, Lines]:
        text = argument or session.sought
        if not text:
            raise CommandError("nothing", "a text to search for")
        session = attrs.evolve(session, sought=text, kind=MATCH)
        return _walk(session, _has(text), 1, f"step with {quote(text)}", forward=forward)

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
    return at_step(session, at)


def to_start(session: Session, argument: str) -> tuple[Session, Lines]:
    """Go to before the first step."""
    nothing(argument)
    return at_step(session, 0)


def to_end(session: Session, argument: str) -> tuple[Session, Lines]:
    """Go to the last step."""
    nothing(argument)
    return at_step(session, len(session.timeline.steps))


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
    return BY_NAME[_name_of(name, tuple(BY_NAME))]


def kind_name(name: str) -> str:
    """Return the name of a kind that one can look for, by its beginning if that will do.

    Raises:
        CommandError: there is no such kind.
    """
    return _name_of(name, tuple(KIND_NAMES))


def executes_instruction(step: Step) -> bool:
    """Say whether a step executes an instruction of a guest or the VMM."""
    return isinstance(step.event, GuestExecutes | VmmExecutes)


def executes_statement(step: Step) -> bool:
    """Say whether a step executes a statement, or decides a condition, of the policy's C."""
    return any(isinstance(each, StatementExecuted | ConditionDecided) for each in step.effects)


def at_step(session: Session, step: int) -> tuple[Session, Lines]:
    """Return the session at a step, and what is said there."""
    moved = session.seek(step)
    return moved, (here(moved),)


def _name_of(name: str, names: tuple[str, ...]) -> str:
    # The architecture spells a word or two with a hyphen: write-back.
    plain = name.replace("-", "")
    begun = [each for each in names if plain and each.startswith(plain)]
    if plain in names:
        return plain
    if len(begun) == 1:
        return begun[0]
    expected = one_of(begun or names, name, "an event's kind")
    raise CommandError(quote(name) if name else "nothing", expected)


def _kind_and_count(session: Session, argument: str) -> tuple[str, int]:
    """Return what `[KIND] [N]` means: the chosen kind if none is named."""
    name, _, rest = argument.partition(" ")
    if not name or is_number(name):
        return session.kind, count(argument)
    return kind_name(name), count(rest.strip())


def _test(session: Session, name: str) -> Callable[[int], bool]:
    """Return what says of steps whether they are of a kind."""
    timeline = session.timeline
    if name == MATCH:
        has = _has(session.sought)
        return lambda at: has(timeline.steps[at - 1])
    if name == BOOKMARK:
        marked = session.marked
        return lambda at: at in marked
    if name == BREAKPOINT:
        tests = [stopping(timeline, each) for each in session.breakpoints if each.enabled]
        return lambda at: any(test(at) for test in tests)
    return BY_NAME[name].test(timeline)


def _has(text: str) -> Wanted:
    """Return what says whether a step's sentence or its label has a text in it."""
    sought = text.casefold()

    def has(step: Step) -> bool:
        return bool(sought) and (
            sought in sentence(step).casefold() or sought in label(step).casefold()
        )

    return has


def _chosen(session: Session, actor: Actor | None) -> Actor | None:
    return session.actor if actor is None else actor


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
        return at_step(session, found[-1])
    cursor = session.timeline.cursor
    where = "at the start" if not cursor else f"at step {cursor}"
    if found:
        moved = session.seek(found[-1])
        return moved, (f"only {counted(len(found), 'time')}, not {times}", here(moved))
    return session, (f"no {what} {'after' if forward else 'before'} this; still {where}",)
