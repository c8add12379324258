"""Cost: the fewest and the most flushes of complete runs, from the graph of the actors' course.

What is flushed does not depend on lines that no actor's course depends on, so that the slice
without a word has the cost of every run. A run is complete when no actor can move any more; runs
that go on for ever are not counted, but if a complete run can go round a loop that flushes, as
often as it likes, there is no most.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush

import attrs

from engine.explorer.learning.flushes import NONE, Flushes
from engine.explorer.reduced.slice import FlushGraph
from engine.explorer.strongly_connected import components


@attrs.frozen
class Span:
    """The fewest and the most of something over complete runs; no `most` where it is unbounded."""

    fewest: int
    most: int | None


@attrs.frozen
class Cost:
    """What a policy costs in complete runs."""

    flushes: Span
    """Calls of stage2_flush_vm."""
    lines_flushed: Span
    """Lines that these cleaned and invalidated."""


def cost(graph: FlushGraph) -> Cost | None:
    """Return what complete runs cost, None where no run is complete."""
    totals = _totals(graph)
    if totals is not None:
        return _cost_of(list(totals)) if totals else None
    useful = _completing(graph)
    if graph.start not in useful:
        return None
    return Cost(
        _span(graph, useful, lambda flushes: flushes.calls),
        _span(graph, useful, lambda flushes: flushes.lines),
    )


def _totals(graph: FlushGraph) -> dict[Flushes, None] | None:
    """Return what complete runs flush where all that lead to a state flush the same, else None."""
    flushed = {graph.start: NONE}
    due = [graph.start]
    for state in due:  # grows as it goes
        before = flushed[state]
        for target, flushes in graph.macro_steps[state]:
            after = before if flushes is NONE else before + flushes
            known = flushed.get(target)
            if known is None:
                flushed[target] = after
                due.append(target)
            elif known is not after and known != after:
                return None
    return {flushed[state] + last: None for state, last in graph.completed.items()}


def _cost_of(totals: list[Flushes]) -> Cost:
    calls, lines = [total.calls for total in totals], [total.lines for total in totals]
    return Cost(Span(min(calls), max(calls)), Span(min(lines), max(lines)))


def _completing(graph: FlushGraph) -> dict[int, None]:
    """Return the states from which a run can be completed."""
    before: dict[int, list[int]] = {}
    for state, macro_steps in graph.macro_steps.items():
        for target, _ in macro_steps:
            before.setdefault(target, []).append(state)
    completing = dict.fromkeys(graph.completed)
    due = list(completing)
    for state in due:  # grows as it goes
        for earlier in before.get(state, ()):
            if earlier not in completing:
                completing[earlier] = None
                due.append(earlier)
    return completing


def _span(graph: FlushGraph, useful: dict[int, None], count: Callable[[Flushes], int]) -> Span:
    successors = {
        state: [
            (target, count(flushes))
            for target, flushes in graph.macro_steps[state]
            if target in useful
        ]
        for state in useful
    }
    ends = {state: count(flushes) for state, flushes in graph.completed.items()}
    return Span(
        _fewest(graph.start, successors, ends),
        _most(graph.start, successors, ends),
    )


_Successors = dict[int, list[tuple[int, int]]]


def _fewest(start: int, successors: _Successors, ends: dict[int, int]) -> int:
    best = {start: 0}
    queue = [(0, 0, start)]
    fewest: int | None = None
    while queue:
        total, _, state = heappop(queue)
        if fewest is not None and total >= fewest:
            return fewest
        if total > best[state]:
            continue
        if state in ends:
            ending = total + ends[state]
            fewest = ending if fewest is None else min(fewest, ending)
        for target, added in successors[state]:
            if total + added < best.get(target, total + added + 1):
                best[target] = total + added
                heappush(queue, (total + added, len(best), target))
    assert fewest is not None, "a start from which no run is completed"
    return fewest


def _most(start: int, successors: _Successors, ends: dict[int, int]) -> int | None:
    component = components([start], lambda state: (target for target, _ in successors[state]))
    most: dict[int, int] = {}
    """Per component, from any of its states: none of its own steps adds anything."""
    for state, number in component.items():  # a component comes after those that it leads to
        ways = [most.get(number, 0)]
        if state in ends:
            ways.append(ends[state])
        for target, added in successors[state]:
            if component[target] != number:
                ways.append(added + most[component[target]])
            elif added:
                return None
        most[number] = max(ways)
    return most[component[start]]
