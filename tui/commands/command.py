"""A command as it is declared: once, beside what does it, for the prompt, help and completion."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

import attrs

from tui.session.session import Session

Lines: TypeAlias = tuple[str, ...]
"""What a command prints."""

Handler: TypeAlias = Callable[[Session, str], tuple[Session, Lines]]
"""Does a command; raises RefusedError for an argument that makes no sense."""

Offers: TypeAlias = Callable[[Session], Iterable[str]]
"""Returns the words that can stand in a command's argument."""


@attrs.frozen
class PromptCommand:
    """One word of the prompt; any beginning of it that no other word has will do."""

    name: str
    short: tuple[str, ...]
    """Abbreviations that mean it although other words begin so."""
    shape: str
    """Its argument as help shows it; brackets mark what may be left out."""
    help: str
    """What it does, in a line."""
    example: str
    offers: Offers
    offers_whole: bool
    """What is offered is the whole argument, not a word of it."""
    counted: bool
    """Its argument can be a count alone."""
    repeats: bool
    """An empty line does it again."""
    do: Handler


def command(
    name: str,
    *short: str,
    shape: str = "",
    help: str,
    example: str = "",
    offers: Offers = lambda _: (),
    offers_whole: bool = False,
    counted: bool = False,
    repeats: bool = False,
) -> Callable[[Handler], PromptCommand]:
    """Return what makes a command of the function that does it; its name alone is an example."""

    def declared(do: Handler) -> PromptCommand:
        return PromptCommand(
            name, short, shape, help, example or name, offers, offers_whole, counted, repeats, do
        )

    return declared
