"""A comparison in a few lines of text: for scripts, mails and screen readers."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lockstep import Lockstep
from tui.presenters.steps.sentence import sentence
from tui.presenters.verdict import verdict
from tui.presenters.words import counted, printable


def comparison_lines(
    lockstep: Lockstep, names: tuple[str, str], first: int | None, memory: int | None
) -> Iterator[str]:
    """Yield what both sides come to, where they part, and from where on their memory differs."""
    for letter, name, timeline in zip("AB", names, (lockstep.left, lockstep.right), strict=True):
        yield f"{letter} {name}: {verdict(timeline)}"
    rows = counted(len(lockstep.rows) - 1, "row")
    if first is None:
        yield f"the same to the end, in {rows}"
        return
    yield f"they part at row {first} of {rows}"
    yield from _moves(lockstep, first)
    if memory is None:
        yield "their memory is the same to the end"
        return
    yield f"their memory first differs at row {memory}"
    yield from _moves(lockstep, memory)


def _moves(lockstep: Lockstep, row: int) -> Iterator[str]:
    """Yield what each side does in the step to a row."""
    if not row:
        return
    before, after = lockstep.rows[row - 1 : row + 1]
    for letter, timeline, start, end in zip(
        "AB", (lockstep.left, lockstep.right), before, after, strict=True
    ):
        if start == end:
            yield f"  {letter} still at step {start}"
        else:
            yield f"  {letter} step {end}: {printable(sentence(timeline.steps[start]))}"
