"""How arguments of commands are read, refused, and completed where several take the same."""

from __future__ import annotations

import re
from typing import Final

from engine.machine.actors import Actor
from engine.query.vocabulary import CONSTANTS, READINGS, WORDS, QueryNames
from engine.refusal import RefusedError, quote
from tui.session.session import Session

_NUMBER: Final = re.compile(r"[0-9]{1,9}")


def nothing(argument: str) -> None:
    """Make sure that there is no argument.

    Raises:
        RefusedError: there is one.
    """
    if argument:
        raise RefusedError(quote(argument), "nothing after the command")


def count(argument: str) -> int:
    """Return how often to do something, once if it is not said.

    Raises:
        RefusedError: the argument is no such number.
    """
    if not argument:
        return 1
    if not _NUMBER.fullmatch(argument) or not int(argument):
        raise RefusedError(quote(argument), "a count, 1 or more")
    return int(argument)


def number(argument: str, expected: str) -> int:
    """Return a number.

    Raises:
        RefusedError: the argument is none.
    """
    if not _NUMBER.fullmatch(argument):
        raise RefusedError(quote(argument) if argument else "nothing", expected)
    return int(argument)


def is_number(argument: str) -> bool:
    """Say whether an argument is a number."""
    return bool(_NUMBER.fullmatch(argument))


def actor(session: Session, argument: str) -> Actor:
    """Return an actor by its name.

    Raises:
        RefusedError: there is no such actor.
    """
    actors = QueryNames(session.setup).actors
    if argument not in actors:
        raise RefusedError.unknown(quote(argument), argument, actors, "a vCPU or vmm")
    return actors[argument]


def mover(session: Session, argument: str) -> tuple[Actor | None, int]:
    """Return who is to move, None for anybody, and how often.

    Raises:
        RefusedError: the argument is neither an actor nor a count, nor both in that order.
    """
    first, _, rest = argument.partition(" ")
    if not first or is_number(first):
        return None, count(argument)
    return actor(session, first), count(rest.strip())


def actors(session: Session) -> tuple[str, ...]:
    """Return the names of the actors."""
    return tuple(QueryNames(session.setup).actors)


def expressions(session: Session) -> tuple[str, ...]:
    """Return what an expression can be made of; what has indices comes with its bracket."""
    return (
        *(f"{each.name}[" if each.indices else each.name for each in READINGS),
        *(*CONSTANTS, *WORDS, *QueryNames(session.setup).policy_state),
    )


def indices(session: Session) -> tuple[str, ...]:
    """Return what may stand in brackets."""
    names = QueryNames(session.setup)
    return (*names.words, *names.actors)
