"""Commands that go to findings, and along one actor's own steps."""

from __future__ import annotations

from engine.machine.actors import Actor, actor_name
from engine.machine.events import event_actor
from tui.commands.arguments import count, nothing
from tui.commands.command import Handler, Lines
from tui.commands.move import at_step, by_steps
from tui.session.session import Session


def by_own_steps(*, forward: bool) -> Handler:
    """Return the command that moves by the steps of the chosen actor, or of who moved last."""
    move = by_steps(forward=forward)

    def own(session: Session, argument: str) -> tuple[Session, Lines]:
        return move(session, f"{actor_name(last_mover(session))} {count(argument)}")

    return own


def by_findings(*, forward: bool) -> Handler:
    """Return the command that goes to the next finding, or to the last one before."""

    def go(session: Session, argument: str) -> tuple[Session, Lines]:
        nothing(argument)
        cursor = session.timeline.cursor
        steps = [finding.step for finding in session.timeline.findings]
        found = [step for step in steps if (step > cursor if forward else step < cursor)]
        if not found:
            return session, (f"no finding {'after' if forward else 'before'} this step",)
        return at_step(session, min(found) if forward else max(found))

    return go


def to_exact(session: Session, argument: str) -> tuple[Session, Lines]:
    """Go to the exact step of the next finding that has one, after the last of the first."""
    nothing(argument)
    findings = session.timeline.findings
    steps = sorted(finding.exact for finding in findings if finding.exact is not None)
    if not steps:
        return session, ("no finding of this run has an exact step",)
    after = [step for step in steps if step > session.timeline.cursor]
    return at_step(session, min(after or steps))


def last_mover(session: Session) -> Actor:
    """Return the chosen actor, else who moved last up to here, else the first vCPU."""
    if session.actor is not None:
        return session.actor
    timeline = session.timeline
    for at in range(timeline.cursor, 0, -1):
        actor = event_actor(timeline.steps[at - 1].event)
        if actor is not None:
            return actor
    return 0
