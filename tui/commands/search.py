"""Commands that search the run: for events of a kind, and for a text in what is told of a step."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Final

import attrs

from engine.query.kinds import BY_NAME, KINDS, EventKind
from engine.refusal import RefusedError, quote
from engine.transition import Step
from tui.commands.arguments import count, is_number
from tui.commands.command import Lines, command
from tui.commands.move import Wanted, arrived, walk
from tui.commands.run import stopping
from tui.presenters.steps.labels import label
from tui.presenters.steps.sentence import sentence
from tui.session.session import Session

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


def _kinds(_: Session) -> tuple[str, ...]:
    return tuple(KIND_NAMES)


@command(
    "kind",
    shape="[KIND]",
    help="which kind of event nextevent goes to (help events lists them)",
    example="kind fill",
    offers=_kinds,
)
def choose_kind(session: Session, argument: str) -> tuple[Session, Lines]:
    """Choose the kind of event that is looked for where none is named."""
    if argument:
        chosen = attrs.evolve(session.prompt, kind=kind_name(argument))
        session = attrs.evolve(session, prompt=chosen)
    kind = session.prompt.kind
    return session, (f"next and previous event: {kind}, {KIND_NAMES[kind]}",)


@command(
    "nextevent",
    "ne",
    shape="[KIND] [N]",
    help="to the next event of a kind",
    example="nextevent flush",
    offers=_kinds,
    counted=True,
    repeats=True,
)
def next_event(session: Session, argument: str) -> tuple[Session, Lines]:
    """Move on by events of a kind."""
    return _by_events(session, argument, forward=True)


@command(
    "prevevent",
    "pe",
    shape="[KIND] [N]",
    help="to the previous event of a kind",
    example="prevevent skip",
    offers=_kinds,
    counted=True,
    repeats=True,
)
def previous_event(session: Session, argument: str) -> tuple[Session, Lines]:
    """Move back by events of a kind."""
    return _by_events(session, argument, forward=False)


@command(
    "search",
    "/",
    shape="[TEXT]",
    help="to the next step whose sentence has TEXT in it",
    example="search written back",
    repeats=True,
)
def search(session: Session, argument: str) -> tuple[Session, Lines]:
    """Move on to a step whose sentence has a text in it."""
    return _by_text(session, argument, forward=True)


@command(
    "reverse-search",
    "?",
    shape="[TEXT]",
    help="to the previous step whose sentence has TEXT in it",
    example="reverse-search fills",
    repeats=True,
)
def reverse_search(session: Session, argument: str) -> tuple[Session, Lines]:
    """Move back to a step whose sentence has a text in it."""
    return _by_text(session, argument, forward=False)


def event_kind(name: str) -> EventKind:
    """Return a kind of event by its name, or by the beginning of no other name.

    Raises:
        RefusedError: there is no such kind.
    """
    return BY_NAME[_name_of(name, tuple(BY_NAME))]


def kind_name(name: str) -> str:
    """Return the name of a kind that one can look for, by its beginning if that will do.

    Raises:
        RefusedError: there is no such kind.
    """
    return _name_of(name, tuple(KIND_NAMES))


def _by_events(session: Session, argument: str, *, forward: bool) -> tuple[Session, Lines]:
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
    what = f"step with {quote(session.prompt.sought)}" if name == MATCH else name
    return arrived(session, found, times, what, forward=forward)


def _by_text(session: Session, argument: str, *, forward: bool) -> tuple[Session, Lines]:
    text = argument or session.prompt.sought
    if not text:
        raise RefusedError("nothing", "a text to search for")
    again = attrs.evolve(session.prompt, sought=text, kind=MATCH)
    session = attrs.evolve(session, prompt=again)
    return walk(session, _has(text), 1, f"step with {quote(text)}", forward=forward)


def _name_of(name: str, names: tuple[str, ...]) -> str:
    # The architecture spells a word or two with a hyphen: write-back.
    plain = name.replace("-", "")
    begun = [each for each in names if plain and each.startswith(plain)]
    if plain in names:
        return plain
    if len(begun) == 1:
        return begun[0]
    found = quote(name) if name else "nothing"
    raise RefusedError.unknown(found, name, begun or names, "an event's kind")


def _kind_and_count(session: Session, argument: str) -> tuple[str, int]:
    """Return what `[KIND] [N]` means: the chosen kind if none is named."""
    name, _, rest = argument.partition(" ")
    if not name or is_number(name):
        return session.prompt.kind, count(argument)
    return kind_name(name), count(rest.strip())


def _test(session: Session, name: str) -> Callable[[int], bool]:
    """Return what says of steps whether they are of a kind."""
    timeline = session.timeline
    if name == MATCH:
        has = _has(session.prompt.sought)
        return lambda at: has(timeline.steps[at - 1])
    if name == BOOKMARK:
        marked = session.marked
        return lambda at: at in marked
    if name == BREAKPOINT:
        tests = [stopping(timeline, each) for each in session.stops if each.enabled]
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
