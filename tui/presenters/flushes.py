"""The panel of flushes: each walk that cleaned and invalidated, each flush that was skipped."""

from __future__ import annotations

from textwrap import wrap

import attrs

from engine.machine.effects import FlushBegun, FlushEnded, FlushSkipped
from engine.machine.state import Actor, WalkPurpose, actor_name
from engine.transition import Step
from tui.presenters.policy_source import in_values
from tui.presenters.rows import SIGN, Cell, Row, Tone, fitted
from tui.presenters.words import code, counted, truth, walk_name


@attrs.frozen
class FlushEntry:
    """One flush that was done, or one that was not."""

    step: int
    """The step at which it began or was skipped."""
    text: str
    skipped: bool


@attrs.frozen
class FlushLine:
    """One line of an entry; long entries take several."""

    step: int
    text: str
    skipped: bool
    first: bool


def flush_entries(steps: tuple[Step, ...]) -> tuple[FlushEntry, ...]:
    """Return the flushes of a run, in the order in which they began."""
    entries: list[FlushEntry] = []
    under_way: dict[Actor, int] = {}
    for at, step in enumerate(steps, 1):
        for effect in step.effects:
            if isinstance(effect, FlushBegun):
                under_way[effect.actor] = len(entries)
                entries.append(_begun(at, effect))
            elif isinstance(effect, FlushEnded) and effect.actor in under_way:
                index = under_way.pop(effect.actor)
                entries[index] = _done(entries[index].step, at, effect)
            elif isinstance(effect, FlushSkipped):
                entries.append(_skipped(at, effect))
    return tuple(entries)


def flush_lines(entries: tuple[FlushEntry, ...], width: int) -> tuple[FlushLine, ...]:
    """Return the entries wrapped to `width`, each after the number of its step."""
    size = len(str(entries[-1].step)) if entries else 1
    lines: list[FlushLine] = []
    for entry in entries:
        first, *rest = wrap(entry.text, max(width - size - 2, 10)) or [""]
        lines.append(FlushLine(entry.step, f"{entry.step:>{size}} {first}", entry.skipped, True))
        lines.extend(
            FlushLine(entry.step, " " * (size + 1) + more, entry.skipped, False) for more in rest
        )
    return tuple(lines)


def flush_row(line: FlushLine, cursor: int, width: int) -> Row:
    """Return a line as a row: faint while its step is still to come, marked when it is at hand."""
    now = line.step == cursor
    tone = Tone.SKIPPED if line.skipped else Tone.GOOD
    if line.step > cursor:
        tone = Tone.FAINT
    sign = SIGN if now and line.first else " "
    return Row((Cell(fitted(f"{sign}{line.text}", width), tone, changed=now),), step=line.step)


def _begun(at: int, effect: FlushBegun) -> FlushEntry:
    lines = counted(effect.lines, "line")
    text = f"{actor_name(effect.actor)} {walk_name(effect.purpose)}: {lines} to do"
    return FlushEntry(at, text, skipped=False)


def _done(began: int, ended: int, effect: FlushEnded) -> FlushEntry:
    what = f"{actor_name(effect.actor)} flushed {counted(effect.lines, 'line')}"
    if effect.purpose is not WalkPurpose.FLUSH_VM:
        what = f"{what} in {walk_name(effect.purpose)}"
    text = f"{what}, to step {ended}"
    return FlushEntry(began, text, skipped=False)


def _skipped(at: int, effect: FlushSkipped) -> FlushEntry:
    who = actor_name(effect.vcpu)
    if effect.text is None:
        return FlushEntry(at, f"{who} SKIPPED: no road of this policy flushes", skipped=True)
    text = code(effect.text)
    values = in_values(effect.text, effect.operands)
    told = f"{who} SKIPPED: {text} is {truth(effect.outcome)}"
    return FlushEntry(at, told if values == text else f"{told}, {values}", skipped=True)
