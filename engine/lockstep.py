"""Two runs beside each other: one that drives another machine, or two from the same start."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Callable
from operator import itemgetter
from typing import Final

import attrs

from engine.alignment import AlignedSteps, aligned_in_kvm, stretches
from engine.arm.core import Core
from engine.machine.actors import VMM, Actor
from engine.machine.effects import FaultTaken
from engine.machine.events import ActorChooses, Event, GuestExecutes, KvmExecutes, VmmExecutes
from engine.machine.hardware import HardwareEvent
from engine.machine.state import Machine
from engine.timeline import Recording, Timeline
from engine.transition import Step, actor_event, actor_events, is_enabled

MOST_ALONE: Final = 10_000
"""How many steps right takes alone for an actor, from one instruction of left's to the next."""

MOST_ALONE_IN_ALL: Final = 100_000
"""How many it takes alone in a whole run."""

REPORT_EVERY: Final = 500
"""Rows between two calls of a progress callback."""


@attrs.frozen(eq=False)
class Lockstep:
    """Two whole runs and what of them stands side by side; their cursors are at step 0."""

    left: Timeline
    right: Timeline
    rows: tuple[AlignedSteps, ...] = attrs.field(repr=False)
    """From row to row at least one side advances, by one step; the first row is (0, 0)."""

    def row_of_left(self, step: int) -> int:
        """Return the first row at which left has reached a step."""
        return bisect_left(self.rows, step, key=itemgetter(0))

    def row_of_right(self, step: int) -> int:
        """Return the first row at which right has reached a step."""
        return bisect_left(self.rows, step, key=itemgetter(1))


class DrivingCancelledError(Exception):
    """Whoever was told how far it is wanted it to end."""


def driven(
    left: Timeline, machine: Machine, progress: Callable[[int], bool] | None = None
) -> Lockstep:
    """Let a run drive another machine: the same scenario's with another policy in its KVM.

    The other machine, right, does what left does, if it can: the hardware's event, the actor's
    next instruction or the same choice, KVM's next step for the actor. What it executes is its own:
    a guest that read another value goes its own way, at the pace of left's, but chooses nothing
    that left does not choose. Both are in the same row then; so
    are steps of KVM's that do the same, although more or fewer came before them on one side.

    Right takes steps alone
    - to the end of an exit that left's actor has left, or never made: its KVM has more to do;
    - for an instruction that it owes: right was in KVM still, or waited for somebody who was,
      when left executed it, or it took a stage-2 fault there and left did not. It is executed as
      soon as right can, those of all actors in the order in which left executed them.
    It takes no more than `MOST_ALONE` of them for an actor up to left's next instruction of the
    actor, and no more than `MOST_ALONE_IN_ALL`: a policy may loop for long. Where it waits for a
    lock it stays, and goes on alone once it can.

    Left advances alone where right cannot do the same: its KVM has finished, it did not trap, the
    vCPU is off, waits, or is at the end of its program. If KVM holds up nobody, that is the
    guest's own doing, and nothing is owed. Left also executes alone what right is ahead by: an
    instruction that faulted in left and not in right, once more after the fault.

    `progress` is called now and then with how many of left's steps right has followed.

    Raises:
        CancelledError: it returned False.
    """
    right = _Driven(machine, progress)
    for step in left.steps:
        right.follow(step)
    other = right.timeline
    rows = aligned_in_kvm(right.rows, left.steps, other.steps)
    return Lockstep(left.seek(0), other, tuple(rows))


def aligned(left: Timeline, right: Timeline) -> Lockstep:
    """Put two runs from the same start beside each other.

    They go in step as far as they have the same events, and then where events are equal, with
    what is between them side by side. Long ones go side by side as soon as they part.
    """
    ours, theirs = left.events, right.events
    shared = next(
        (at for at, (one, two) in enumerate(zip(ours, theirs, strict=False)) if one != two),
        min(len(ours), len(theirs)),
    )
    rows = [(at, at) for at in range(shared + 1)]
    for _, (left_at, left_end), (right_at, right_end) in stretches(ours[shared:], theirs[shared:]):
        for taken in range(1, max(left_end - left_at, right_end - right_at) + 1):
            ahead = min(left_at + taken, left_end), min(right_at + taken, right_end)
            rows.append((shared + ahead[0], shared + ahead[1]))
    return Lockstep(left.seek(0), right.seek(0), tuple(rows))


class _Driven:
    """A machine that follows the steps of another run."""

    def __init__(self, machine: Machine, progress: Callable[[int], bool] | None) -> None:
        self.rows: list[AlignedSteps] = [(0, 0)]
        self._progress = progress
        self._recording = Recording(Timeline.start(machine))
        self._actors: tuple[Actor, ...] = (*range(len(machine.vcpus)), VMM)
        self._owed: dict[Actor, deque[tuple[int, Event]]] = {
            actor: deque() for actor in self._actors
        }
        """The steps of left whose instructions are still to be executed, and its events there."""
        self._ahead: dict[Actor, Core] = {}
        """Who faulted in left, and with which registers, at an instruction executed here."""
        self._alone = dict.fromkeys(self._actors, 0)
        self._alone_in_all = 0

    @property
    def timeline(self) -> Timeline:
        """The run so far, with its cursor at step 0."""
        return self._recording.timeline().seek(0)

    def follow(self, step: Step) -> None:
        """Do what left does in its next step, if that can be done here, and catch up."""
        match step.event:
            case GuestExecutes(actor):
                self._instruct(step, actor)
            case VmmExecutes():
                self._instruct(step, VMM)
            case ActorChooses(actor):
                self._instruct(step, actor)
            case KvmExecutes() | HardwareEvent():
                self._advance(step.event)
        self._catch_up(step.after)

    def _instruct(self, step: Step, actor: Actor) -> None:
        spent = self._alone[actor] == MOST_ALONE
        self._alone[actor] = 0
        if spent:
            self._catch_up(step.before)
        core = _core(step.before, actor)
        again = self._ahead.pop(actor, None) == core
        waits = again or self._owed[actor]
        taken = self._advance(None if waits else self._counterpart(actor, step.event))
        there, here = _completes(step), again or (taken is not None and _completes(taken))
        if here and not there:
            self._ahead[actor] = core
        elif there and not here:
            self._owed[actor].append((self.rows[-1][0], step.event))

    def _advance(self, event: Event | None) -> Step | None:
        """Advance left, and right by the same event if it is one that can happen here."""
        if event is None or not is_enabled(self._machine, event):
            self._reach(left=1, right=0)
            return None
        step = self._recording.take(event)
        self._reach(left=1, right=1)
        return step

    def _catch_up(self, left: Machine) -> None:
        while (actor := self._behind(left)) is not None:
            self._advance_alone(actor)
        if not any(self._machine.stack(actor) for actor in self._actors):
            for actor, owed in self._owed.items():
                if owed and not self._can_move(actor):
                    owed.clear()

    def _behind(self, left: Machine) -> Actor | None:
        """Return who goes on alone next: one whose exit is to be finished, or who owes."""
        kept = [actor for actor in self._actors if self._is_kept(actor, left)]
        owing = [
            actor for actor, owed in self._owed.items() if owed and not self._machine.stack(actor)
        ]
        owing.sort(key=lambda actor: self._owed[actor][0])
        return next((actor for actor in (*kept, *owing) if self._may_move(actor)), None)

    def _is_kept(self, actor: Actor, left: Machine) -> bool:
        """Say whether KVM is at work for an actor that has left KVM in the other run."""
        return bool(self._machine.stack(actor)) and (
            not left.stack(actor) or bool(self._owed[actor])
        )

    def _may_move(self, actor: Actor) -> bool:
        allowed = self._alone[actor] < MOST_ALONE and self._alone_in_all < MOST_ALONE_IN_ALL
        return allowed and self._can_move(actor)

    def _can_move(self, actor: Actor) -> bool:
        return self._alone_event(actor) is not None

    def _alone_event(self, actor: Actor) -> Event | None:
        """Return what right can do alone for an actor: KVM's next step, or what it owes."""
        if self._machine.stack(actor):
            return actor_event(self._machine, actor)
        return self._counterpart(actor, self._owed[actor][0][1])

    def _counterpart(self, actor: Actor, event: Event) -> Event | None:
        """Return what an actor outside KVM does here for what left did by an event of its own."""
        if self._machine.stack(actor) or is_enabled(self._machine, event):
            return event
        events = actor_events(self._machine, actor)
        if events and isinstance(events[-1], GuestExecutes):
            return events[-1]  # a load that may hit here alone goes around the copy
        return actor_event(self._machine, actor)

    def _advance_alone(self, actor: Actor) -> None:
        event = self._alone_event(actor)
        assert event is not None
        step = self._recording.take(event)
        self._reach(left=0, right=1)
        self._alone[actor] += 1
        self._alone_in_all += 1
        if _completes(step):
            self._owed[actor].popleft()

    def _reach(self, *, left: int, right: int) -> None:
        """Add the row that is so many steps further, and tell how far left is followed."""
        before = self.rows[-1]
        self.rows.append((before[0] + left, before[1] + right))
        if self._progress is None or (len(self.rows) - 1) % REPORT_EVERY:
            return
        if not self._progress(self.rows[-1][0]):
            raise DrivingCancelledError

    @property
    def _machine(self) -> Machine:
        return self._recording.machine


def _core(machine: Machine, actor: Actor) -> Core:
    return machine.vmm.core if actor == VMM else machine.vcpus[actor].core


def _completes(step: Step) -> bool:
    """Say whether an instruction, or a choice, is done in a step and need not be again."""
    return isinstance(step.event, GuestExecutes | VmmExecutes | ActorChooses) and not any(
        isinstance(effect, FaultTaken) for effect in step.effects
    )
