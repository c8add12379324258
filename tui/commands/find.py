"""Commands that go to a step: by its number, to an end, of one actor, of a finding."""

from __future__ import annotations

from engine.machine.actors import Actor, actor_name
from engine.machine.events import event_actor
from engine.refusal import RefusedError
from tui.commands.arguments import count, nothing, number
from tui.commands.command import Lines, command
from tui.commands.move import at_step, by_steps
from tui.session.session import Session


@command("goto", "g", shape="N|+N|-N", help="to step N, or N steps on or back", example="goto 12")
def go(session: Session, argument: str) -> tuple[Session, Lines]:
    """Go to a step by its number, or by how far it is."""
    cursor, last = session.timeline.cursor, len(session.timeline.steps)
    expected = f"a step from 0 to {last}, or +N or -N"
    sign, digits = argument[:1], argument[1:]
    match sign:
        case "+":
            at = cursor + number(digits, expected)
        case "-":
            at = cursor - number(digits, expected)
        case _:
            at = number(argument, expected)
    if not 0 <= at <= last:
        raise RefusedError(f"step {at}", expected)
    return at_step(session, at)


@command("start", help="to before the first step")
def to_start(session: Session, argument: str) -> tuple[Session, Lines]:
    """Go to before the first step."""
    nothing(argument)
    return at_step(session, 0)


@command("end", help="to the last step")
def to_end(session: Session, argument: str) -> tuple[Session, Lines]:
    """Go to the last step."""
    nothing(argument)
    return at_step(session, len(session.timeline.steps))


@command(
    "ownstep",
    shape="[N]",
    help="to the next step of the chosen actor, or of who moved last",
    counted=True,
    repeats=True,
)
def own_step(session: Session, argument: str) -> tuple[Session, Lines]:
    """Move on by the steps of the chosen actor, or of who moved last."""
    return _by_own_steps(session, argument, forward=True)


@command(
    "reverse-ownstep",
    "ro",
    shape="[N]",
    help="to its step before",
    example="reverse-ownstep 2",
    counted=True,
    repeats=True,
)
def own_step_back(session: Session, argument: str) -> tuple[Session, Lines]:
    """Move back by the steps of the chosen actor, or of who moved last."""
    return _by_own_steps(session, argument, forward=False)


@command("exact", "x", help="to the exact step of a finding")
def to_exact(session: Session, argument: str) -> tuple[Session, Lines]:
    """Go to the exact step of the next finding that has one, after the last of the first."""
    nothing(argument)
    findings = session.timeline.findings
    steps = sorted(finding.exact for finding in findings if finding.exact is not None)
    if not steps:
        return session, ("no finding of this run has an exact step",)
    after = [step for step in steps if step > session.timeline.cursor]
    return at_step(session, min(after or steps))


@command("nextfinding", "f", help="to the next finding", repeats=True)
def next_finding(session: Session, argument: str) -> tuple[Session, Lines]:
    """Go to the next finding."""
    return _by_findings(session, argument, forward=True)


@command("prevfinding", help="to the finding before", repeats=True)
def previous_finding(session: Session, argument: str) -> tuple[Session, Lines]:
    """Go to the last finding before."""
    return _by_findings(session, argument, forward=False)


def last_mover(session: Session) -> Actor:
    """Return the chosen actor, else who moved last up to here, else the first vCPU."""
    if session.prompt.actor is not None:
        return session.prompt.actor
    timeline = session.timeline
    for at in range(timeline.cursor, 0, -1):
        actor = event_actor(timeline.steps[at - 1].event)
        if actor is not None:
            return actor
    return 0


def _by_own_steps(session: Session, argument: str, *, forward: bool) -> tuple[Session, Lines]:
    whose = f"{actor_name(last_mover(session))} {count(argument)}"
    return by_steps(session, whose, forward=forward)


def _by_findings(session: Session, argument: str, *, forward: bool) -> tuple[Session, Lines]:
    nothing(argument)
    cursor = session.timeline.cursor
    steps = [finding.step for finding in session.timeline.findings]
    found = [step for step in steps if (step > cursor if forward else step < cursor)]
    if not found:
        return session, (f"no finding {'after' if forward else 'before'} this step",)
    return at_step(session, min(found) if forward else max(found))
