"""What stands above the panels: what is run, where in it the cursor is, what just happened."""

from __future__ import annotations

from engine.timeline import Timeline
from scenarios.case import Subject
from tui.presenters.cells import Cell, Row, Rows, Tone, fitted, wrapped
from tui.presenters.key_names import KeyNames
from tui.presenters.steps.sentence import sentence, sentence_lines
from tui.presenters.verdict import verdict_tone, verdicts


def position(timeline: Timeline, sign: str | None) -> str:
    """Return where the cursor is: `step k of n`, and what that step is to a finding."""
    text = f"step {timeline.cursor} of {len(timeline.steps)}"
    if sign is None:
        return text
    return f"{'EXACT STEP' if sign == 'EXACT' else sign}, {text}"


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
    tone = verdict_tone(timeline)
    forms = verdicts(timeline)
    lines = next(
        (lines for form in forms if len(lines := wrapped(form, width - 2)) <= most),
        wrapped(forms[-1], width - 2, most),
    )
    return tuple(Row((Cell(fitted(f" {line}", width), tone, asks="finding 1"),)) for line in lines)


def happened(timeline: Timeline, keys: KeyNames) -> str:
    """Return what the step at the cursor did, or how to begin."""
    step = timeline.step
    if step is not None:
        return sentence(step)
    if not timeline.steps:
        return "The schedule of this scenario has no step that can happen."
    return f"The start: nothing has happened yet. {keys.fill(_begin(timeline, keys))}"


def happened_lines(timeline: Timeline, keys: KeyNames, width: int, most: int) -> tuple[str, ...]:
    """Return the same on `most` lines at most, brief where else it would not fit."""
    if timeline.step is None:
        return wrapped(happened(timeline, keys), width, most)
    return sentence_lines(timeline.step, width, most)


def _begin(timeline: Timeline, keys: KeyNames) -> str:
    if "next-note" in keys:
        return "{next-note} turns the page, {step} steps forward, {back} back, {help} explains."
    if not timeline.findings:
        return "{step} steps forward, {back} back, {help} explains."
    return "{step} steps forward, {back} back; {exact} goes to the exact step, {help} explains."
