"""Commands that run along the steps to the next stop: a breakpoint, a watch or a finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

import attrs

from engine.query.evaluate import QueriedState, holds
from engine.query.parser import condition
from engine.query.triggers import Changes, firing
from engine.timeline import Timeline
from tui.commands.arguments import count, expressions
from tui.commands.command import Lines, command
from tui.commands.plain_text import here, value_text
from tui.presenters.verdict import describe
from tui.session.session import Session
from tui.session.stops import Breakpoint, Stops


@attrs.frozen
class _Stop:
    """A step at which something stops."""

    step: int
    stops: Stops
    """Those that there are when it is come to."""
    kept: Stops
    """Those that are left after it: a temporary one goes where it stops."""


@command(
    "continue",
    "c",
    shape="[N]",
    help="to the next breakpoint, watch or finding, or the end",
    counted=True,
    repeats=True,
)
def run_on(session: Session, argument: str) -> tuple[Session, Lines]:
    """Go to the next stop, or to the end of the run."""
    return _run(session, argument, forward=True)


@command(
    "reverse-continue",
    "rc",
    shape="[N]",
    help="back to the last one before, or the start",
    example="rc",
    counted=True,
    repeats=True,
)
def run_back(session: Session, argument: str) -> tuple[Session, Lines]:
    """Go to the last stop before, or to the start of the run."""
    return _run(session, argument, forward=False)


@command(
    "until",
    "u",
    shape="EXPR",
    help="to the next step after which EXPR is true",
    example="until stale[vcpu1][x]",
    offers=expressions,
    repeats=True,
)
def until(session: Session, argument: str) -> tuple[Session, Lines]:
    """Go to the next step after which an expression is true."""
    query = condition(argument, session.setup)
    timeline = session.timeline
    first = timeline.cursor + 1
    for at in range(first, len(timeline.steps) + 1):
        if at > first and query.inputs.untouched(timeline, at):
            continue
        if holds(query.expression, QueriedState(timeline, at)):
            moved = session.seek(at)
            return moved, (here(moved),)
    return session, (f"not true at any step after this; still at {here(session)}",)


def stopping(timeline: Timeline, breakpoint_: Breakpoint) -> Callable[[int], bool]:
    """Return what says of steps of a run, from 1, whether a breakpoint, enabled or not, stops."""
    fires = firing(breakpoint_.trigger, timeline)
    query = breakpoint_.condition
    if query is None:
        return fires
    expression = query.expression
    return lambda at: fires(at) and holds(expression, QueriedState(timeline, at))


def stops_of(session: Session, breakpoint_: Breakpoint) -> tuple[int, ...]:
    """Return the steps of the run at hand after which a breakpoint stops."""
    steps = range(1, len(session.timeline.steps) + 1)
    return tuple(filter(stopping(session.timeline, breakpoint_), steps))


def next_stop(session: Session, *, forward: bool) -> int | None:
    """Return the next step at which something stops, None if nothing does."""
    return next((stop.step for stop in _stops(session, forward=forward)), None)


def stop_reasons(session: Session) -> Iterator[str]:
    """Yield why a session stops at its cursor."""
    timeline = session.timeline
    at = timeline.cursor
    for each in session.stops:
        if at and each.enabled and stopping(timeline, each)(at):
            yield _told(session, each)
    for finding in timeline.findings:
        if finding.step == at:
            yield f"finding: {describe(timeline, finding)}"


def _run(session: Session, argument: str, *, forward: bool) -> tuple[Session, Lines]:
    times = count(argument)
    stops = tuple(islice(_stops(session, forward=forward), times))
    if stops and (len(stops) == times or stops[-1].step == len(session.timeline.steps)):
        return _stopped(session, stops[-1])
    if stops:
        session = attrs.evolve(session, stops=stops[-1].kept)
    return _ended(session, forward=forward)


def _stops(session: Session, *, forward: bool) -> Iterator[_Stop]:
    """Yield where something stops, from the cursor on."""
    timeline = session.timeline
    found = {finding.step for finding in timeline.findings}
    there = session.stops
    tests = [(each, stopping(timeline, each)) for each in there if each.enabled]
    for at in _numbers(session, forward=forward):
        hit = [each for each, stops in tests if stops(at)]
        if hit or at in found:
            gone = {each.number for each in hit if each.temporary}
            kept = there.without(gone)
            tests = [test for test in tests if test[0].number not in gone]
            yield _Stop(at, there, kept)
            there = kept


def _numbers(session: Session, *, forward: bool) -> Iterable[int]:
    timeline = session.timeline
    if forward:
        return range(timeline.cursor + 1, len(timeline.steps) + 1)
    return range(timeline.cursor - 1, 0, -1)


def _stopped(session: Session, stop: _Stop) -> tuple[Session, Lines]:
    moved = attrs.evolve(session.seek(stop.step), stops=stop.stops)
    lines = (*stop_reasons(moved), here(moved))
    return attrs.evolve(moved, stops=stop.kept), lines


def _ended(session: Session, *, forward: bool) -> tuple[Session, Lines]:
    if not forward:
        moved = session.seek(0)
        return moved, (here(moved),)
    moved = session.seek(len(session.timeline.steps))
    return moved, ("the run ends here", here(moved))


def _told(session: Session, each: Breakpoint) -> str:
    words = each.words(session.setup)
    if not isinstance(each.trigger, Changes):
        return f"breakpoint {each.number}, {words}"
    timeline, query = session.timeline, each.trigger.query
    at = timeline.cursor
    before, after = value_text(query, timeline, at - 1), value_text(query, timeline, at)
    return f"watch {each.number}, {words}: was {before}, is {after}"
