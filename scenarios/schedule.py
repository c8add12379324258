"""A schedule played: the timeline it makes, and the entries that had to be passed over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import attrs

from engine.machine.effects import FaultTaken
from engine.machine.events import Event, LineEvicted, LineFilled
from engine.machine.state import VMM, Actor, Machine, Power, actor_name
from engine.timeline import Timeline
from engine.transition import Step, actor_event, is_enabled, take
from scenarios.moves import MOST_STEPS, Entry, Finish, Instruction, Move, Reach, Steps
from scenarios.scenario import Note

MOST_STEPS_IN_ALL: Final = 100_000


@attrs.frozen
class ScheduleError(Exception):
    """A schedule that does not end: an entry, counted from 1, goes on and on."""

    entry: int
    text: str
    limit: int

    def __str__(self) -> str:
        """Return the error as one line."""
        return (
            f"schedule[{self.entry - 1}]: found more than {self.limit} steps "
            f"at {self.text!r}; expected an entry that ends"
        )


@attrs.frozen
class Skipped:
    """An entry, counted from 1, that could not be done, or not to its end, and why."""

    entry: int
    text: str
    why: str


@attrs.frozen(eq=False)
class Played:
    """A schedule's run; `timeline` has its cursor at step 0."""

    timeline: Timeline
    skipped: tuple[Skipped, ...]
    first_steps: tuple[int | None, ...]
    """Per entry: the number of its first step, None where it had none."""

    def notes(self, notes: Iterable[Note]) -> dict[int, tuple[str, ...]]:
        """Return the notes by the step they stand at, in order of the steps."""
        found: dict[int, tuple[str, ...]] = {}
        for note in notes:
            step = self.first_steps[note.entry - 1]
            if step is not None:
                found[step] = (*found.get(step, ()), note.text)
        return dict(sorted(found.items()))


def play(machine: Machine, schedule: Sequence[Entry]) -> Played:
    """Play a schedule from `machine` on.

    What cannot happen when its turn comes, because another policy made things different, is
    passed over.

    Raises:
        ScheduleError: an entry goes on for more than `MOST_STEPS` steps.
    """
    events: list[Event] = []
    skipped: list[Skipped] = []
    first_steps: list[int | None] = []
    here = machine
    for number, entry in enumerate(schedule, 1):
        player = _Player(here, number, entry)
        why = player.perform()
        if why is not None:
            skipped.append(Skipped(number, entry.text, why))
        first_steps.append(len(events) + 1 if player.events else None)
        events.extend(player.events)
        here = player.machine
        if len(events) > MOST_STEPS_IN_ALL:
            raise ScheduleError(number, entry.text, MOST_STEPS_IN_ALL)
    return Played(Timeline.replay(machine, events), tuple(skipped), tuple(first_steps))


class _Player:
    """Performs one entry, counting its steps."""

    def __init__(self, machine: Machine, number: int, entry: Entry) -> None:
        self.machine = machine
        self.events: list[Event] = []
        self._number = number
        self._entry = entry

    def perform(self) -> str | None:
        """Do the entry as often as it says; return why it could not be done, if so."""
        times = self._entry.times
        for time in range(1, times + 1):
            why = self._do(self._entry.move)
            if why is not None:
                return why if times == 1 else f"{why} (time {time} of {times})"
        return None

    def _do(self, move: Move) -> str | None:
        match move:
            case LineFilled() | LineEvicted():
                return self._happen(move)
            case Instruction(actor):
                return None if self._instruction(actor) else self._why_not(actor)
            case Steps(actor, count):
                return self._steps(actor, count)
            case Reach(actor, label, pc):
                return self._reach(actor, label, pc)
            case Finish(actor):
                return None if self._finish(actor) else self._why_not(actor)

    def _happen(self, event: LineFilled | LineEvicted) -> str | None:
        if is_enabled(self.machine, event):
            self._take(event)
            return None
        return _hardware_cannot(self.machine, event)

    def _instruction(self, actor: Actor) -> bool:
        """Do an instruction, again after a stage-2 fault, until KVM has nothing left to do."""
        moved = False
        while (event := actor_event(self.machine, actor)) is not None:
            moved = True
            step = self._take(event)
            faulted = any(isinstance(effect, FaultTaken) for effect in step.effects)
            while self.machine.stack(actor):
                event = actor_event(self.machine, actor)
                if event is None:
                    return moved
                self._take(event)
            if not faulted:
                return moved
        return moved

    def _steps(self, actor: Actor, count: int) -> str | None:
        for done in range(count):
            event = actor_event(self.machine, actor)
            if event is None:
                return f"{self._why_not(actor)} after {done} of {count} steps"
            self._take(event)
        return None

    def _reach(self, actor: Actor, label: str, pc: int) -> str | None:
        while self.machine.stack(actor) or _pc(self.machine, actor) != pc:
            if not self._instruction(actor):
                return f"{self._why_not(actor)} before {label}"
        return None

    def _finish(self, actor: Actor) -> bool:
        while (event := actor_event(self.machine, actor)) is not None:
            self._take(event)
        return bool(self.events)

    def _take(self, event: Event) -> Step:
        if len(self.events) == MOST_STEPS:
            raise ScheduleError(self._number, self._entry.text, MOST_STEPS)
        step = take(self.machine, event)
        self.machine = step.after
        self.events.append(event)
        return step

    def _why_not(self, actor: Actor) -> str:
        return _actor_cannot(self.machine, actor)


def _pc(machine: Machine, actor: Actor) -> int:
    return machine.vmm.core.pc if actor == VMM else machine.vcpus[actor].core.pc


def _actor_cannot(machine: Machine, actor: Actor) -> str:
    """Return why an actor cannot move."""
    name = actor_name(actor)
    if actor != VMM and machine.vcpus[actor].power is Power.OFF:
        return f"{name} is powered off"
    if machine.stack(actor):
        return f"{name} waits in KVM"
    if (machine.vmm.fault if actor == VMM else machine.vcpus[actor].fault) is not None:
        return f"{name} stopped at an access that hit no word"
    program = machine.setup.vmm if actor == VMM else machine.setup.programs[actor]
    if program is None or _pc(machine, actor) >= len(program.instructions):
        return f"{name} is at the end of its program"
    return f"{name} waits at {program.instructions[_pc(machine, actor)].text!r}"


def _hardware_cannot(machine: Machine, event: LineFilled | LineEvicted) -> str:
    """Return why a fill or an eviction cannot happen."""
    name = machine.setup.layout.line_name(event.line)
    match event:
        case LineFilled():
            if not machine.setup.hardware.fills:
                return "the hardware makes no speculative fills"
            return f"the line of {name} is in a cache already"
        case LineEvicted(_, pcpu):
            if not machine.setup.hardware.evictions:
                return "the hardware makes no evictions"
            holder = "no cache has" if pcpu is None else f"pcpu{pcpu} does not have"
            return f"{holder} the line of {name}"
