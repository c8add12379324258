"""A command as it is declared: once, for the prompt, its help and its completion."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, unique
from typing import TypeAlias

import attrs

from tui.session.session import Session

Lines: TypeAlias = tuple[str, ...]
"""What a command prints."""

Handler: TypeAlias = Callable[[Session, str], tuple[Session, Lines]]
"""Does a command; raises CommandError or QueryError for an argument that makes no sense."""


@unique
class Takes(Enum):
    """What a command's argument is, which is what completion offers for it."""

    NOTHING = "nothing"
    TEXT = "text"
    COUNT = "a count"
    MOVER = "an actor, a count"
    PLACE = "a step"
    EXPRESSION = "an expression"
    LOCATION = "a place or an event"
    KIND = "an event's kind"
    BREAKPOINT = "a breakpoint's number"
    TOPIC = "a topic"
    CHOICE = "an enabled event"
    BRANCH = "a branch"
    ACTOR = "an actor"
    COMMAND = "a command"
    STEP = "a step with a bookmark"
    FORM = "a form, and a file"
    POLICY = "a policy"
    OTHER = "a branch or a policy"


@attrs.frozen
class Command:
    """One word of the prompt; any beginning of it that no other word has will do."""

    name: str
    short: tuple[str, ...]
    """Abbreviations that mean it although other words begin so."""
    shape: str
    """Its argument as help shows it; brackets mark what may be left out."""
    help: str
    """What it does, in a line."""
    example: str
    takes: Takes
    do: Handler
    repeats: bool = False
    """An empty line does it again."""
