"""The plain search: breadth-first over the machine's own objects, the measure of all others.

A counterexample of a kind is a shortest run whose last step establishes a finding of that kind.
The search goes on past findings, so that every kind's is found and the whole space is counted.
Who is in KVM and leads to no state in which he is not is stuck, which is known once the graph is.
Where a vCPU is stuck from the start, none is found to get stuck: that was found before.
The pCPU of a hardware event is no part of it: one fill of each absent line, one eviction of each
present one.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from engine.explorer.canonical import (
    ANY_PCPU,
    canonical_ghost,
    canonical_machine,
    numbers_of,
)
from engine.explorer.counterexample import Counterexample, replayed
from engine.explorer.learning.flushes import Flushes, flushes_of
from engine.explorer.limits import LimitReason, Limits, Progress, Reporter
from engine.findings import Kind
from engine.judge import Ghost, observe
from engine.machine.actors import VMM, Actor
from engine.machine.effects import AccessFailed, FetchFailed
from engine.machine.events import Event, event_actor
from engine.machine.hardware import LineEvicted, LineFilled
from engine.machine.state import Machine
from engine.stuck import in_kvm
from engine.transition import Step, actor_events, is_enabled, take

State = tuple[Machine, Ghost]


@attrs.frozen
class Edge:
    """A transition: the index of the state it leads to, and what it costs."""

    target: int
    flushes: Flushes
    by_actor: bool


@attrs.frozen(eq=False)
class PlainSearch:
    """What the plain search found; `edges` is the graph, per state in the order of discovery."""

    counterexamples: tuple[Counterexample, ...]
    edges: tuple[tuple[Edge, ...], ...]
    transitions: int
    reason: LimitReason | None
    """Why it ended early, None where the whole space was searched."""

    @property
    def states(self) -> int:
        """How many states were found."""
        return len(self.edges)


def plain_search(
    machine: Machine, ghost: Ghost, limits: Limits, progress: Progress | None = None
) -> PlainSearch:
    """Search every run from a state, breadth-first."""
    return _Search(machine, ghost, limits, Reporter(progress)).run()


def possible_events(machine: Machine) -> Iterator[Event]:
    """Yield the events to explore: the actors', and per line its fill or its eviction."""
    for actor in (*range(len(machine.vcpus)), VMM):
        yield from actor_events(machine, actor)
    for line in range(len(machine.lines)):
        hardware: tuple[Event, ...] = (LineFilled(line, ANY_PCPU), LineEvicted(line))
        yield from (event for event in hardware if is_enabled(machine, event))


class _Search:
    def __init__(self, machine: Machine, ghost: Ghost, limits: Limits, reporter: Reporter) -> None:
        self._start = (machine, ghost)
        self._limits = limits
        self._reporter = reporter
        self._states: list[State] = []
        self._index: dict[State, int] = {}
        self._parents: list[tuple[int, Event] | None] = []
        self._edges: list[tuple[Edge, ...]] = []
        self._inside: list[tuple[Actor, ...]] = []
        """Per state: who is in KVM."""
        self._found: dict[Kind, tuple[Event, ...]] = {}
        self._transitions = 0

    def run(self) -> PlainSearch:
        self._visit(self._start, None)
        reason = None
        for number, state in enumerate(self._states):  # grows as it goes
            if len(self._states) > self._limits.max_states:
                reason = LimitReason.STATES
                break
            if not self._reporter.report(
                len(self._states), self._transitions, len(self._states) - number
            ):
                reason = LimitReason.CANCELLED
                break
            self._edges.append(tuple(self._expand(number, *state)))
        self._find_stuck()
        machine, ghost = self._start
        return PlainSearch(
            tuple(
                replayed(machine, ghost, kind, self._found[kind])
                for kind in Kind
                if kind in self._found
            ),
            tuple(self._edges),
            self._transitions,
            reason,
        )

    def _expand(self, number: int, machine: Machine, ghost: Ghost) -> Iterator[Edge]:
        for event in possible_events(machine):
            step = take(machine, event)
            after, stale = observe(ghost, step.effects)
            self._transitions += 1
            target = self._visit((step.after, after), (number, event))
            if stale:
                self._find(Kind.STALE, number, event)
            if loses(step):
                self._find(Kind.LOST, number, event)
            if faults(step):
                self._find(Kind.FAULT, number, event)
            yield Edge(target, flushes_of(step.effects), event_actor(event) is not None)

    def _visit(self, state: State, parent: tuple[int, Event] | None) -> int:
        machine, ghost = state
        key = (canonical_machine(machine), canonical_ghost(ghost, numbers_of(machine)))
        index = self._index.setdefault(key, len(self._states))
        if index == len(self._states):
            self._states.append(state)
            self._parents.append(parent)
            self._inside.append(in_kvm(machine))
        return index

    def _find(self, kind: Kind, number: int, event: Event) -> None:
        if kind not in self._found:
            self._found[kind] = (*self._way_to(number), event)

    def _way_to(self, number: int) -> tuple[Event, ...]:
        events: list[Event] = []
        parent = self._parents[number]
        while parent is not None:
            number, event = parent
            events.append(event)
            parent = self._parents[number]
        return tuple(reversed(events))

    def _find_stuck(self) -> None:
        """Look for the first state in which somebody is in KVM from which he never comes out."""
        before: list[list[int]] = [[] for _ in self._states]
        for number, edges in enumerate(self._edges):
            for edge in edges:
                before[edge.target].append(number)
        stuck: set[int] = set()
        for actor in (*range(len(self._start[0].vcpus)), VMM):
            # Of a state that the search has not expanded nobody knows where it leads.
            due = [
                number
                for number, inside in enumerate(self._inside)
                if actor not in inside or number >= len(self._edges)
            ]
            coming_out = set(due)
            for number in due:  # grows as it goes
                for earlier in before[number]:
                    if earlier not in coming_out:
                        coming_out.add(earlier)
                        due.append(earlier)
            stuck.update(set(range(len(self._states))) - coming_out)
        if stuck and 0 not in stuck:
            self._found[Kind.STUCK] = self._way_to(min(stuck))


def loses(step: Step) -> bool:
    """Say whether a step left the newest version of some word nowhere."""
    return any(
        before is not after and not before.lost(slot) and after.lost(slot)
        for before, after in zip(step.before.lines, step.after.lines, strict=True)
        for slot in range(len(after.newest))
    )


def faults(step: Step) -> bool:
    """Say whether a step is a fault."""
    return any(isinstance(effect, AccessFailed | FetchFailed) for effect in step.effects)
