"""Moves: what the transition function does to fields, learned once for the fields it reads.

A mover is whoever has at most one event in a state: a line whose hardware may fill or evict it; an
actor, as far as it takes the first of its events; and, as it has several at a choice, what stands
for its second, its third and so on. To learn a mover's move the transition function is run once on
a tracked machine.
What it reads, in order, leads from the root of the mover's decision tree to the leaf that holds
the outcome: another state in which the same fields have the same values has the same outcome.
So the fast search never has a rule of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final, TypeAlias, cast

import attrs

from engine.arm.a64.choice import Choose
from engine.arm.a64.maintenance import CleanOperation
from engine.arm.core import Core
from engine.explorer.canonical import Numbers, canonical_line
from engine.explorer.learning.fields import VM_FIELDS, FieldNumber, Fields
from engine.explorer.learning.flushes import NONE, Flushes, flushes_of
from engine.explorer.learning.interning import Interned, line_key, stack_key
from engine.explorer.learning.symbolic import symbolic_value
from engine.explorer.learning.tracking import TrackedMachine
from engine.judge import signals
from engine.kvm.auxiliary import auxiliaries, without
from engine.machine.actors import VMM, Actor
from engine.machine.effects import (
    AccessFailed,
    ConditionValue,
    Effect,
    FetchFailed,
    Heeded,
    LineFlushed,
    Loaded,
    Maintained,
    Stored,
    decisions_of,
    heeded,
)
from engine.machine.events import ActorChooses, Event, GuestExecutes
from engine.machine.hardware import line_moves
from engine.machine.setup import NonCacheable, Setup
from engine.machine.state import Machine, Power
from engine.memory.line import Line, Version
from engine.policy.frame import CFrame
from engine.policy.operations import Return, targets
from engine.transition import actor_events, is_enabled, outcome_of

_HIT_OR_MISS: Final = 2
"""The events of a load that may hit a cached copy."""

LEFT_OUT: Final = 0
"""The number of every line's first value: a line that the search does without.

Loads of it give symbolic values, and nothing that is done to it changes it or concerns the judge.
"""

Mover: TypeAlias = int
"""A line's index; or, from the number of lines on, an actor's position among the actors, and then
what stands for the actors' further events."""

ProgramPoint: TypeAlias = tuple[Actor, int]
"""An actor, and the index of the instruction of its program that it is at."""

Statement: TypeAlias = tuple[int, int]
"""A function of the policy, and the index of a step of it."""


@attrs.frozen
class Judged:
    """What the judge must be told of a step: effects, and the words that are renumbered."""

    effects: tuple[Heeded, ...]
    renumbered: tuple[tuple[int, Numbers], ...]


@attrs.frozen
class Move:
    """What a mover's event does, whatever the fields that it does not read."""

    reads: tuple[tuple[FieldNumber, int], ...]
    """The fields that decide it and the number of the value of each; what is assigned is among
    them, so that `writes` holds wherever the fields that are read have these values."""
    writes: tuple[tuple[FieldNumber, int, int], ...] = ()
    """Fields that change, with the numbers of the values before and after."""
    judged: int | None = None
    """The number of what the judge must be told, None where that is nothing."""
    loses: bool = False
    """The newest version of some word is nowhere any more."""
    faults: bool = False
    """An access hits no guest RAM, or a program goes where it has no instruction."""
    flushes: Flushes = NONE
    accesses: tuple[Loaded | Stored, ...] = ()
    """Every load and store, those of lines that are left out included."""
    signals: tuple[tuple[Actor, Actor], ...] = ()
    """Who hands whom what it is entitled to."""
    handles: tuple[FieldNumber, ...] = ()
    """Lines, left out or not, to which it does more than load, store, or clean and invalidate.

    It is known where some actor chooses.
    """
    passes_holder: int | None = None
    """By what the holder of the mmu_lock is known, where the move reads the lock and is made."""
    is_choice: bool = False
    """The actor may have further events here."""


@attrs.frozen
class Disabled:
    """The mover cannot move."""

    reads: tuple[tuple[FieldNumber, int], ...]


MoverOutcome: TypeAlias = Move | Disabled


@attrs.define(eq=False)
class _Node:
    field: FieldNumber
    next: dict[int, _Tree]


_Tree: TypeAlias = _Node | Move | Disabled


class Moves:
    """The moves of one machine's movers, learned as they are asked for."""

    def __init__(self, machine: Machine, known: tuple[bool, ...] | None = None) -> None:
        """Know nothing yet of machines that differ from `machine` in their fields only.

        The values of the words that are not `known` are left out; None keeps all.
        """
        self.fields: Final = Fields.of(machine)
        self.may_hit: Final = machine.setup.hardware.noncacheable is NonCacheable.MAY_HIT
        """Loads may be one of two events, by what a line holds."""
        actors = self.fields.actors if machine.setup.vmm is not None else self.fields.actors[:-1]
        further = [
            (actor, option)
            for actor in actors
            for option in range(1, _most_options(machine.setup, actor))
        ]
        self._turns: Final = (*((actor, 0) for actor in actors), *further)
        """Per mover that is no line: whose event it stands for, and which."""
        lines = self.fields.lines
        self.movers: Final = tuple(range(lines + len(self._turns)))
        self.actors: Final = self.movers[lines : lines + len(actors)]
        """The movers that stand for the actors' first events, and so for the actors."""
        self.owners: Final = (
            *range(lines),
            *(lines + actors.index(actor) for actor, _ in self._turns),
        )
        """Per mover: itself, or who stands for its actor."""
        self.options: Final = tuple(
            tuple(each for each in self.movers if self.owners[each] == mover)
            for mover in self.movers
        )
        """Per mover that stands for an actor, or is a line: the movers that it owns."""
        self.interned: Final = tuple(Interned() for _ in range(self.fields.count))
        self.judged: Final = Interned()
        self._machine = machine
        self.decisions: Final[dict[ConditionValue, None]] = {}
        """What conditions of the policy came to in any outcome so far."""
        self._roots: dict[Mover, _Tree] = {}
        layout = machine.setup.layout
        values = tuple(symbolic_value(word) for word in range(len(layout.words)))
        self._symbolic = tuple(
            None if known is None or known[word] else value for word, value in enumerate(values)
        )
        for line, words in enumerate(layout.lines):
            contents = Line.initial(tuple(values[word] for word in words))
            # Whether a store exclusive succeeds there is as open as what the words hold.
            self.interned[line].reserve(contents.with_(monitors=values[words[0]]))
        self._auxiliary = auxiliaries(machine.setup.policy)
        self._mmu_lock = self.fields.vm + VM_FIELDS.index("mmu_lock")
        self._stacks = tuple(self.fields.stack(actor) for actor in self.fields.actors)
        self._kept_by_policy = {
            self.fields.statics: self._auxiliary.statics,
            **{
                self.fields.policy_fields(index): self._auxiliary.fields
                for index in range(self.fields.vcpus)
            },
        }
        for field in self._stacks:
            self._number(field, ())

    def numbers(self, machine: Machine) -> list[int]:
        """Return the numbers of the values of a machine's fields."""
        return [
            self._number(field, value) for field, value in enumerate(self.fields.values(machine))
        ]

    def sizes(self) -> list[int]:
        """Return how many values each field has been met with."""
        return [len(interned.values) for interned in self.interned]

    @property
    def choosing(self) -> bool:
        """Whether some actor has several events in some state."""
        return len(self.movers) > self.fields.lines + len(self.actors)

    def own(self, mover: Mover) -> tuple[FieldNumber, ...]:
        """Return the fields by which a mover's moves are told apart first."""
        if mover < self.fields.lines:
            return (mover,)
        actor = self.actor(mover)
        return (self.fields.core(actor), self.fields.stack(actor))

    def actor(self, mover: Mover) -> Actor:
        """Return whose event a mover that is no line stands for."""
        return self._turns[mover - self.fields.lines][0]

    def place(self, mover: Mover, numbers: Sequence[int]) -> ProgramPoint | None:
        """Return where in its program an actor is, None for a vCPU that is off.

        `numbers` are those of all fields, of which only `Fields.place` count.
        """
        actor = self.actor(mover)
        core, *power = self.fields.place(actor)
        on = all(self.interned[field].values[numbers[field]] is Power.ON for field in power)
        value = self.interned[core].values[numbers[core]]
        assert isinstance(value, Core)
        return (actor, value.pc) if on else None

    def statements(
        self, mover: Mover, before: Sequence[int], after: Sequence[int]
    ) -> Iterator[Statement]:
        """Yield the step of the policy that KVM takes on behalf of an actor, and a return with it.

        The numbers are those of all fields, of which only the actor's stack counts. A `return` is
        left together with the step that leads to it, so that KVM is never seen there.
        """
        field = self.fields.stack(self.actor(mover))
        stack = cast("tuple[object, ...]", self.interned[field].values[before[field]])
        left = cast("tuple[object, ...]", self.interned[field].values[after[field]])
        frame = stack[-1] if stack else None
        if not isinstance(frame, CFrame):
            return
        yield frame.function, frame.pc
        for ended in stack[len(left) :]:
            # A caller's frame is at the call, and may end with what it called.
            if isinstance(ended, CFrame):
                operations = self._machine.setup.policy.functions[ended.function].operations
                for target in targets(operations[ended.pc]):
                    returned = operations[target]
                    if isinstance(returned, Return) and returned.free:
                        yield ended.function, target

    def event(self, machine: Machine, mover: Mover) -> Event | None:
        """Return the one event by which a mover can move in a machine, or None."""
        if mover >= self.fields.lines:
            actor, option = self._turns[mover - self.fields.lines]
            events = actor_events(machine, actor)
            return events[option] if option < len(events) else None
        for event in line_moves(mover):
            if is_enabled(machine, event):
                return event
        return None

    def outcome(self, mover: Mover, numbers: Sequence[int]) -> MoverOutcome:
        """Return what a mover does where the fields have the values of these numbers."""
        node = self._roots.get(mover)
        while isinstance(node, _Node):
            node = node.next.get(numbers[node.field])
        return self._learn(mover, numbers) if node is None else node

    def _learn(self, mover: Mover, numbers: Sequence[int]) -> MoverOutcome:
        tracked = TrackedMachine.of(self._machine, self.fields, self._values(numbers))
        event = self.event(tracked.machine, mover)
        step = None if event is None else outcome_of(tracked.machine, event)
        read = tracked.reads()
        if step is None:
            outcome: MoverOutcome = Disabled(tuple((field, numbers[field]) for field in read))
        else:
            self.decisions.update(dict.fromkeys(decisions_of(step[1])))
            outcome = self._move(read, tracked, *step, numbers)
            if isinstance(event, ActorChooses) or (
                isinstance(event, GuestExecutes) and event.hits is not None
            ):
                outcome = attrs.evolve(outcome, is_choice=True)
        self._remember(mover, outcome, numbers)
        return outcome

    def _move(
        self,
        read: tuple[FieldNumber, ...],
        tracked: TrackedMachine,
        after: Machine,
        effects: tuple[Effect, ...],
        numbers: Sequence[int],
    ) -> Move:
        before = tracked.machine
        assigned = {
            field: LEFT_OUT if self._left_out(field, numbers) else self._number(field, value)
            for field, value in tracked.assigned(after)
        }
        changed = tuple(
            field
            for field in assigned
            if field < self.fields.lines and not self._left_out(field, numbers)
        )
        return Move(
            reads=tuple((field, numbers[field]) for field in dict.fromkeys((*read, *assigned))),
            writes=tuple(
                (field, numbers[field], number)
                for field, number in assigned.items()
                if number != numbers[field]
            ),
            judged=self._judged(after, changed, effects, numbers),
            loses=any(_loses(before.lines[field], after.lines[field]) for field in changed),
            faults=any(isinstance(effect, AccessFailed | FetchFailed) for effect in effects),
            flushes=flushes_of(effects),
            accesses=tuple(effect for effect in effects if isinstance(effect, Loaded | Stored)),
            signals=tuple(signals(heeded(effects))),
            handles=self._handled(read, assigned, effects),
            passes_holder=self._holder(numbers) if self._mmu_lock in read else None,
        )

    def _holder(self, numbers: Sequence[int]) -> int:
        return cast("int", self.interned[self._mmu_lock].values[numbers[self._mmu_lock]])

    def _handled(
        self,
        read: Collection[FieldNumber],
        assigned: Collection[FieldNumber],
        effects: tuple[Effect, ...],
    ) -> tuple[FieldNumber, ...]:
        if not self.choosing:
            return ()
        line_of = self._machine.setup.layout.line_of
        as_hardware: list[FieldNumber] = []
        for effect in effects:
            match effect:
                case Loaded() | Stored():
                    as_hardware.append(line_of[effect.word])
                case Maintained(performed=CleanOperation.CIVAC) | LineFlushed():
                    as_hardware.append(effect.line)
                case _:
                    pass
        touched = dict.fromkeys((*read, *assigned))
        return tuple(
            field for field in touched if field < self.fields.lines and field not in as_hardware
        )

    def _judged(
        self,
        after: Machine,
        changed: tuple[FieldNumber, ...],
        effects: tuple[Effect, ...],
        numbers: Sequence[int],
    ) -> int | None:
        """Return the number of what the judge must be told, None where that is nothing."""
        layout = self._machine.setup.layout
        told = tuple(
            _without_value(effect)
            for effect in heeded(effects)
            if not isinstance(effect, Loaded | Stored)
            or not self._left_out(layout.line_of[effect.word], numbers)
        )
        renumbered = tuple(
            (word, numbers_after)
            for field in changed
            for slot, word in enumerate(layout.lines[field])
            if not (numbers_after := Numbers.of(after.lines[field], slot)).keeps_all
        )
        return self.judged.number(Judged(told, renumbered)) if told or renumbered else None

    def _left_out(self, field: FieldNumber, numbers: Sequence[int]) -> bool:
        return field < self.fields.lines and numbers[field] == LEFT_OUT

    def _number(self, field: FieldNumber, value: object) -> int:
        interned = self.interned[field]
        if field < self.fields.lines:
            assert isinstance(value, Line)
            line = self._without_values(canonical_line(value), field)
            return interned.number(line, line_key(line))
        if field in self._stacks:
            assert isinstance(value, tuple)
            value = self._auxiliary.erased(value)
            return interned.number(value, stack_key(value))
        if field in self._kept_by_policy:
            assert isinstance(value, tuple)
            return interned.number(without(value, self._kept_by_policy[field]))
        return interned.number(value)

    def _without_values(self, line: Line, index: int) -> Line:
        words = self._machine.setup.layout.lines[index]
        symbolic = [self._symbolic[word] for word in words]
        if all(each is None for each in symbolic):
            return line

        def cut(copy: tuple[Version, ...]) -> tuple[Version, ...]:
            return tuple(
                version if each is None else Version(version.number, each)
                for version, each in zip(copy, symbolic, strict=True)
            )

        cached = None if line.cached is None else cut(line.cached)
        return line.with_(ram=cut(line.ram), cached=cached)

    def _values(self, numbers: Sequence[int]) -> list[object]:
        return [
            interned.values[number] for interned, number in zip(self.interned, numbers, strict=True)
        ]

    def _remember(self, mover: Mover, outcome: MoverOutcome, numbers: Sequence[int]) -> None:
        """Hang an outcome into the mover's tree, below fields that others were told apart by."""
        above: tuple[_Node, int] | None = None
        node = self._roots.get(mover)
        due = dict.fromkeys(field for field, _ in outcome.reads)
        while node is not None or due:
            if node is None:
                node = _Node(next(iter(due)), {})
                self._hang(mover, above, node)
            assert isinstance(node, _Node), "an outcome that has been learned already"
            due.pop(node.field, None)
            above = (node, numbers[node.field])
            node = node.next.get(numbers[node.field])
        self._hang(mover, above, outcome)

    def _hang(self, mover: Mover, above: tuple[_Node, int] | None, node: _Tree) -> None:
        if above is None:
            self._roots[mover] = node
        else:
            above[0].next[above[1]] = node


def _most_options(setup: Setup, actor: Actor) -> int:
    """Return how many events an actor has at most in any state."""
    program = setup.vmm if actor == VMM else setup.programs[actor]
    instructions = () if program is None else program.instructions
    choices = (each.instruction for each in instructions)
    least = _HIT_OR_MISS if setup.hardware.noncacheable is NonCacheable.MAY_HIT else 1
    counts = (len(each.options) for each in choices if isinstance(each, Choose))
    return max((least, *counts))


def _without_value(effect: Heeded) -> Heeded:
    """Return what the judge heeds of an effect: which version an access is of, not its value."""
    if isinstance(effect, Loaded | Stored):
        return attrs.evolve(effect, version=Version(effect.version.number, 0))
    return effect


def _loses(before: Line, after: Line) -> bool:
    """Say whether the newest version of some word was somewhere before, and is nowhere after."""
    return any(not before.lost(slot) and after.lost(slot) for slot in range(len(after.newest)))
