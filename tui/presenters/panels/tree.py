"""The branches of a run as a tree: each below the one that it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from engine.timeline import Timeline
from tui.presenters.cells import Cell, Row, Tone, fitted
from tui.presenters.status.verdict import verdict_in_brief, verdict_tone
from tui.presenters.words import counted


class Limb(Protocol):
    """One branch, as much of it as a tree shows."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def timeline(self) -> Timeline:
        """Its run, with the place that was left in it."""

    @property
    def parent(self) -> str | None:
        """The branch that it comes from."""

    @property
    def at(self) -> int:
        """The last step that it shares with that."""

    @property
    def title(self) -> str:
        """What it is, empty where its name says it."""


def tree(limbs: Iterable[Limb]) -> tuple[tuple[str, Limb], ...]:
    """Return branches in the order of a tree, each with the lines that are drawn before it."""
    every = tuple(limbs)
    return tuple(_below(every, None, ""))


def limb_row(lines: str, limb: Limb, width: int, *, current: bool) -> Row:
    """Return a branch as a row: whence, how long, what is found in it, where it was left."""
    timeline = limb.timeline
    found = verdict_in_brief(timeline)
    whence = "" if limb.parent is None else f" from step {limb.at}"
    title = f", {limb.title}" if limb.title else ""
    left = f"at step {timeline.cursor}" if current else f"left at {timeline.cursor}"
    lead = f"{'>' if current else ' '}{lines}"
    what = f"{whence}: {counted(len(timeline.steps), 'step')}, "
    room = width - len(lead) - len(limb.name) - len(found)
    # Where it is narrow, what is found matters more than whence it is and how long.
    what = what if len(what) <= room else ": "
    tail = f", {left}{title}"
    return Row(
        (
            Cell(lead),
            Cell(limb.name, Tone.STRONG),
            Cell(what),
            Cell(found, verdict_tone(timeline)),
            Cell(fitted(tail, room - len(what))),
        ),
        current=current,
    )


def _below(every: tuple[Limb, ...], parent: str | None, drawn: str) -> Iterator[tuple[str, Limb]]:
    children = [limb for limb in every if limb.parent == parent]
    for limb in children:
        last = limb is children[-1]
        if parent is None:
            yield "", limb
            yield from _below(every, limb.name, "")
        else:
            yield f"{drawn}{'└ ' if last else '├ '}", limb
            yield from _below(every, limb.name, f"{drawn}{'  ' if last else '│ '}")
