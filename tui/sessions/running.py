"""Commands that run along the steps to the next stop: a breakpoint, a watch or a finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from engine.query.evaluate import Moment, holds
from engine.query.parser import condition
from engine.query.triggers import Changes, fires
from tui.presenters.verdict import describe
from tui.sessions.arguments import count
from tui.sessions.command import Handler, Lines
from tui.sessions.session import Breakpoint, Session
from tui.sessions.telling import here, value_text


def run_on(*, forward: bool) -> Handler:
    """Return the command that goes to the next stop, or to the end of the run."""

    def run(session: Session, argument: str) -> tuple[Session, Lines]:
        lines: Lines = ()
        for _ in range(min(count(argument), len(session.timeline.steps) + 1)):
            cursor = session.timeline.cursor
            session, lines = _to_stop(session, forward=forward)
            if session.timeline.cursor in (cursor, 0, len(session.timeline.steps)):
                break
        return session, lines

    return run


def until(session: Session, argument: str) -> tuple[Session, Lines]:
    """Go to the next step after which an expression is true."""
    query = condition(argument, session.setup)
    timeline = session.timeline
    first = timeline.cursor + 1
    for at in range(first, len(timeline.steps) + 1):
        if at > first and query.inputs.untouched(timeline, at):
            continue
        if holds(query.expression, Moment(timeline, at)):
            moved = session.seek(at)
            return moved, (here(moved),)
    return session, (f"not true at any step after this; still at {here(session)}",)


def is_stop(session: Session, breakpoint_: Breakpoint, at: int) -> bool:
    """Say whether a breakpoint, enabled or not, stops after a step of the run at hand."""
    timeline = session.timeline
    if not fires(breakpoint_.trigger, timeline, at):
        return False
    query = breakpoint_.condition
    return query is None or holds(query.expression, Moment(timeline, at))


def stops_of(session: Session, breakpoint_: Breakpoint) -> tuple[int, ...]:
    """Return the steps of the run at hand after which a breakpoint stops."""
    steps = range(1, len(session.timeline.steps) + 1)
    return tuple(at for at in steps if is_stop(session, breakpoint_, at))


def next_stop(session: Session, *, forward: bool) -> int | None:
    """Return the next step at which something stops, None if nothing does."""
    timeline = session.timeline
    found = {finding.step for finding in timeline.findings}
    enabled = [each for each in session.breakpoints if each.enabled]
    for at in _numbers(session, forward=forward):
        if at in found or any(is_stop(session, each, at) for each in enabled):
            return at
    return None


def _numbers(session: Session, *, forward: bool) -> Iterable[int]:
    timeline = session.timeline
    if forward:
        return range(timeline.cursor + 1, len(timeline.steps) + 1)
    return range(timeline.cursor - 1, 0, -1)


def _to_stop(session: Session, *, forward: bool) -> tuple[Session, Lines]:
    stop = next_stop(session, forward=forward)
    if stop is None:
        end = len(session.timeline.steps) if forward else 0
        moved = session.seek(end)
        if not forward:
            return moved, (here(moved),)
        return moved, ("the run ends here", here(moved))
    moved = session.seek(stop)
    lines = (*_reasons(moved), here(moved))
    kept = tuple(
        each
        for each in moved.breakpoints
        if not (each.temporary and each.enabled and is_stop(moved, each, stop))
    )
    return attrs.evolve(moved, breakpoints=kept), lines


def _reasons(session: Session) -> Iterator[str]:
    """Yield why a session stops at its cursor."""
    timeline = session.timeline
    at = timeline.cursor
    for each in session.breakpoints:
        if each.enabled and is_stop(session, each, at):
            yield _told(session, each)
    for finding in timeline.findings:
        if finding.step == at:
            yield f"finding: {describe(timeline, finding)}"


def _told(session: Session, each: Breakpoint) -> str:
    words = each.words(session.setup)
    if not isinstance(each.trigger, Changes):
        return f"breakpoint {each.number}, {words}"
    timeline, query = session.timeline, each.trigger.query
    at = timeline.cursor
    before, after = value_text(query, timeline, at - 1), value_text(query, timeline, at)
    return f"watch {each.number}, {words}: was {before}, is {after}"
