"""Another policy put into a session's KVM: every branch is driven anew by the same events."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import attrs

from engine.lockstep import Lockstep, driven
from engine.refusal import RefusedError
from scenarios.case import Case
from tui.commands.command import Lines
from tui.commands.prompt import perform
from tui.session.branches import Branch
from tui.session.session import Bookmark, Session


def swapped(
    session: Session, case: Case, progress: Callable[[int], bool] | None = None
) -> tuple[Session, Lines]:
    """Return a session with what it has carried over to another policy, at the same places.

    Guests, host and hardware move as before, as far as they can. Breakpoints in a source that is
    gone go with it; a line each tells of them.

    `progress` is called now and then with how many steps are driven.

    Raises:
        CancelledError: it returned False.
    """
    machine = case.machine
    driven_by: dict[str, Lockstep] = {}
    before = 0
    for branch in session.branches:
        driven_by[branch.name] = driven(branch.timeline, machine, _after_more(progress, before))
        before += len(branch.timeline.steps)
    every = tuple(_branch(each, driven_by[each.name]) for each in session.branches)
    first = driven_by[session.branches.first.name]
    notes: dict[int, tuple[str, ...]] = {}
    for step, texts in session.notes.items():
        after = _after(first, step)
        notes[after] = (*notes.get(after, ()), *texts)
    bookmarks = _joined(
        attrs.evolve(each, step=_after(driven_by[each.branch], each.step))
        for each in session.bookmarks
    )
    saved = session.saved
    if not session.work.worth_keeping(saved):
        # Where nothing was made of the run, nothing is made of this one.
        saved = saved.begun_with(every[0].timeline.steps)
    there = attrs.evolve(
        session,
        case=case,
        saved=saved,
        branches=attrs.evolve(session.branches, every=every),
        notes=notes,
        prepared=True,
        bookmarks=bookmarks,
        stops=attrs.evolve(session.stops, breakpoints=()),
    )
    there, gone = _with_breakpoints(session, there)
    return there, (f"under {case.policy.name} from the start, driven by the same events", *gone)


def _after_more(
    progress: Callable[[int], bool] | None, before: int
) -> Callable[[int], bool] | None:
    """Return a callback that counts steps that were driven before as well."""
    return None if progress is None else lambda steps: progress(before + steps)


def _branch(branch: Branch, lockstep: Lockstep) -> Branch:
    return attrs.evolve(
        branch,
        timeline=lockstep.right.seek(_after(lockstep, branch.timeline.cursor)),
        at=_after(lockstep, branch.at),
    )


def _joined(bookmarks: Iterable[Bookmark]) -> tuple[Bookmark, ...]:
    """Return bookmarks with those that have come to the same step as one."""
    texts: dict[tuple[str, int], list[str]] = {}
    for each in bookmarks:
        texts.setdefault((each.branch, each.step), []).append(each.text)
    return tuple(Bookmark(*place, "; ".join(found)) for place, found in texts.items())


def _after(lockstep: Lockstep, step: int) -> int:
    """Return where the other side is when this one has come to a step."""
    return lockstep.rows[lockstep.row_of_left(step)][1]


def _with_breakpoints(before: Session, after: Session) -> tuple[Session, Lines]:
    """Return the session with the other's breakpoints, and what became of those that are gone."""
    gone: list[str] = []
    for each in before.stops:
        command = each.command(before.setup)
        try:
            made, _ = perform(after, command)
        except RefusedError as error:
            # A column would be one of a line that nobody typed.
            why = error.sentence
            gone.append(f"breakpoint {each.number} is gone, {command}: {why}")
            continue
        stops = after.stops.keeping(made.stops.last, each.number, enabled=each.enabled)
        after = attrs.evolve(after, stops=stops)
    return after, tuple(gone)
