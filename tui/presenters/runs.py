"""The runs on the screen: the one that is shown, those it replaced, and those it was undone for."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

import attrs

from engine.c.policy import Policy
from engine.explorer.counterexample import Counterexample
from engine.timeline import Timeline
from scenarios.scenario import Scenario
from scenarios.schedule import play
from tui.presenters.heading import Subject

Notes: TypeAlias = Mapping[int, tuple[str, ...]]
"""The scenario's remarks by step, in order; a step with none ends those before it."""

NO_NOTES: Final[Notes] = MappingProxyType({})


@attrs.frozen(eq=False)
class Run:
    """A timeline, what is said on it, and what it is a run of."""

    timeline: Timeline
    subject: Subject
    notes: Notes


@attrs.frozen(eq=False)
class Runs:
    """A run that is shown, and the ways back and forward again."""

    shown: Run
    former: tuple[Run, ...] = ()
    """The last is the one that was shown before."""
    later: tuple[Run, ...] = ()
    """The first is the one that was undone last."""

    def at(self, timeline: Timeline) -> Runs:
        """Return the runs with the cursor of the one shown where `timeline` has it."""
        return attrs.evolve(self, shown=attrs.evolve(self.shown, timeline=timeline))

    def replace(self, run: Run) -> Runs:
        """Return the runs with another one shown."""
        return Runs(run, (*self.former, self.shown))

    def undo(self) -> Runs | None:
        """Return the runs as before the last replacement, None if there was none."""
        if not self.former:
            return None
        return Runs(self.former[-1], self.former[:-1], (self.shown, *self.later))

    def redo(self) -> Runs | None:
        """Return the runs as before the last undo, None if there was none."""
        if not self.later:
            return None
        return Runs(self.later[0], (*self.former, self.shown), self.later[1:])


def note_at(notes: Notes, step: int) -> str:
    """Return the latest note at a step or before, on one line; empty where there is none."""
    last = max((at for at in notes if at <= step), default=None)
    texts = () if last is None else notes[last]
    return " ".join(word for text in texts for word in text.split())


def prepared_run(scenario: Scenario, policy: Policy, timeline: Timeline) -> Run:
    """Return a run that does not follow the scenario's schedule, and so has no notes."""
    return Run(timeline, Subject(scenario.name, scenario.title, policy.name), NO_NOTES)


def played_run(scenario: Scenario, policy: Policy) -> Run:
    """Return the run of a scenario's own schedule, with its notes and the cursor at step 0.

    Raises:
        ScheduleError: the schedule does not end.
    """
    played = play(scenario.machine(policy), scenario.schedule)
    run = prepared_run(scenario, policy, played.timeline)
    return attrs.evolve(run, notes=played.notes(scenario.notes))


def counter_run(run: Run, start: int, counterexample: Counterexample, *, shortest: bool) -> Run:
    """Return a run up to step `start` with a counterexample after it; the cursor is between."""
    timeline = run.timeline.seek(start).extend(counterexample.events).seek(start)
    notes = {step: texts for step, texts in run.notes.items() if step <= start}
    which = f"{'the shortest' if shortest else 'a'} {counterexample.finding.kind.value} run"
    title = f"{which} from {'the start' if start == 0 else f'step {start}'} on"
    return Run(timeline, attrs.evolve(run.subject, title=title), {**notes, start + 1: ()})
