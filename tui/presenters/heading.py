"""What stands above the panels: what is run, where in it the cursor is, what just happened."""

from __future__ import annotations

from textwrap import wrap

import attrs

from engine.timeline import Timeline
from tui.presenters.rows import Cell, Row, Rows, Tone, fitted
from tui.presenters.sentence import sentence
from tui.presenters.verdict import verdict


def position(timeline: Timeline, sign: str | None) -> str:
    """Return where the cursor is: `step k of n`, and what that step is to a finding."""
    text = f"step {timeline.cursor} of {len(timeline.steps)}"
    if sign is None:
        return text
    return f"{'EXACT STEP' if sign == 'EXACT' else sign}, {text}"


@attrs.frozen
class Subject:
    """What is run: the scenario, its title, and the policy."""

    scenario: str
    title: str
    policy: str


def title_row(timeline: Timeline, subject: Subject, sign: str | None, width: int) -> Row:
    """Return what is run at the left, its title if there is room, the position at the right.

    `sign` is what the step at hand is to a finding.
    """
    where = f"{position(timeline, sign)} "
    tone = Tone.STRONG if sign is None else Tone.SKIPPED if sign == "CAUSE" else Tone.STALE
    room = max(width - len(where), 0)
    left = f" {subject.scenario} under {subject.policy}"
    left = left if len(left) < room else fitted(left, room - 1)
    title = f": {subject.title}"
    title = title if len(left) + len(title) < room else ""
    return Row(
        (
            Cell(left, Tone.STRONG),
            Cell(fitted(title, max(room - len(left), 0))),
            Cell(fitted(where, width - room), tone),
        )
    )


def verdict_rows(timeline: Timeline, width: int, most: int) -> Rows:
    """Return the verdict over the whole run, on as many rows as it needs, but `most` at most."""
    tone = Tone.STALE if timeline.findings else Tone.GOOD
    text, room = verdict(timeline), max(width - 2, 10)
    if most == 1 and len(text) > room:
        text = text.replace("step ", "")
    lines = wrap(text, room, max_lines=most, placeholder=" …")
    return tuple(Row((Cell(fitted(f" {line}", width), tone, asks="finding 1"),)) for line in lines)


def happened(timeline: Timeline) -> str:
    """Return what the step at the cursor did, or how to begin."""
    step = timeline.step
    if step is not None:
        return sentence(step)
    if not timeline.steps:
        return "The schedule of this scenario has no step that can happen."
    if not timeline.findings:
        return "The start: nothing has happened yet. Right steps forward, left back, ? explains."
    return (
        "The start: nothing has happened yet. Right steps forward, left back; x goes to the "
        "exact step, ? explains."
    )
