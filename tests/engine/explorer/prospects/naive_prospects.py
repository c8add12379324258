"""Prospects by their definition, on the machine's own objects: the measure of the fast ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import attrs

from engine.explorer.canonical import canonical_ghost, canonical_machine, numbers_of
from engine.explorer.prospects.prospects import Outlook, Prospect
from engine.judge import observe
from engine.machine.actors import VMM, Actor
from engine.machine.events import event_actor
from engine.transition import take
from tests.engine.explorer.plain import State, faults, loses, possible_events


@attrs.frozen
class Edge:
    actor: Actor | None
    target: int
    breaks: bool


def naive_outlooks(start: State, most: int) -> dict[State, Outlook] | None:
    """Return the outlook of every state, as it was first come to; None beyond `most` of them."""
    graph = _explore(start, most)
    if graph is None:
        return None
    states, edges = graph
    quiet_edges = [[edge for edge in each if edge.actor is not None] for each in edges]
    actors = (*range(len(start[0].vcpus)), VMM)
    labels = (_prospects(edges, actors), _prospects(quiet_edges, actors))
    return dict(zip(states, map(Outlook, *labels), strict=True))


def _explore(start: State, most: int) -> tuple[list[State], list[list[Edge]]] | None:
    states: list[State] = []
    index: dict[State, int] = {}
    edges: list[list[Edge]] = []

    def visit(state: State) -> int:
        machine, ghost = state
        key = (canonical_machine(machine), canonical_ghost(ghost, numbers_of(machine)))
        if key not in index:
            index[key] = len(states)
            states.append(state)
        return index[key]

    visit(start)
    for machine, ghost in states:  # grows as it goes
        edges.append([])
        for event in possible_events(machine):
            step = take(machine, event)
            after, stale = observe(ghost, step.effects)
            breaks = bool(stale) or loses(step) or faults(step)
            edges[-1].append(Edge(event_actor(event), visit((step.after, after)), breaks))
        if len(states) > most:
            return None
    stuck = _stuck(states, edges)
    if 0 not in stuck:
        edges = [
            [attrs.evolve(edge, breaks=edge.breaks or edge.target in stuck) for edge in each]
            if number not in stuck
            else each
            for number, each in enumerate(edges)
        ]
    return states, edges


def _stuck(states: list[State], edges: list[list[Edge]]) -> set[int]:
    """Return the states with somebody in KVM that lead to none in which he is not."""
    unbroken = [[attrs.evolve(edge, breaks=False) for edge in each] for each in edges]
    everything = range(len(states))
    stuck: set[int] = set()
    for actor in (*range(len(states[0][0].vcpus)), VMM):
        out = {number for number in everything if not states[number][0].stack(actor)}
        stuck |= set(everything) - _can_reach(unbroken, everything, out.__contains__)
    return stuck


def _prospects(edges: list[list[Edge]], actors: Iterable[Actor]) -> list[Prospect]:
    everything = range(len(edges))
    breakable = _can_reach(
        edges, everything, lambda state: any(edge.breaks for edge in edges[state])
    )
    escaping = _with_fair_escape(edges, actors)
    return [
        Prospect.SAFE
        if state not in breakable
        else Prospect.MAY_BREAK
        if state in escaping
        else Prospect.MUST_BREAK
        for state in everything
    ]


def _with_fair_escape(edges: list[list[Edge]], actors: Iterable[Actor]) -> set[int]:
    """Return the largest set of states that fair runs need never leave, and never break in.

    From each of its states there is for every actor a way, within the set, to where the actor
    cannot move, or to a step of its own that stays in the set: one after the other, for ever, make
    a fair run, and where nobody can move, it ends. (It is Emerson and Lei's greatest fixpoint.)
    """
    held = set(range(len(edges)))
    while True:
        before = held
        for actor in actors:
            own = [[edge for edge in each if edge.actor == actor] for each in edges]
            served = {
                state
                for state in held
                if not own[state]
                or any(not edge.breaks and edge.target in held for edge in own[state])
            }
            held = _can_reach(edges, held, served.__contains__)
        if held == before:
            return held


def _can_reach(
    edges: list[list[Edge]], within: Iterable[int], wanted: Callable[[int], bool]
) -> set[int]:
    """Return the states that are wanted, or have an unbroken way within a set to such a state."""
    within = set(within)
    reaching = {state for state in within if wanted(state)}
    while True:
        more = {
            state
            for state in within - reaching
            if any(not edge.breaks and edge.target in reaching for edge in edges[state])
        }
        if not more:
            return reaching
        reaching |= more
