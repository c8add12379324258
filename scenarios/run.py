"""A run: a timeline, what is said on it, and what it is a run of."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

import attrs

from engine.timeline import Timeline
from scenarios.case import Case, Subject
from scenarios.schedule import Played, Skipped, play

Notes: TypeAlias = Mapping[int, tuple[str, ...]]
"""The scenario's remarks by step, in order; a step with none ends those before it."""

NO_NOTES: Final[Notes] = MappingProxyType({})


@attrs.frozen(eq=False)
class Run:
    """A timeline, what is said on it, and what it is a run of."""

    timeline: Timeline
    subject: Subject
    notes: Notes = attrs.field(repr=False)
    skipped: tuple[Skipped, ...] = ()
    """The entries of the scenario's own schedule that were passed over."""


def note_at(notes: Notes, step: int) -> str:
    """Return the latest note at a step or before, on one line; empty where there is none."""
    last = max((at for at in notes if at <= step), default=None)
    return "" if last is None else new_note_at(notes, last)


def new_note_at(notes: Notes, step: int) -> str:
    """Return the note of a step itself, on one line; empty where there is none."""
    return " ".join(word for text in notes.get(step, ()) for word in text.split())


def notes_up_to(notes: Notes, step: int) -> Notes:
    """Return the notes of a run that goes another way after a step."""
    return {**{at: texts for at, texts in notes.items() if at <= step}, step + 1: ()}


def played_run(case: Case) -> Run:
    """Return the run of a scenario's own schedule, with its notes and the cursor at step 0.

    Raises:
        ScheduleError: the schedule does not end.
    """
    return run_of(case, play(case.machine, case.scenario.schedule))


def run_of(case: Case, played: Played) -> Run:
    """Return what has been played of a scenario's own schedule, with its notes."""
    notes = played.notes(case.scenario.notes)
    return Run(played.timeline, case.subject, notes, played.skipped)
