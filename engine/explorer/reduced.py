"""The reduced search: a slice for each word, and one for the course of the actors.

A slice keeps the lines that matter to it and leaves out the others, and the values of words with
them: a word's value is kept, and its line in every slice, once the course of a run is found to
depend on it. A slice of a word keeps that word's line, and those of the words through which
somebody who loads it may learn of its writes. Whatever turns out to be missing is added, and the
slice searched anew. What a slice finds is as long as the runs that it stands for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import attrs

from engine.explorer.canonical import canonical_ghost, canonical_machine, numbers_of
from engine.explorer.counterexample import Counterexample, ReplayError, replayed
from engine.explorer.ghosts import ProjectedGhosts
from engine.explorer.limits import Limits, Progress, Reason, Reporter
from engine.explorer.moves import LEFT_OUT, Moves
from engine.explorer.packing import Packing
from engine.explorer.rows import CrowdedError, Rows
from engine.explorer.sharing import SharedError, Sharing
from engine.explorer.slice_search import FlushGraph, Run, SliceSearch
from engine.explorer.unknown import NeededError
from engine.findings import Kind
from engine.judge import Ghost
from engine.machine.events import Event
from engine.machine.state import Machine
from engine.stuck import stuck_vcpu
from engine.transition import take

_FIRST_WIDTH: Final = 5
_CORE_WIDTH: Final = 8
"""Bits for each part to begin with, and for the cores and stacks, which have more values."""


@attrs.frozen(eq=False)
class ReducedSearch:
    """What the reduced search found."""

    counterexamples: tuple[Counterexample, ...]
    states: int
    transitions: int
    reason: Reason | None
    """Why it ended early, None where it decided everything."""
    flushes: FlushGraph | None


def reduced_search(
    machine: Machine,
    ghost: Ghost,
    limits: Limits,
    progress: Progress | None = None,
    *,
    flushes_only: bool = False,
) -> ReducedSearch:
    """Search every run from a state, or only the course of the actors, for what flushes cost."""
    reduction = _Reduction(machine, ghost, limits, Reporter(progress))
    reduction.run(flushes_only)
    return reduction.result()


class _Reduction:
    def __init__(self, machine: Machine, ghost: Ghost, limits: Limits, reporter: Reporter) -> None:
        self._machine = machine
        self._ghost = ghost
        self._limits = limits
        self._reporter = reporter
        self._layout = machine.setup.layout
        self._words = range(len(self._layout.words))
        self._numbers = numbers_of(machine)
        self._canonical = canonical_machine(machine)
        self._canonical_ghost = canonical_ghost(ghost, self._numbers)
        self._stuck_before = stuck_vcpu(machine) is not None
        self._known = [False for _ in self._words]
        self._states = 0
        self._transitions = 0
        self._reason: Reason | None = None
        self._shortest: dict[Kind, Run] = {}
        self._flushes: FlushGraph | None = None
        self._begin()

    def run(self, flushes_only: bool) -> None:
        course = self._slice(None)
        if self._reason is None:
            self._flushes = course.graph
        if flushes_only:
            return
        for word in self._words:
            # A word of one version only is neither stale nor lost.
            if self._reason is None and (
                course.knowledge.stored(word) or len(self._numbers[word].counting) > 1
            ):
                self._slice(word)

    def result(self) -> ReducedSearch:
        return ReducedSearch(
            tuple(
                self._replayed(kind, self._shortest[kind])
                for kind in Kind
                if kind in self._shortest
            ),
            self._states,
            self._transitions,
            self._reason,
            self._flushes,
        )

    def _begin(self) -> None:
        """Begin anew with the words whose values are known to matter."""
        self._moves = Moves(self._machine, tuple(self._known))
        self._sharing = Sharing(self._moves)
        self._ghosts: dict[int, ProjectedGhosts] = {}
        self._start = self._moves.numbers(self._canonical)
        parts = self._moves.parts
        wide = [part for actor in parts.actors for part in (parts.core(actor), parts.stack(actor))]
        wide.append(parts.count)
        self._use(
            Packing.of(
                _CORE_WIDTH if part in wide else _FIRST_WIDTH for part in range(parts.count + 1)
            )
        )

    def _use(self, packing: Packing) -> None:
        self._packing = packing
        self._rows = Rows(self._moves, packing)

    def _slice(self, word: int | None) -> SliceSearch:
        channels: tuple[int, ...] = ()
        while True:
            try:
                search = self._search(word, channels)
            except NeededError as needed:
                self._known[needed.word] = True
                self._begin()
            except CrowdedError:
                ghosts = 0 if word is None else len(self._ghosts[word].interned.values)
                self._use(self._packing.widened([*self._moves.sizes(), ghosts]))
            except SharedError:
                pass
            else:
                more = () if word is None else self._channels(word, search, channels)
                if not more or search.reason is not None:
                    self._record(search)
                    return search
                channels += more

    def _search(self, word: int | None, channels: tuple[int, ...]) -> SliceSearch:
        kept = self._kept(word, channels)
        numbers = [
            LEFT_OUT if part < len(self._layout.lines) and part not in kept else number
            for part, number in enumerate(self._start)
        ]
        ghosts, ghost = None, 0
        if word is not None:
            ghosts = self._ghosts.setdefault(word, ProjectedGhosts(word, self._moves.judged))
            ghost = ghosts.number(self._left_of_ghost(kept))
        sizes = [*self._moves.sizes(), ghost + 1]
        if not self._packing.fits(sizes):
            self._use(self._packing.widened(sizes))
        start = self._packing.pack([*numbers, ghost])
        room = self._limits.max_states - self._states
        search = SliceSearch(self._rows, self._sharing, ghosts, start, room, self._reporter)
        search.run()
        return search

    def _kept(self, word: int | None, channels: tuple[int, ...]) -> dict[int, None]:
        words = [each for each in self._words if self._known[each] or each == word]
        return {self._layout.line_of[each]: None for each in (*words, *channels)}

    def _left_of_ghost(self, kept: Iterable[int]) -> Ghost:
        ghost = self._canonical_ghost
        nothing = tuple(0 for _ in self._words)
        released = tuple(
            versions if self._layout.line_of[word] in kept else (nothing,)
            for word, versions in enumerate(ghost.released)
        )
        return attrs.evolve(ghost, released=released)

    def _channels(
        self, word: int, search: SliceSearch, channels: tuple[int, ...]
    ) -> tuple[int, ...]:
        kept = self._kept(word, channels)
        released = [
            other
            for other, versions in enumerate(self._canonical_ghost.released)
            if any(clock[word] for clock in versions)
        ]
        found = search.knowledge.channels(word, self._ghosts[word].knowing(), released)
        return tuple(other for other in found if self._layout.line_of[other] not in kept)

    def _record(self, search: SliceSearch) -> None:
        self._states += search.states
        self._transitions += search.transitions
        self._reporter.finished(search.states, search.transitions)
        self._reason = self._reason or search.reason
        for kind, run in search.shortest.items():
            if kind is Kind.STUCK and self._stuck_before:
                continue
            known = self._shortest.get(kind)
            if known is None or len(run) < len(known):
                self._shortest[kind] = run

    def _replayed(self, kind: Kind, run: Run) -> Counterexample:
        counterexample = replayed(self._machine, self._ghost, kind, self._events(run))
        if len(counterexample.events) != len(run):
            raise ReplayError(f"{kind.value} after {len(counterexample.events)} of {len(run)}")
        return counterexample

    def _events(self, run: Run) -> Iterator[Event]:
        machine = self._machine
        for mover in run:
            event = self._moves.event(machine, mover)
            if event is None:
                raise ReplayError(f"mover {mover} of {run} cannot move")
            yield event
            machine = take(machine, event).after
