"""The hunks of one file put into that file: all of them, or none."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from scenarios.sources.patch.apply import MAX_FUZZ, Applied, Ground, Misfit, apply_hunk
from scenarios.sources.patch.diff import Hunk
from scenarios.sources.patch.function_heading import headings_above
from scenarios.sources.source_text import SourceLine


@attrs.frozen
class Patched:
    """A file after its hunks, and how they were made to fit."""

    lines: tuple[SourceLine, ...]
    notes: tuple[str, ...]


@attrs.frozen
class Refused:
    """The hunk of a file that does not fit, and why."""

    hunk: Hunk
    misfit: Misfit


def patch_file(hunks: Sequence[Hunk], lines: Sequence[SourceLine]) -> Patched | Refused:
    """Apply the hunks of a file, each below the one before it and below what its heading names.

    A hunk that begins above the one before it is another patch's, on top of the former.
    """
    ground = Ground(tuple(lines), above="")
    notes: list[str] = []
    for before, hunk in zip((None, *hunks), hunks, strict=False):
        if before is not None and 0 < hunk.source_start < before.source_start:
            ground = Ground(ground.lines, above="")
        outcome = apply_hunk(hunk, ground, max_fuzz=MAX_FUZZ)
        if isinstance(outcome, Applied):
            notes.extend(f"{hunk.place}: {note}" for note in outcome.notes)
            ground = _below(ground, outcome)
        elif hunk.changes_code:
            return Refused(hunk, outcome)
        else:
            notes.append(f"{hunk.place}: changes comments only")
    kept = next((line for line in ground.lines if line.text.strip()), None)
    if hunks[-1].removes and kept is not None:
        why = f"it removes the file, and the base has more in it: {kept.text.strip()[:80]!r}"
        return Refused(hunks[-1], Misfit(hunks[-1].lines[0], why))
    return Patched(ground.lines, tuple(notes))


def _below(ground: Ground, applied: Applied) -> Ground:
    """Return the text below a hunk: a later hunk's heading is a line from before the patch."""
    above = headings_above(ground.lines, applied.old_end, ground.after, ground.above or "")[-1]
    shift = ground.shift + len(applied.lines) - len(ground.lines)
    return Ground(applied.lines, applied.end, shift, above)
