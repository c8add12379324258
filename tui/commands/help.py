"""What the prompt says of itself: the commands, the expressions and the kinds of events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from engine.query.vocabulary import READINGS
from tui.commands.command import Command, Lines
from tui.commands.search import KIND_NAMES

EXPRESSIONS: Final = "expressions"
EVENTS: Final = "events"
TOPICS: Final = (EXPRESSIONS, EVENTS)

_OPERATORS: Final = (
    "from the loosest: or ||, and &&, not, == != < <= > >=, |, ^, &, << >>, + -, and before a "
    "value - ~ !",
    "a & b == c compares a & b; a truth counts as 1 or 0, none as false; none equals only itself",
    "old(EXPR) is EXPR before the step",
    "numbers are decimal, 0x hexadecimal or 0b binary, 64 bits",
    "an ACTOR is vcpu0, vcpu1, …, vmm, or a vCPU's number",
)


def topic_text(topic: str) -> Lines:
    """Return the help about one of `TOPICS`."""
    if topic == EXPRESSIONS:
        return (*_pairs((each.shape, each.meaning) for each in READINGS), *_OPERATORS)
    return tuple(_pairs(KIND_NAMES.items()))


def all_text(commands: Iterable[Command]) -> Lines:
    """Return the help about all commands, a line each."""
    pairs = ((f"{each.name} {each.shape}".rstrip(), each.help) for each in commands)
    return (
        *_pairs(pairs),
        "the beginning of a word will do; an empty line moves as before",
        "help COMMAND, help expressions and help events tell more",
    )


def command_text(command: Command) -> Lines:
    """Return the help about one command."""
    short = f"short: {', '.join(command.short)}" if command.short else ""
    lines = (
        f"{command.name} {command.shape}".rstrip(),
        command.help,
        short,
        f"example: {command.example}",
    )
    return tuple(line for line in lines if line)


def _pairs(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    rows = tuple(pairs)
    width = max(len(left) for left, _ in rows)
    for left, right in rows:
        yield f"{left:<{width}}  {right}"
