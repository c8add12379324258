"""Stuck: whether an actor that is in KVM can ever come out of it again, whatever anybody does.

That is a question about all that can follow. Here it is asked of one state, by a search from it
that tries the actor itself first and ends at the first run in which it comes out, most often at
once. A choice in a program may be made in any way that lets the actor out. What the course of no
actor depends on is left out: lines, where no program goes by what words hold, and what registers
and auxiliary variables count. The search has a bound, beyond which nothing is known. The explorer
asks the same of all states of its graph together.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, unique
from typing import Final, TypeAlias

import attrs

from engine.arm.influence import Influence, influence
from engine.kvm.auxiliary import without_auxiliaries
from engine.machine.actors import VMM, Actor
from engine.machine.events import Event, event_actor
from engine.machine.hardware import line_moves
from engine.machine.state import Initialisation, Machine, Walk
from engine.memory.line import Line, Version
from engine.transition import Step, actor_event, actor_events, outcome_of

MOST_STATES: Final = 2_000
"""States after which a search from one state gives up."""

_SAVED: Final = 2_000
_A_STEP: Final = 4
"""The states that may be looked at along a run: so many at first, and so many more each step."""


@unique
class Fate(Enum):
    """What becomes of an actor in KVM."""

    RETURNS = "some run leads out of KVM"
    STUCK = "no run does"
    UNKNOWN = "none was found within the bound"


Way: TypeAlias = tuple[Actor | None, ...]
"""Who moves in each step of a run; None for hardware."""


@attrs.frozen
class ActorFate:
    """The fate of an actor, and how it gets out where it does."""

    fate: Fate
    way: Way = ()
    within: bool = False
    """All who move on that way are in KVM."""
    states: int = 0
    """How many states were looked at."""


def in_kvm(machine: Machine) -> tuple[Actor, ...]:
    """Return the actors that KVM is at work for."""
    vcpus = (index for index, vcpu in enumerate(machine.vcpus) if vcpu.stack)
    return (*vcpus, VMM) if machine.vmm.stack else tuple(vcpus)


def held_vcpu(machine: Machine, actor: Actor) -> int:
    """Return the vCPU that is in KVM with an actor: itself, or the one under the VMM's ioctl."""
    if actor != VMM:
        return actor
    initialised = (frame for frame in machine.vmm.stack if isinstance(frame, Initialisation))
    return next((frame.vcpu for frame in initialised), VMM)


def stuck_vcpu(machine: Machine) -> int | None:
    """Return the first vCPU that is known never to come out of KVM, or None."""
    for actor in in_kvm(machine):
        if fate(machine, actor).fate is Fate.STUCK:
            return held_vcpu(machine, actor)
    return None


def undecided_vcpu(machine: Machine) -> int | None:
    """Return the first vCPU in KVM of which it is not known whether it comes out, or None."""
    for actor in in_kvm(machine):
        if fate(machine, actor).fate is Fate.UNKNOWN:
            return held_vcpu(machine, actor)
    return None


def fate(machine: Machine, actor: Actor, most: int = MOST_STATES) -> ActorFate:
    """Return what becomes of an actor that is in KVM, as far as so many states tell."""
    return _Search(machine, actor).answer(most)


def waiting(machine: Machine, actor: Actor) -> Machine:
    """Return where an actor in KVM has come to once it cannot go on alone, or goes round."""
    met: set[Machine] = set()
    while (event := actor_event(machine, actor)) is not None and len(met) < MOST_STATES:
        met.add(machine)
        after = outcome_of(machine, event)[0]
        if not after.stack(actor) or after in met:
            break
        machine = after
    return machine


class Watchman:
    """Sees in the steps of one run, taken one after the other, who gets stuck.

    For everyone in KVM it knows a way out, and looks for another only after a step that may have
    barred it: whatever concerns KVM's own state, or the registers that KVM reads of vCPUs. What it
    may look at along a run is bounded; beyond that it says nothing.
    """

    def __init__(self) -> None:
        self._ways: dict[Actor, list[Actor | None]] = {}
        """Per actor in KVM: a way out on which only actors in KVM move, as far as one is known."""
        self._room = _SAVED
        self._over = False
        """Somebody is stuck: that stays so."""

    def stuck_after(self, step: Step) -> int | None:
        """Return the vCPU that is stuck after a step, where none was before, or None."""
        inside = in_kvm(step.after)
        self._ways = {actor: way for actor, way in self._ways.items() if actor in inside}
        if self._over or not inside:
            return None
        mover = event_actor(step.event)
        self._room += _A_STEP
        for actor in inside:
            if not self._follows(actor, mover, step) and self._room > 0:
                answer = fate(step.after, actor, min(MOST_STATES, self._room))
                self._room -= answer.states
                if answer.fate is Fate.STUCK:
                    self._over = True
                    return (
                        None
                        if stuck_vcpu(step.before) is not None
                        else held_vcpu(step.after, actor)
                    )
                self._ways[actor] = list(answer.way) if answer.within else []
        return None

    def _follows(self, actor: Actor, mover: Actor | None, step: Step) -> bool:
        """Say whether an actor's way out is still one after a step, and shorten it by the step."""
        way = self._ways.get(actor)
        if not way:
            return False
        if mover == way[0]:
            del way[0]
            return bool(way)
        if _concerns_kvm(step):
            return False
        if mover is not None and mover in way:
            if not isinstance(step.before.stack(mover)[-1], Walk):
                return False  # what it did may depend on how far the others were
            way.remove(mover)
        return True


def _concerns_kvm(step: Step) -> bool:
    before, after = step.before, step.after
    return (
        before.vm is not after.vm
        or bool(before.vmm.stack) != bool(after.vmm.stack)
        or any(
            was.hcr_el2 != now.hcr_el2
            or was.registers is not now.registers
            or was.fields is not now.fields
            for was, now in zip(before.vcpus, after.vcpus, strict=True)
            if was is not now
        )
    )


@attrs.frozen(eq=False)
class _Stretch:
    """A step, or all of a walk's, and where it leads."""

    way: Way
    after: Machine
    within: bool
    """Who moves is in KVM."""


def _returning(path: tuple[_Stretch, ...], states: int) -> ActorFate:
    way = tuple(mover for stretch in path for mover in stretch.way)
    within = all(stretch.within for stretch in path)
    return ActorFate(Fate.RETURNS, way, within=within, states=states)


class _Search:
    """A search, depth first, for a run in which an actor comes out of KVM."""

    def __init__(self, machine: Machine, actor: Actor) -> None:
        setup = machine.setup
        programs = setup.programs if setup.vmm is None else (*setup.programs, setup.vmm)
        self._influence: Final[Influence] = influence(programs)
        self._start = machine
        self._actor = actor
        self._actors = (*range(len(machine.vcpus)), VMM)

    def answer(self, most: int) -> ActorFate:
        met = {self._key(self._start)}
        ahead = [self._ahead(self._start, 0)]
        path: list[_Stretch] = []
        while ahead:
            stretch = next(ahead[-1], None)
            if stretch is None:
                ahead.pop()
                if path:
                    path.pop()
                continue
            if not stretch.after.stack(self._actor):
                return _returning((*path, stretch), len(met))
            key = self._key(stretch.after)
            if key in met:
                continue
            if len(met) >= most:
                return ActorFate(Fate.UNKNOWN, states=len(met))
            met.add(key)
            path.append(stretch)
            ahead.append(self._ahead(stretch.after, len(path)))
        return ActorFate(Fate.STUCK, states=len(met))

    def _ahead(self, machine: Machine, depth: int) -> Iterator[_Stretch]:
        """Yield where each step leads: the actor's, others' in KVM, the rest's, hardware's."""
        inside = in_kvm(machine)
        outside = [each for each in self._actors if each not in inside]
        turn = depth % len(outside) if outside else 0
        others = (*(each for each in inside if each != self._actor), *outside[turn:])
        for mover in (self._actor, *others, *outside[:turn]):
            for event in actor_events(machine, mover):
                yield self._stretch(machine, mover, event)
        if self._influence.memory:
            for line in range(len(machine.lines)):
                for happening in line_moves(line):
                    if happening.can_happen(machine):
                        yield _Stretch((None,), happening.happen(machine)[0], within=False)

    def _stretch(self, machine: Machine, mover: Actor, event: Event) -> _Stretch:
        stack = machine.stack(mover)
        walk = stack[-1] if stack else None
        steps = 1
        if isinstance(walk, Walk) and not self._influence.memory:
            # Nobody's course depends on the lines, and nothing bars a walk.
            steps += len(walk.remaining)
            machine = machine.with_stack(mover, (*stack[:-1], attrs.evolve(walk, remaining=())))
        return _Stretch((mover,) * steps, outcome_of(machine, event)[0], within=bool(stack))

    def _key(self, machine: Machine) -> object:
        """Return what of a machine the course of anybody depends on."""
        kept = without_auxiliaries(machine)
        vcpus = tuple(
            (
                vcpu.power,
                self._influence.of(index, vcpu.core),
                vcpu.registers,
                vcpu.hcr_el2,
                vcpu.stack,
                vcpu.fields,
                vcpu.interrupt,
                vcpu.fault,
                vcpu.monitor,
                vcpu.kept,
            )
            for index, vcpu in enumerate(kept.vcpus)
        )
        vmm = kept.vmm
        host = () if kept.setup.vmm is None else self._influence.of(len(vcpus), vmm.core)
        lines = tuple(map(_contents, kept.lines)) if self._influence.memory else ()
        return vcpus, host, vmm.stack, vmm.kicks, vmm.fault, kept.vm, lines


def _contents(line: Line) -> object:
    def values(copy: tuple[Version, ...]) -> tuple[int, ...]:
        return tuple(version.value for version in copy)

    cached = None if line.cached is None else values(line.cached)
    return values(line.ram), cached, line.dirty, line.monitors
