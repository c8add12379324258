"""Lines typed at the prompt of a session, and what must be true of any session after them."""

from __future__ import annotations

from tui.commands.prompt import execute
from tui.session.session import Session


def do(session: Session, *lines: str) -> tuple[Session, list[str]]:
    """Do lines at the prompt, and return what the last one printed."""
    said: tuple[str, ...] = ()
    for line in lines:
        session, said = execute(session, line)
    return session, list(said)


def after(session: Session, *lines: str) -> Session:
    """Do lines at the prompt, and return what came of them."""
    return do(session, *lines)[0]


def at(session: Session, *lines: str) -> int:
    """Do lines at the prompt, and return the step that they lead to."""
    return after(session, *lines).timeline.cursor


def check(session: Session) -> None:
    """Hold a session against what must be true of any."""
    assert 0 <= session.branches.current < len(session.branches)
    named = {branch.name: branch for branch in session.branches}
    assert len(named) == len(session.branches)
    for index, branch in enumerate(session.branches):
        timeline = branch.timeline
        assert 0 <= timeline.cursor <= len(timeline.steps)
        assert timeline.initial is session.branches.first.timeline.initial
        assert (branch.parent is None) == (index == 0)
        if branch.parent is not None:
            parent = named[branch.parent].timeline
            assert timeline.steps[: branch.at] == parent.steps[: branch.at]
            assert branch.at <= len(parent.steps)
    numbers = [each.number for each in session.stops]
    assert numbers == sorted(set(numbers))
    assert all(number <= session.stops.numbered for number in numbers)
    names = list(named)
    places = [(names.index(each.branch), each.step) for each in session.bookmarks]
    assert all(step <= len(session.branches.every[at].timeline.steps) for at, step in places)
    assert places == sorted(set(places))
