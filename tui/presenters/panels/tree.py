"""The branches of a run as a tree: each below the one that it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tui.presenters.cells import Cell, Row, Tone, fitted
from tui.presenters.verdict import verdict_in_brief, verdict_tone
from tui.presenters.words import counted
from tui.session.branches import Branch


def tree(branches: Iterable[Branch]) -> tuple[tuple[str, Branch], ...]:
    """Return branches in the order of a tree, each with the lines that are drawn before it."""
    every = tuple(branches)
    return tuple(_below(every, None, ""))


def branch_row(lines: str, branch: Branch, width: int, *, current: bool) -> Row:
    """Return a branch as a row: whence, how long, what is found in it, where it was left."""
    timeline = branch.timeline
    found = verdict_in_brief(timeline)
    whence = "" if branch.parent is None else f" from step {branch.at}"
    title = f", {branch.title}" if branch.title else ""
    left = f"at step {timeline.cursor}" if current else f"left at {timeline.cursor}"
    lead = f"{'>' if current else ' '}{lines}"
    what = f"{whence}: {counted(len(timeline.steps), 'step')}, "
    room = width - len(lead) - len(branch.name) - len(found)
    # Where it is narrow, what is found matters more than whence it is and how long.
    what = what if len(what) <= room else ": "
    tail = f", {left}{title}"
    return Row(
        (
            Cell(lead),
            Cell(branch.name, Tone.STRONG),
            Cell(what),
            Cell(found, verdict_tone(timeline)),
            Cell(fitted(tail, room - len(what))),
        ),
        current=current,
    )


def _below(
    every: tuple[Branch, ...], parent: str | None, drawn: str
) -> Iterator[tuple[str, Branch]]:
    children = [branch for branch in every if branch.parent == parent]
    for branch in children:
        last = branch is children[-1]
        if parent is None:
            yield "", branch
            yield from _below(every, branch.name, "")
        else:
            yield f"{drawn}{'└ ' if last else '├ '}", branch
            yield from _below(every, branch.name, f"{drawn}{'  ' if last else '│ '}")
