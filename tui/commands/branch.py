"""Commands about roads not taken: what can happen now, another future, and the branches."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from engine.machine.events import Event, event_name
from engine.refusal import RefusedError, quote
from engine.transition import enabled, take
from tui.commands.arguments import is_number, nothing
from tui.commands.command import Lines, command
from tui.commands.plain_text import here
from tui.presenters.steps.sentence import sentence
from tui.presenters.verdict import verdict_in_brief
from tui.presenters.words import counted, printable
from tui.session.branches import Branch
from tui.session.requests import Foresee
from tui.session.session import Session


@command("choices", help="what can happen now, and what it would do")
def choices(session: Session, argument: str) -> tuple[Session, Lines]:
    """List what can happen now, and what it would do."""
    nothing(argument)
    return session, tuple(_choice_lines(session)) or ("nothing can happen any more",)


@command("foresee", help="what can follow each of them, and where there is no return")
def foresee(session: Session, argument: str) -> tuple[Session, Lines]:
    """Tell what can follow each thing that can happen now, and where there is no return."""
    nothing(argument)
    return attrs.evolve(session, request=Foresee()), ()


def choice_names(session: Session) -> tuple[str, ...]:
    """Return the names of what can happen now."""
    machine = session.timeline.machine
    return tuple(event_name(machine, event) for event in enabled(machine))


@command(
    "take",
    shape="EVENT|N",
    help="let it happen; a future other than the recorded is a new branch",
    example="take fill x on pcpu0",
    offers=choice_names,
    offers_whole=True,
)
def take_event(session: Session, argument: str) -> tuple[Session, Lines]:
    """Let an enabled event happen now; another future than the recorded one is a new branch."""
    event = _chosen(session, argument)
    timeline = session.timeline
    if timeline.cursor < len(timeline.steps):
        if timeline.steps[timeline.cursor].event == event:
            moved = session.seek(timeline.cursor + 1)
            return moved, (here(moved),)
        old = session.branch
        moved = session.fork(timeline.extend((event,)), timeline.cursor)
        forked = f"{moved.branch.name}, from {old.name} at step {moved.branch.at}"
        return moved, (f"{forked}; {old.name} is kept", *_found(moved), here(moved))
    moved = session.extended(event)
    return moved, (*_found(moved), here(moved))


@command("branches", help="the branches")
def branch_lines(session: Session, argument: str) -> tuple[Session, Lines]:
    """List the branches, the one at hand marked."""
    nothing(argument)
    return session, tuple(
        _branch_line(branch, current=index == session.branches.current)
        for index, branch in enumerate(session.branches)
    )


@command(
    "switch",
    shape="NAME",
    help="to another branch, where it was left",
    example="switch main",
    offers=lambda session: (branch.name for branch in session.branches),
)
def switch(session: Session, argument: str) -> tuple[Session, Lines]:
    """Go to another branch, to where it was left."""
    names = session.branches.names
    if argument not in names:
        found = quote(argument) if argument else "nothing"
        raise RefusedError.unknown(found, argument, names, "a branch")
    moved = session.switch(argument)
    return moved, (f"branch {argument}", here(moved))


def _chosen(session: Session, argument: str) -> Event:
    events = enabled(session.timeline.machine)
    wanted = " ".join(argument.split())
    if is_number(wanted) and 1 <= int(wanted) <= len(events):
        return events[int(wanted) - 1]
    names = dict(zip(choice_names(session), events, strict=True))
    begun = [name for name in names if wanted and name.startswith(f"{wanted} ")]
    if wanted not in names and len(begun) == 1:
        return names[begun[0]]
    if wanted not in names:
        found = quote(wanted) if wanted else "nothing"
        raise RefusedError.unknown(found, wanted, names, "what can happen now")
    return names[wanted]


def _choice_lines(session: Session) -> Iterator[str]:
    timeline = session.timeline
    recorded = timeline.events[timeline.cursor :][:1]
    machine = timeline.machine
    for index, event in enumerate(enabled(machine), 1):
        mark = ", taken in this run" if (event,) == recorded else ""
        text = printable(sentence(take(machine, event)))
        yield f"{index}: {event_name(machine, event)}{mark}: {text}"


def _found(session: Session) -> Iterator[str]:
    timeline = session.timeline
    for finding in timeline.findings:
        if finding.step == timeline.cursor:
            yield f"finding: {finding.kind.value}"


def _branch_line(branch: Branch, *, current: bool) -> str:
    whence = "" if branch.parent is None else f", from {branch.parent} at step {branch.at}"
    timeline = branch.timeline
    found = verdict_in_brief(timeline)
    left = f"{'at' if current else 'left at'} step {timeline.cursor}"
    text = f"{branch.name}{whence}: {counted(len(timeline.steps), 'step')}, {found}, {left}"
    return f"{'*' if current else ' '} {text}"
