"""Commands about what to stop at: breakpoints on places, events and conditions, and watches."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

import attrs

from engine.query.locations import location, location_names
from engine.query.parser import Query, condition, parse
from engine.query.triggers import Becomes, Changes, Trigger
from engine.refusal import RefusedError, quote
from tui.commands.arguments import expressions, is_number
from tui.commands.command import Lines, command
from tui.commands.run import stops_of
from tui.commands.search import event_kind
from tui.presenters.words import counted
from tui.session.session import Session

MOST: Final = 100
"""How many breakpoints a session may have."""

_IF: Final = re.compile(r"(?:^|\s)if(?:\s|$)")
_SHOWN: Final = 8


def _places(session: Session) -> tuple[str, ...]:
    return (*location_names(session.setup), "if", *expressions(session))


def _numbers(session: Session) -> tuple[str, ...]:
    return tuple(map(str, session.stops.numbers))


@command(
    "break",
    "b",
    shape="PLACE [if EXPR] | if EXPR",
    help="stop before a place, after an event, or where EXPR becomes true",
    example="break vcpu1:load if cache[x] != none",
    offers=_places,
)
def make_breakpoint(session: Session, argument: str) -> tuple[Session, Lines]:
    """Make a breakpoint."""
    return _make_at(session, argument, temporary=False)


@command(
    "tbreak",
    "tb",
    shape="PLACE [if EXPR] | if EXPR",
    help="the same, once",
    example="tbreak skip",
    offers=_places,
)
def make_temporary(session: Session, argument: str) -> tuple[Session, Lines]:
    """Make a breakpoint that goes when it has been stopped at."""
    return _make_at(session, argument, temporary=True)


@command(
    "watch",
    shape="EXPR",
    help="stop where the value of EXPR changes",
    example="watch cache[x]",
    offers=expressions,
)
def watch(session: Session, argument: str) -> tuple[Session, Lines]:
    """Make a breakpoint where an expression changes its value."""
    return _make(session, Changes(parse(argument, session.setup)), None, temporary=False)


@command(
    "toggle",
    shape="PLACE",
    help="set a breakpoint at a place, or take it away",
    example="toggle 12",
    offers=_places,
)
def toggle(session: Session, argument: str) -> tuple[Session, Lines]:
    """Take away the plain breakpoint at a place, or set one if there is none."""
    trigger = _location(session, argument)
    there = [
        each.number for each in session.stops if each.trigger == trigger and each.condition is None
    ]
    if there:
        return _without(session, there)
    return _make(session, trigger, None, temporary=False)


@command(
    "delete",
    "d",
    shape="[N...]",
    help="delete breakpoints and watches, or all of them",
    example="delete 2",
    offers=_numbers,
)
def delete(session: Session, argument: str) -> tuple[Session, Lines]:
    """Delete the breakpoints of these numbers, or all."""
    return _without(session, _chosen(session, argument))


@command(
    "enable",
    shape="[N...]",
    help="let breakpoints stop again",
    example="enable 1",
    offers=_numbers,
)
def enable(session: Session, argument: str) -> tuple[Session, Lines]:
    """Let the breakpoints of these numbers stop again, or all."""
    return _enabled(session, argument, on=True)


@command(
    "disable",
    shape="[N...]",
    help="keep breakpoints without stopping at them",
    example="disable 1 2",
    offers=_numbers,
)
def disable(session: Session, argument: str) -> tuple[Session, Lines]:
    """Keep the breakpoints of these numbers, or all, without stopping at them."""
    return _enabled(session, argument, on=False)


def breakpoint_lines(session: Session) -> Iterator[str]:
    """Yield the breakpoints, each with the steps of this run at which it stops."""
    if not session.stops:
        yield "no breakpoints"
    for each in session.stops:
        state = "" if each.enabled else ", disabled"
        hits = hits_text(stops_of(session, each))
        yield f"{each.number}: {each.command(session.setup)}{state}, {hits}"


def _parts(session: Session, argument: str) -> tuple[str, Query | None]:
    """Return where to stop, and the condition behind `if`."""
    found = _IF.search(argument)
    if found is None:
        return argument, None
    # Blanks in front keep the columns of errors what they are in the command.
    text = " " * found.end() + argument[found.end() :]
    return argument[: found.start()].strip(), condition(text, session.setup)


def _location(session: Session, where: str) -> Trigger:
    try:
        return location(where, session.setup)
    except RefusedError:
        try:
            return location(event_kind(where).name, session.setup)
        except RefusedError:
            pass
        raise


def _make_at(session: Session, argument: str, *, temporary: bool) -> tuple[Session, Lines]:
    where, query = _parts(session, argument)
    if where:
        return _make(session, _location(session, where), query, temporary=temporary)
    if query is None:
        raise RefusedError("nothing", "a place or an event to stop at, or if EXPR")
    return _make(session, Becomes(query), None, temporary=temporary)


def _make(
    session: Session, trigger: Trigger, query: Query | None, *, temporary: bool
) -> tuple[Session, Lines]:
    if len(session.stops) == MOST:
        raise RefusedError(f"{MOST} breakpoints", "fewer (delete N removes one)")
    done = attrs.evolve(session, stops=session.stops.making(trigger, query, temporary=temporary))
    made = done.stops.last
    return done, (
        f"{made.number}: {made.command(session.setup)}, {hits_text(stops_of(done, made))}",
    )


def hits_text(hits: Sequence[int]) -> str:
    """Return at which steps something stops, in words."""
    if not hits:
        return "at no step of this run"
    shown = ", ".join(map(str, hits[:_SHOWN]))
    if len(hits) > _SHOWN:
        return f"at {len(hits)} steps: {shown}, …"
    return f"at step {shown}" if len(hits) == 1 else f"at steps {shown}"


def _without(session: Session, chosen: Collection[int]) -> tuple[Session, Lines]:
    done = attrs.evolve(session, stops=session.stops.without(chosen))
    return done, (f"{counted(len(chosen), 'breakpoint')} deleted",)


def _enabled(session: Session, argument: str, *, on: bool) -> tuple[Session, Lines]:
    chosen = _chosen(session, argument)
    done = attrs.evolve(session, stops=session.stops.enabling(chosen, on=on))
    return done, (f"{counted(len(chosen), 'breakpoint')} {'enabled' if on else 'disabled'}",)


def _chosen(session: Session, argument: str) -> frozenset[int]:
    known = session.stops.numbers
    chosen = argument.split()
    for each in chosen:
        if not is_number(each) or int(each) not in known:
            numbers = ", ".join(map(str, known)) or "there is none"
            raise RefusedError(quote(each), f"a breakpoint's number: {numbers}")
    return frozenset(map(int, chosen)) or frozenset(known)
