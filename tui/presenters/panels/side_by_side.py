"""Two runs in lock-step: what both did in a row, and what of two tables differs."""

from __future__ import annotations

import attrs

from engine.timeline import Timeline
from engine.transition import Step
from tui.presenters.cells import Cell, Row, Rows, Tone, fitted
from tui.presenters.steps.labels import label, mover, tone_of
from tui.presenters.steps.sentence import sentence_lines
from tui.presenters.verdict import verdict_tone, verdicts

DIFFERS = "≠"
"""Marks what is not the same on both sides, where colours are not to be had."""


def told_alike(one: Step, other: Step) -> bool:
    """Say whether the same is told of two steps: who moved, and what that did."""
    return (mover(one), label(one)) == (mover(other), label(other))


def with_differences(shown: Rows, other: Rows) -> Rows:
    """Return rows with each cell marked that is not the same in the other rows."""
    return tuple(
        attrs.evolve(row, cells=tuple(map(_mark, row.cells, beside.cells)))
        if len(row.cells) == len(beside.cells)
        else row
        for row, beside in zip(shown, other, strict=False)
    )


def pair_row(
    left: tuple[int, Step] | None,
    right: tuple[int, Step] | None,
    width: int,
    *,
    differs: bool,
    current: bool,
) -> Row:
    """Return what both sides did in one row, each with the number of its step; None: nothing."""
    half = (width - 3) // 2
    middle = Cell(f" {DIFFERS if differs else ' '} ", Tone.SKIPPED if differs else Tone.PLAIN)
    return Row(
        (
            *_side(left, half, current=current),
            middle,
            *_side(right, width - half - 3, current=False),
        ),
        current=current,
    )


def side_lines(letter: str, timeline: Timeline, policy: str, width: int) -> Rows:
    """Return one side's verdict and what it did last, a row each."""
    tone = verdict_tone(timeline)
    lead = f" {letter} {policy}: "
    forms = verdicts(timeline)
    said = next((each for each in forms if len(each) <= width - len(lead)), forms[-1])
    step = timeline.step
    number = f"   step {timeline.cursor}: "
    text = "the start" if step is None else sentence_lines(step, width - len(number), 1)[0]
    return (
        Row((Cell(lead, Tone.STRONG), Cell(fitted(said, width - len(lead)), tone))),
        Row((Cell(number, Tone.FAINT), Cell(text))),
    )


def _side(side: tuple[int, Step] | None, width: int, *, current: bool) -> tuple[Cell, ...]:
    if side is None:
        return (Cell(fitted(f"{'>' if current else ' '}", width)),)
    number, step = side
    lead = f"{'>' if current else ' '}{number:>4} {fitted(mover(step), 6)}"

    return (
        Cell(lead, Tone.FAINT),
        Cell(fitted(label(step), width - len(lead)), tone_of(step)),
    )


def _mark(cell: Cell, other: Cell) -> Cell:
    if cell.text[1:] == other.text[1:]:
        return cell
    signed = DIFFERS + cell.text[1:] if cell.text[:1] in " *" else cell.text
    return attrs.evolve(cell, text=signed, changed=True)
