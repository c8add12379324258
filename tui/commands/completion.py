"""What can complete an argument, where several commands take the same."""

from __future__ import annotations

from engine.query.vocabulary import CONSTANTS, READINGS, WORDS, Names
from tui.session.session import Session


def actors(session: Session) -> tuple[str, ...]:
    """Return the names of the actors."""
    return tuple(Names(session.setup).actors)


def expressions(session: Session) -> tuple[str, ...]:
    """Return what an expression can be made of; what has indices comes with its bracket."""
    return (
        *(f"{each.name}[" if each.indices else each.name for each in READINGS),
        *(*CONSTANTS, *WORDS, *Names(session.setup).policy_state),
    )


def indices(session: Session) -> tuple[str, ...]:
    """Return what may stand in brackets."""
    names = Names(session.setup)
    return (*names.words, *names.actors)
