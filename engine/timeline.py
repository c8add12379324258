"""The timeline: the steps of one run and a cursor; every state is kept, so rewinding is looking."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import attrs

from engine.diagnosis import findings_of
from engine.findings import Finding
from engine.judge import Ghost, observe
from engine.machine.events import Event
from engine.machine.state import Machine
from engine.transition import Step, take


@attrs.frozen(eq=False)
class Timeline:
    """A judged run; the cursor is at step 0 before the first step, at step k after the k-th.

    Two timelines are compared by what they hold, not by `==`: they can be long.
    """

    initial: Machine
    steps: tuple[Step, ...]
    ghosts: tuple[Ghost, ...]
    """The judge's state before the first step and after each."""
    findings: tuple[Finding, ...]
    cursor: int = 0

    @classmethod
    def start(cls, initial: Machine) -> Timeline:
        """Return the timeline that has only its initial state."""
        return cls(initial, (), (Ghost.initial(initial),), ())

    @classmethod
    def replay(cls, initial: Machine, events: Iterable[Event]) -> Timeline:
        """Return the timeline of these events, with the cursor at step 0.

        Raises:
            NotEnabledError: an event cannot happen when its turn comes.
        """
        return cls.start(initial).extend(events).seek(0)

    def extend(self, events: Iterable[Event]) -> Timeline:
        """Return the timeline with these events after the cursor instead of what was there.

        The cursor ends up after the last of them.

        Raises:
            NotEnabledError: an event cannot happen when its turn comes.
        """
        steps = list(self.steps[: self.cursor])
        ghosts = list(self.ghosts[: self.cursor + 1])
        findings = [finding for finding in self.findings if finding.step <= self.cursor]
        machine = self.machine
        for event in events:
            step = take(machine, event)
            ghost, stale = observe(ghosts[-1], step.effects)
            steps.append(step)
            ghosts.append(ghost)
            findings.extend(findings_of(steps, ghosts, stale))
            machine = step.after
        return Timeline(self.initial, tuple(steps), tuple(ghosts), tuple(findings), len(steps))

    @property
    def machine(self) -> Machine:
        """The state at the cursor."""
        return self.steps[self.cursor - 1].after if self.cursor else self.initial

    @property
    def ghost(self) -> Ghost:
        """The judge's state at the cursor."""
        return self.ghosts[self.cursor]

    @property
    def step(self) -> Step | None:
        """The step that led to the cursor, None at the start."""
        return self.steps[self.cursor - 1] if self.cursor else None

    @property
    def events(self) -> tuple[Event, ...]:
        """The choices that make up this run: replaying them makes it again."""
        return tuple(step.event for step in self.steps)

    def seek(self, step: int) -> Timeline:
        """Return the timeline with its cursor at `step`, or at the nearest end."""
        return attrs.evolve(self, cursor=max(0, min(step, len(self.steps))))

    def next(self, wanted: Callable[[Step], bool]) -> Timeline | None:
        """Return the timeline at the next step that is `wanted`, or None if there is none."""
        return self._first(range(self.cursor + 1, len(self.steps) + 1), wanted)

    def previous(self, wanted: Callable[[Step], bool]) -> Timeline | None:
        """Return the timeline at the last step before the cursor that is `wanted`, or None."""
        return self._first(range(self.cursor - 1, 0, -1), wanted)

    def _first(self, numbers: Iterable[int], wanted: Callable[[Step], bool]) -> Timeline | None:
        found = next((number for number in numbers if wanted(self.steps[number - 1])), None)
        return None if found is None else self.seek(found)
