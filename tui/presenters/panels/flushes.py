"""The panel of flushes: each walk that cleaned and invalidated, each flush that was skipped."""

from __future__ import annotations

from textwrap import wrap

import attrs

from engine.machine.actors import Actor, actor_name
from engine.machine.effects import FlushBegun, FlushEnded, FlushSkipped
from engine.machine.state import WalkPurpose
from engine.transition import Step
from tui.presenters.cells import SIGN, Cell, Row, Tone, fitted
from tui.presenters.words import code, counted, in_values, truth, walk_name


@attrs.frozen
class FlushEntry:
    """One flush that was done, or one that was not."""

    step: int
    """The step at which it began, or was decided against."""
    text: str
    tone: Tone
    """Good: done; skipped: while caches were toggled; plain: none was due."""


@attrs.frozen
class FlushLine:
    """One line of an entry; long entries take several."""

    step: int
    text: str
    tone: Tone
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
                entries.append(_decided_against(at, effect))
    return tuple(entries)


def flush_lines(entries: tuple[FlushEntry, ...], width: int) -> tuple[FlushLine, ...]:
    """Return the entries wrapped to `width`, each after the number of its step."""
    size = len(str(entries[-1].step)) if entries else 1
    lines: list[FlushLine] = []
    for entry in entries:
        first, *rest = wrap(entry.text, max(width - size - 2, 10)) or [""]
        lines.append(FlushLine(entry.step, f"{entry.step:>{size}} {first}", entry.tone, True))
        lines.extend(
            FlushLine(entry.step, " " * (size + 1) + more, entry.tone, False) for more in rest
        )
    return tuple(lines)


def flush_row(line: FlushLine, cursor: int, width: int) -> Row:
    """Return a line as a row: faint while its step is still to come, marked when it is at hand."""
    now = line.step == cursor
    tone = Tone.FAINT if line.step > cursor else line.tone
    sign = SIGN if now and line.first else " "
    return Row((Cell(fitted(f"{sign}{line.text}", width), tone, changed=now),), step=line.step)


def _begun(at: int, effect: FlushBegun) -> FlushEntry:
    lines = counted(effect.lines, "line")
    text = f"{actor_name(effect.actor)} {walk_name(effect.purpose)}: {lines} to do"
    return FlushEntry(at, text, Tone.GOOD)


def _done(began: int, ended: int, effect: FlushEnded) -> FlushEntry:
    what = f"{actor_name(effect.actor)} flushed {counted(effect.lines, 'line')}"
    if effect.purpose is not WalkPurpose.FLUSH_VM:
        what = f"{what} in {walk_name(effect.purpose)}"
    text = f"{what}, to step {ended}"
    return FlushEntry(began, text, Tone.GOOD)


def _decided_against(at: int, effect: FlushSkipped) -> FlushEntry:
    told = f"{actor_name(effect.vcpu)} {'SKIPPED' if effect.at_toggle else 'needs none'}"
    if effect.text is None:
        told = f"{told}: no road of this policy flushes"
    else:
        text = code(effect.text)
        values = in_values(effect.text, effect.operands)
        told = f"{told}: {text} is {truth(effect.outcome)}"
        told = told if values == text else f"{told}, {values}"
    return FlushEntry(at, told, Tone.SKIPPED if effect.at_toggle else Tone.PLAIN)
