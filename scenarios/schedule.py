"""A schedule played: the timeline it makes, and the entries that had to be passed over."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from typing import Final, TypeAlias, TypeVar

import attrs

from engine.arm.program import Program
from engine.machine.actors import VMM, Actor, actor_name
from engine.machine.effects import FaultTaken
from engine.machine.events import ActorChooses, Event, GuestExecutes, event_name
from engine.machine.hardware import HardwareEvent
from engine.machine.state import Machine, Power
from engine.options import next_choice
from engine.timeline import Recording, Timeline
from engine.transition import Step, actor_event, actor_events, is_enabled
from scenarios.scenario import Note
from scenarios.schedule_entries import (
    MOST_STEPS,
    Finish,
    NextInstruction,
    Reach,
    ScheduleEntry,
    ScheduleMove,
    Steps,
)

MOST_STEPS_IN_ALL: Final = 100_000

_T = TypeVar("_T")
_Doing: TypeAlias = Generator[Step, None, _T]
"""Yields the steps that it takes, and comes to a result."""


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


def play(machine: Machine, schedule: Sequence[ScheduleEntry]) -> Played:
    """Play a schedule from `machine` on.

    What cannot happen when its turn comes, because another policy made things different, is
    passed over.

    Raises:
        ScheduleError: an entry goes on for more than `MOST_STEPS` steps.
    """
    playing = Playing(machine, schedule)
    while not playing.done:
        playing.advance(MOST_STEPS_IN_ALL)
    return playing.played


class Playing:
    """A schedule that is played piece by piece."""

    def __init__(self, machine: Machine, schedule: Sequence[ScheduleEntry]) -> None:
        """Be about to play a schedule from `machine` on."""
        self.done = False
        """Nothing is left to play."""
        self._recording = Recording(Timeline.start(machine))
        self._skipped: list[Skipped] = []
        self._begins: list[int] = []
        """Per entry that has begun: how many steps there were before."""
        self._schedule = schedule
        self._steps = self._play()

    def __len__(self) -> int:
        """Return how many steps have been played so far."""
        return len(self._recording)

    @property
    def played(self) -> Played:
        """The run so far; an entry that is still to come has no first step."""
        ends = (*self._begins[1:], len(self._recording))
        first_steps = [
            begin + 1 if begin < end else None
            for begin, end in zip(self._begins, ends, strict=False)
        ]
        to_come = len(self._schedule) - len(first_steps)
        return Played(
            self._recording.timeline().seek(0),
            tuple(self._skipped),
            (*first_steps, *(None for _ in range(to_come))),
        )

    def advance(self, steps: int) -> None:
        """Take so many further steps, or those that are left; it may stop amid an entry.

        Raises:
            ScheduleError: an entry goes on for more than `MOST_STEPS` steps; what was played
                before stays.
        """
        for _ in range(steps):
            if next(self._steps, None) is None:
                self.done = True
                return

    def _play(self) -> Iterator[Step]:
        for number, entry in enumerate(self._schedule, 1):
            self._begins.append(len(self._recording))
            why = yield from _Player(self._recording, number, entry).perform()
            if why is not None:
                self._skipped.append(Skipped(number, entry.text, why))
            if len(self._recording) > MOST_STEPS_IN_ALL:
                raise ScheduleError(number, entry.text, MOST_STEPS_IN_ALL)


class _Player:
    """Performs one entry, counting its steps, each of which is yielded once it is taken."""

    def __init__(self, recording: Recording, number: int, entry: ScheduleEntry) -> None:
        self._recording = recording
        self._begin = len(recording)
        self._number = number
        self._entry = entry

    def perform(self) -> _Doing[str | None]:
        """Do the entry as often as it says; return why it could not be done, if so."""
        times = self._entry.times
        for time in range(1, times + 1):
            why = yield from self._do(self._entry.move)
            if why is not None:
                return why if times == 1 else f"{why} (time {time} of {times})"
        return None

    def _do(self, move: ScheduleMove) -> _Doing[str | None]:
        match move:
            case HardwareEvent():
                return (yield from self._happen(move))
            case ActorChooses() | GuestExecutes():
                return (yield from self._choose(move))
            case NextInstruction(actor):
                moved = yield from self._instruction(actor)
                return None if moved else self._why_not(actor)
            case Steps(actor, count):
                return (yield from self._steps(actor, count))
            case Reach(actor, label, pc):
                return (yield from self._reach(actor, label, pc))
            case Finish(actor):
                return (yield from self._finish(actor))

    def _happen(self, event: HardwareEvent) -> _Doing[str | None]:
        if is_enabled(self._machine, event):
            yield from self._take(event)
            return None
        return event.why_not(self._machine)

    def _choose(self, event: ActorChooses | GuestExecutes) -> _Doing[str | None]:
        if is_enabled(self._machine, event):
            yield from self._take(event)
            return None
        return why_not_chosen(self._machine, event)

    def _instruction(self, actor: Actor) -> _Doing[bool]:
        """Do an instruction, again after a stage-2 fault, until KVM has nothing left to do.

        Both accesses of a pair are one instruction.
        """
        moved = False
        while (event := actor_event(self._machine, actor)) is not None:
            moved = True
            step = yield from self._take(event)
            faulted = any(isinstance(effect, FaultTaken) for effect in step.effects)
            while self._machine.stack(actor):
                event = actor_event(self._machine, actor)
                if event is None:
                    return moved
                yield from self._take(event)
            if not faulted and not _is_amid(self._machine, actor):
                return moved
        return moved

    def _steps(self, actor: Actor, count: int) -> _Doing[str | None]:
        for done in range(count):
            event = actor_event(self._machine, actor)
            if event is None:
                return f"{self._why_not(actor)} after {done} of {count} steps"
            yield from self._take(event)
        return None

    def _reach(self, actor: Actor, label: str, pc: int) -> _Doing[str | None]:
        while self._machine.stack(actor) or _pc(self._machine, actor) != pc:
            if not (yield from self._instruction(actor)):
                return f"{self._why_not(actor)} before {label}"
        return None

    def _finish(self, actor: Actor) -> _Doing[str | None]:
        while (event := actor_event(self._machine, actor)) is not None:
            yield from self._take(event)
        if len(self._recording) > self._begin and not actor_events(self._machine, actor):
            return None
        return self._why_not(actor)

    def _take(self, event: Event) -> _Doing[Step]:
        if len(self._recording) - self._begin == MOST_STEPS:
            raise ScheduleError(self._number, self._entry.text, MOST_STEPS)
        step = self._recording.take(event)
        yield step
        return step

    @property
    def _machine(self) -> Machine:
        return self._recording.machine

    def _why_not(self, actor: Actor) -> str:
        return why_actor_cannot(self._machine, actor)


def _pc(machine: Machine, actor: Actor) -> int:
    return machine.vmm.core.pc if actor == VMM else machine.vcpus[actor].core.pc


def _program(machine: Machine, actor: Actor) -> Program | None:
    return machine.setup.vmm if actor == VMM else machine.setup.programs[actor]


def _is_amid(machine: Machine, actor: Actor) -> bool:
    """Say whether what an actor does next is the second access of a pair."""
    program = _program(machine, actor)
    pc = _pc(machine, actor)
    if program is None or pc >= len(program.instructions):
        return False
    return program.instructions[pc].follows


def why_actor_cannot(machine: Machine, actor: Actor) -> str:
    """Return why an actor cannot move, or not without a choice."""
    name = actor_name(actor)
    if events := actor_events(machine, actor):
        named = " or ".join(repr(event_name(machine, each)) for each in events)
        return f"{name} has to choose: {named}"
    if actor != VMM and machine.vcpus[actor].power is Power.OFF:
        return f"{name} is powered off"
    if machine.stack(actor):
        return f"{name} waits in KVM"
    if (machine.vmm.fault if actor == VMM else machine.vcpus[actor].fault) is not None:
        return f"{name} stopped at an access that hit no word"
    program = _program(machine, actor)
    if program is None or _pc(machine, actor) >= len(program.instructions):
        return f"{name} is at the end of its program"
    return f"{name} waits at {program.instructions[_pc(machine, actor)].text!r}"


def why_not_chosen(machine: Machine, event: ActorChooses | GuestExecutes) -> str:
    """Return why an actor cannot make a choice, or a load of its go one of two ways."""
    actor = event.actor if isinstance(event, ActorChooses) else event.vcpu
    events = actor_events(machine, actor)
    if not events:
        return why_actor_cannot(machine, actor)
    if isinstance(event, GuestExecutes):
        return f"{actor_name(actor)} is at no load that may hit a cached copy, or go around it"
    if machine.stack(actor):
        return f"{actor_name(actor)} is in KVM, not at a choice"
    program = _program(machine, actor)
    if program is not None and next_choice(machine, actor) is None:
        text = program.instructions[_pc(machine, actor)].text
        return f"{actor_name(actor)} is at {text!r}, not at a choice"
    return why_actor_cannot(machine, actor)
