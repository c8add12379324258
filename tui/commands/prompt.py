"""A line at the prompt: which command it is, what it does, and what could complete it."""

from __future__ import annotations

import re
from typing import Final

import attrs

from engine.query.errors import QueryError
from engine.query.locations import location_names
from engine.query.vocabulary import CONSTANTS, READINGS, WORDS, Names
from scenarios.policy_library import policy_names
from tui.commands.ask import TOPICS
from tui.commands.branch import choice_names
from tui.commands.command import Command, Lines, Takes
from tui.commands.help import TOPICS as HELP_TOPICS
from tui.commands.move import KIND_NAMES
from tui.commands.outside import FORMS
from tui.commands.table import COMMANDS, find
from tui.session.errors import CommandError
from tui.session.session import Session

LONGEST: Final = 1_000
"""How many characters a line may have."""

_WORD: Final = re.compile(r"\s*(/|\?|[^\s/?]+)\s*")
_LAST_WORD: Final = re.compile(r"[\w>.:-]*\Z")


def execute(session: Session, line: str) -> tuple[Session, Lines]:
    """Do a line; one that makes no sense changes nothing, and is answered with what is wrong."""
    try:
        return perform(session, line)
    except (CommandError, QueryError) as error:
        return session, (str(error),)


def perform(session: Session, line: str) -> tuple[Session, Lines]:
    """Do a line; an empty one moves as the last one did.

    Raises:
        CommandError: there is no such command, or it cannot be done.
        QueryError: an expression or a place in it is none; columns are those of the line.
    """
    if len(line) > LONGEST:
        raise CommandError(f"{len(line)} characters", f"at most {LONGEST}")
    unfit = next((each for each in line if not each.isprintable() and each != "\t"), None)
    if unfit is not None:
        raise CommandError(f"the character U+{ord(unfit):04X}", "printable text")
    text = line.rstrip() if line.strip() else session.last
    match = _WORD.match(text)
    if match is None:
        return session, ()
    command = find(match[1])
    argument = text[match.end() :]
    try:
        done, lines = command.do(session, argument)
    except QueryError as error:
        raise attrs.evolve(error, column=error.column + match.end()) from None
    return attrs.evolve(done, last=text if command.repeats else ""), lines


def completions(session: Session, line: str) -> tuple[str, ...]:
    """Return the lines that `line` may be the beginning of, by its last word."""
    match = _WORD.match(line)
    if match is None or match.end() == len(line) == len(line.rstrip()):
        begun = line.strip()
        return tuple(each.name for each in COMMANDS if each.name.startswith(begun))
    try:
        command = find(match[1])
    except CommandError:
        return ()
    head = line[: match.end()]
    argument = line[match.end() :]
    if command.takes is Takes.CHOICE:
        events = choice_names(session)
        return tuple(f"{head}{each}" for each in events if each.startswith(argument))
    last = _LAST_WORD.search(argument)
    begun = "" if last is None else last[0]
    kept = line[: len(line) - len(begun)]
    offered = _inside(session) if kept.endswith("[") else _candidates(session, command)
    return tuple(f"{kept}{each}" for each in offered if each.startswith(begun))


def _inside(session: Session) -> tuple[str, ...]:
    """Return what may stand in brackets."""
    names = Names(session.setup)
    return (*names.words, *names.actors)


def _candidates(session: Session, command: Command) -> tuple[str, ...]:
    names = Names(session.setup)
    expression = (
        *(f"{each.name}[" if each.indices else each.name for each in READINGS),
        *(*CONSTANTS, *WORDS, *names.policy_state),
    )
    match command.takes:
        case Takes.NOTHING | Takes.TEXT | Takes.COUNT | Takes.PLACE | Takes.CHOICE:
            return ()
        case Takes.MOVER:
            return tuple(names.actors)
        case Takes.ACTOR:
            return (*names.actors, *(("all",) if command.name == "vcpu" else ()))
        case Takes.EXPRESSION:
            return (*expression, *((*names.words, "finding") if command.name == "why" else ()))
        case Takes.LOCATION:
            return (*location_names(session.setup), "if", *expression)
        case Takes.KIND:
            return tuple(KIND_NAMES)
        case Takes.BREAKPOINT:
            return tuple(str(each.number) for each in session.breakpoints)
        case Takes.TOPIC:
            return tuple(TOPICS)
        case Takes.BRANCH:
            return tuple(branch.name for branch in session.branches)
        case Takes.COMMAND:
            return (*(each.name for each in COMMANDS), *HELP_TOPICS)
        case Takes.STEP:
            return tuple(map(str, sorted(session.marked)))
        case Takes.FORM:
            return tuple(FORMS)
        case Takes.POLICY:
            return policy_names()
        case Takes.OTHER:
            others = (each.name for each in session.branches if each is not session.branch)
            return (*others, *policy_names())
