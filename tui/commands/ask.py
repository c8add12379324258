"""Commands that ask: for a value, why it is so, the source, and what is known by topic."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

import attrs

from engine.machine.actors import actor_name
from engine.machine.events import event_name
from engine.policy.c_types import PointerType
from engine.policy.frame import CFrame
from engine.policy.policy import Variable
from engine.query.parser import parse
from engine.query.vocabulary import QueryNames
from engine.refusal import RefusedError, quote
from tui.commands.annotate import bookmark_lines
from tui.commands.arguments import actor as read_actor
from tui.commands.arguments import actors, expressions, is_number, nothing
from tui.commands.breakpoints import breakpoint_lines
from tui.commands.command import Lines, command
from tui.commands.plain_text import (
    actor_lines,
    here,
    memory_lines,
    stale_lines,
    step_line,
    value_text,
)
from tui.presenters.coverage import coverage_lines
from tui.presenters.panels.flushes import flush_entries
from tui.presenters.panels.guest_program import program_listing
from tui.presenters.panels.listing import Listing
from tui.presenters.panels.policy_source import policy_listing
from tui.presenters.verdict import describe, verdict
from tui.presenters.words import number as value_words
from tui.session.session import Session

_WIDTH: Final = 100
_AROUND: Final = 5
_EVENTS: Final = "events"
_EVENTS_AROUND: Final = 10
_SHORT: Final = {"b": "breakpoints"}
"""As gdb has it, although another topic begins so."""


@command(
    "print",
    "p",
    shape="EXPR",
    help="the value of an expression (help expressions explains them)",
    example="print sees[vcpu1][x]",
    offers=expressions,
)
def print_value(session: Session, argument: str) -> tuple[Session, Lines]:
    """Print what an expression is."""
    query = parse(argument, session.setup)
    return session, (value_text(query, session.timeline, session.timeline.cursor),)


@command(
    "why",
    shape="[WORD|EXPR|finding N]",
    help="where a value comes from; alone, the finding at hand",
    example="why cache[x]",
    offers=lambda session: (*expressions(session), *QueryNames(session.setup).words, "finding"),
)
def explain(session: Session, argument: str) -> tuple[Session, Lines]:
    """Say where a value comes from, a line a reason."""
    from tui.commands.why import answer

    return session, tuple(map(str, answer(session, argument)))


@command(
    "info",
    "i",
    shape="[TOPIC]",
    help="what is known about a topic; alone, the topics",
    example="info memory",
    offers=lambda _: TOPICS,
)
def info(session: Session, argument: str) -> tuple[Session, Lines]:
    """Tell what is known about a topic; alone, which topics there are."""
    name, _, rest = argument.partition(" ")
    if not name:
        width = max(map(len, TOPICS))
        return session, tuple(f"{each:<{width}}  {TOPICS[each].help}" for each in TOPICS)
    name = _SHORT.get(name, name)
    begun = [topic for topic in TOPICS if topic.startswith(name)]
    if len(begun) != 1:
        raise RefusedError.unknown(quote(name), name, begun or TOPICS, "a topic")
    if begun[0] == _EVENTS:
        return session, tuple(_events(session, rest.strip()))
    nothing(rest.strip())
    return session, tuple(TOPICS[begun[0]].lines(session))


@command(
    "list",
    "l",
    shape="[LINE|ACTOR]",
    help="the policy's source around a line, or a program",
    example="list vcpu1",
    offers=actors,
)
def list_source(session: Session, argument: str) -> tuple[Session, Lines]:
    """Show the policy's source around the line at hand, or another; or an actor's program."""
    timeline = session.timeline
    if argument and not is_number(argument):
        listing = program_listing(timeline, read_actor(session, argument), _WIDTH)
        return session, (listing.title, *_rows(listing, 0, len(listing.lines)))
    listing = policy_listing(timeline, _WIDTH)
    middle = listing.focus[0]
    if argument:
        numbers = [number.strip() for number in listing.numbers]
        if str(int(argument)) not in numbers:
            raise RefusedError(f"line {argument}", f"a line of {listing.title}")
        middle = numbers.index(str(int(argument)))
    last = min(len(listing.lines), middle + _AROUND + 1)
    return session, (listing.title, *_rows(listing, max(0, middle - _AROUND), last))


def _rows(listing: Listing, first: int, last: int) -> Lines:
    return tuple(listing.row(index, _WIDTH).text.rstrip() for index in range(first, last))


def _step(session: Session) -> Lines:
    timeline = session.timeline
    upcoming = timeline.steps[timeline.cursor : timeline.cursor + 1]
    follows = [f"next in this run: {event_name(each.before, each.event)}" for each in upcoming]
    return (here(session), *stale_lines(timeline), *(follows or ["the run ends here"]))


def _events(session: Session, argument: str) -> Lines:
    around = int(argument) if is_number(argument) else _EVENTS_AROUND
    if argument and not is_number(argument):
        raise RefusedError(quote(argument), "how many steps on either side")
    timeline = session.timeline
    first = max(0, timeline.cursor - around)
    last = min(len(timeline.steps), timeline.cursor + around)
    return tuple(
        f"{'>' if at == timeline.cursor else ' '} {step_line(timeline, at)}"
        for at in range(first, last + 1)
    )


def _flushes(session: Session) -> Lines:
    entries = flush_entries(session.timeline.steps)
    return tuple(f"step {each.step}: {each.text}" for each in entries) or ("no flush in this run",)


def _findings(session: Session) -> Lines:
    timeline = session.timeline
    if not timeline.findings:
        return (verdict(timeline),)
    return tuple(
        f"{index}: {describe(timeline, finding)}"
        for index, finding in enumerate(timeline.findings, 1)
    )


def _policy(session: Session) -> Lines:
    machine = session.timeline.machine
    policy = machine.setup.policy
    lines = [f"{policy.name}, {policy.source.name}", *coverage_lines(policy.coverage)]
    lines += _kept("", policy.statics, machine.vm.statics)
    for index, vcpu in enumerate(machine.vcpus):
        name = actor_name(index)
        lines += _kept(f"{name}: ", policy.fields, vcpu.fields)
        for frame in vcpu.stack:
            if isinstance(frame, CFrame):
                function = policy.functions[frame.function]
                lines += _kept(f"{name} in {function.name}(): ", function.variables, frame.slots)
    return tuple(lines)


def _kept(whose: str, variables: Iterable[Variable], values: Iterable[int]) -> Iterable[str]:
    pairs = zip(variables, values, strict=False)
    return [
        f"{whose}{variable.name} = {value_words(value)}"
        for variable, value in pairs
        if not variable.name.startswith(".") and not isinstance(variable.type, PointerType)
    ]


def _memory(session: Session) -> Iterable[str]:
    return memory_lines(session.timeline)


def _vcpus(session: Session) -> Iterable[str]:
    return actor_lines(session.timeline)


def _events_around(session: Session) -> Iterable[str]:
    return _events(session, "")


def _note(session: Session) -> Iterable[str]:
    """Yield what is remarked on the step at hand: the user's bookmark, the scenario's last note."""
    at, notes = session.timeline.cursor, session.run.notes
    marked = session.marked.get(at)
    noted = max((step for step in notes if step <= at), default=0)
    texts = [" ".join(text.split()) for text in notes.get(noted, ())]
    if marked is not None:
        yield f"bookmark at step {at}: {marked}"
    for text in texts:
        yield f"note at step {noted}: {text}"
    if marked is None and not texts:
        yield "no bookmark at this step, and no note on it"


@attrs.frozen
class Topic:
    """What can be told of a session."""

    help: str
    """What it is, in a line."""
    lines: Callable[[Session], Iterable[str]]


TOPICS: Final[Mapping[str, Topic]] = {
    "breakpoints": Topic("breakpoints and watches, and where they stop", breakpoint_lines),
    "bookmarks": Topic("the bookmarks of this branch", bookmark_lines),
    "note": Topic("the scenario's note on this step and your bookmark at it, whole", _note),
    "step": Topic("this step, what is stale after it, and what comes next", _step),
    "memory": Topic("RAM and cache, and what each actor sees and is due", _memory),
    "vcpus": Topic("where each actor is, and how it accesses memory", _vcpus),
    _EVENTS: Topic("the steps around this one; a number says how many", _events_around),
    "flushes": Topic("where KVM flushed, and where it did not", _flushes),
    "findings": Topic("what is wrong with this run", _findings),
    "policy": Topic("what the policy keeps, and its locals", _policy),
}
"""What can be told, by name."""
