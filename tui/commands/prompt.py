"""A line at the prompt: which command it is, what it does, and what could complete it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

import attrs

from engine.query.vocabulary import READINGS
from engine.refusal import Column, RefusedError, quote
from tui.commands import annotate, ask, branch, breakpoints, find, move, outside, run, search
from tui.commands.arguments import indices, nothing
from tui.commands.command import Lines, PromptCommand, command
from tui.commands.search import KIND_NAMES
from tui.session.session import Session

_SUBJECTS: Final = (move, run, find, search, breakpoints, ask, branch, annotate, outside)
"""The modules that declare commands, in the order in which help tells of them."""

LONGEST: Final = 1_000
"""How many characters a line may have."""

_WORD: Final = re.compile(r"\s*(/|\?|[^\s/?]+)\s*")
_LAST_WORD: Final = re.compile(r"[\w>.:-]*\Z")

_EXPRESSIONS: Final = "expressions"
_EVENTS: Final = "events"
_TOPICS: Final = (_EXPRESSIONS, _EVENTS)

_OPERATORS: Final = (
    "from the loosest: or ||, and &&, not, == != < <= > >=, |, ^, &, << >>, + -, and before a "
    "value - ~ !",
    "a & b == c compares a & b; a truth counts as 1 or 0, none as false; none equals only itself",
    "old(EXPR) is EXPR before the step",
    "numbers are decimal, 0x hexadecimal or 0b binary, 64 bits",
    "an ACTOR is vcpu0, vcpu1, …, vmm, or a vCPU's number",
)


@command(
    "help",
    "h",
    shape="[COMMAND|expressions|events]",
    help="this list, or one word explained",
    example="help break",
    offers=lambda _: (*(each.name for each in COMMANDS), *_TOPICS),
)
def explain(session: Session, argument: str) -> tuple[Session, Lines]:
    """Tell of all commands, of one, or of a topic."""
    if not argument:
        return session, _all_text()
    topics = [topic for topic in _TOPICS if topic.startswith(argument)]
    if topics and argument not in NAMES:
        return session, _topic_text(topics[0])
    return session, _command_text(command_named(argument))


@command("quit", "q", help="leave")
def leave(session: Session, argument: str) -> tuple[Session, Lines]:
    """Be over."""
    nothing(argument)
    return attrs.evolve(session, over=True), ()


COMMANDS: Final[tuple[PromptCommand, ...]] = (
    *(
        each
        for subject in _SUBJECTS
        for each in vars(subject).values()
        if isinstance(each, PromptCommand)
    ),
    explain,
    leave,
)
"""All commands."""

NAMES: Final = {word: each for each in COMMANDS for word in (each.name, *each.short)}
"""The commands by all that they are called."""


def command_named(word: str) -> PromptCommand:
    """Return the command that a word means.

    Raises:
        RefusedError: it means none, or several.
    """
    if word in NAMES:
        return NAMES[word]
    begun = [each for each in COMMANDS if word and each.name.startswith(word)]
    if len(begun) == 1:
        return begun[0]
    names = [each.name for each in begun or COMMANDS]
    if begun:
        raise RefusedError(quote(word), f"one of {', '.join(names)}")
    raise RefusedError.unknown(quote(word), word, names, "a command (help lists them)")


def execute(session: Session, line: str) -> tuple[Session, Lines]:
    """Do a line; one that makes no sense changes nothing, and is answered with what is wrong."""
    try:
        return perform(session, line)
    except RefusedError as error:
        return session, (str(error),)


def perform(session: Session, line: str) -> tuple[Session, Lines]:
    """Do a line; an empty one moves as the last one did.

    Raises:
        RefusedError: there is no such command, or it cannot be done.
        RefusedError: an expression or a place in it is none; columns are those of the line.
    """
    if len(line) > LONGEST:
        raise RefusedError(f"{len(line)} characters", f"at most {LONGEST}")
    unfit = next((each for each in line if not each.isprintable() and each != "\t"), None)
    if unfit is not None:
        raise RefusedError(f"the character U+{ord(unfit):04X}", "printable text")
    text = line.rstrip() if line.strip() else session.prompt.last
    match = _WORD.match(text)
    if match is None:
        return session, ()
    meant = command_named(match[1])
    argument = text[match.end() :]
    try:
        done, lines = meant.do(session, argument)
    except RefusedError as error:
        if isinstance(error.place, Column):
            raise error.at(Column(error.place.number + match.end())) from None
        raise
    again = attrs.evolve(done.prompt, last=text if meant.repeats else "")
    return attrs.evolve(done, prompt=again), lines


def completions(session: Session, line: str) -> tuple[str, ...]:
    """Return the lines that `line` may be the beginning of, by its last word."""
    match = _WORD.match(line)
    if match is None or match.end() == len(line) == len(line.rstrip()):
        begun = line.strip()
        return tuple(each.name for each in COMMANDS if each.name.startswith(begun))
    try:
        meant = command_named(match[1])
    except RefusedError:
        return ()
    head = line[: match.end()]
    argument = line[match.end() :]
    if meant.offers_whole:
        whole = meant.offers(session)
        return tuple(f"{head}{each}" for each in whole if each.startswith(argument))
    last = _LAST_WORD.search(argument)
    begun = "" if last is None else last[0]
    kept = line[: len(line) - len(begun)]
    offered = indices(session) if kept.endswith("[") else meant.offers(session)
    return tuple(f"{kept}{each}" for each in offered if each.startswith(begun))


def _topic_text(topic: str) -> Lines:
    if topic == _EXPRESSIONS:
        return (*_pairs((each.shape, each.meaning) for each in READINGS), *_OPERATORS)
    return tuple(_pairs(KIND_NAMES.items()))


def _all_text() -> Lines:
    pairs = ((f"{each.name} {each.shape}".rstrip(), each.help) for each in COMMANDS)
    return (
        *_pairs(pairs),
        "the beginning of a word will do; an empty line moves as before",
        "help COMMAND, help expressions and help events tell more",
    )


def _command_text(meant: PromptCommand) -> Lines:
    """Return the help about one meant."""
    short = f"short: {', '.join(meant.short)}" if meant.short else ""
    lines = (
        f"{meant.name} {meant.shape}".rstrip(),
        meant.help,
        short,
        f"example: {meant.example}",
    )
    return tuple(line for line in lines if line)


def _pairs(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    rows = tuple(pairs)
    width = max(len(left) for left, _ in rows)
    for left, right in rows:
        yield f"{left:<{width}}  {right}"
