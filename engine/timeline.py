"""The timeline: the steps of one run and a cursor; every state is kept, so rewinding is looking.

A recording is a run while it goes on, before it is a timeline.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import attrs

from engine.diagnosis import findings_of
from engine.findings import Finding, Verdict
from engine.judge import Ghost, observe
from engine.machine.events import Event
from engine.machine.state import Machine
from engine.stuck import Watchman, in_kvm
from engine.transition import Step, movers, take


@attrs.frozen(eq=False)
class Timeline:
    """A judged run; the cursor is at step 0 before the first step, at step k after the k-th.

    Two timelines are compared by what they hold, not by `==`: they can be long.
    """

    initial: Machine = attrs.field(repr=False)
    steps: tuple[Step, ...] = attrs.field(repr=False)
    ghosts: tuple[Ghost, ...] = attrs.field(repr=False)
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
        recording = Recording(self)
        for event in events:
            recording.take(event)
        return recording.timeline()

    @property
    def machine(self) -> Machine:
        """The state at the cursor."""
        return self.machine_at(self.cursor)

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

    @property
    def verdict(self) -> Verdict:
        """What this one run is found to be, wherever the cursor is.

        A run in which nothing is found is safe once it is complete: before that, it is open what
        those who can still move, or are in KVM, will come to. If the policy was not judged as a
        whole, it stays open what the rest of it would have done.
        """
        if self.findings:
            return Verdict.UNSAFE
        gap = self.initial.setup.policy.coverage.gap
        end = self.machine_at(len(self.steps))
        is_open = gap is not None or movers(end) or in_kvm(end)
        return Verdict.UNDETERMINED if is_open else Verdict.SAFE

    def machine_at(self, step: int) -> Machine:
        """Return the state after a step, 0 for the start."""
        return self.steps[step - 1].after if step else self.initial

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


class Recording:
    """A run that goes on: each step that is taken is judged at once, and taken only once."""

    def __init__(self, begun: Timeline) -> None:
        """Go on from the cursor of a run, instead of what comes after it there."""
        self.machine = begun.machine
        """The state after the last step."""
        self._initial = begun.initial
        self._steps = list(begun.steps[: begun.cursor])
        self._ghosts = list(begun.ghosts[: begun.cursor + 1])
        self._findings = [each for each in begun.findings if each.step <= begun.cursor]
        self._watchman = Watchman()

    def __len__(self) -> int:
        """Return how many steps the run has by now."""
        return len(self._steps)

    def take(self, event: Event) -> Step:
        """Take the step that `event` makes, and judge it.

        Raises:
            NotEnabledError: the event cannot happen now.
        """
        step = take(self.machine, event)
        ghost, stale = observe(self._ghosts[-1], step.effects)
        self._steps.append(step)
        self._ghosts.append(ghost)
        self._findings.extend(
            findings_of(self._steps, self._ghosts, stale, self._findings, self._watchman)
        )
        self.machine = step.after
        return step

    def timeline(self) -> Timeline:
        """Return the run as far as it has come, with the cursor after its last step."""
        return Timeline(
            self._initial,
            tuple(self._steps),
            tuple(self._ghosts),
            tuple(self._findings),
            cursor=len(self._steps),
        )
