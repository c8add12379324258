"""The reduced search (slicing): the cones of influence of words, and of the actors' course.

A slice keeps the lines that matter to it and leaves out the others, and the values of words with
them: a word's value is kept, and its line in every slice, once the course of a run is found to
depend on it. A slice of a word keeps that word's line, and those of the words through which
somebody who loads it may learn of its writes. Words whose slices keep the same lines are decided
together, unless what the judge knows of each would multiply the states. Whatever turns out to be
missing is added, and the slice searched anew. What a slice finds is as long as the runs that it
stands for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Final, TypeAlias

import attrs

from engine.explorer.canonical import canonical_ghost, canonical_machine, numbers_of
from engine.explorer.counterexample import Counterexample, ReplayError, replayed
from engine.explorer.learning.moves import LEFT_OUT, Mover, Moves, ProgramPoint, Statement
from engine.explorer.learning.packed_moves import CrowdedError, MoveTable
from engine.explorer.learning.packing import Packing
from engine.explorer.learning.projection import ProjectedGhosts
from engine.explorer.learning.symbolic import ConcreteValueNeeded
from engine.explorer.limits import LimitReason, Limits, Progress, Reporter
from engine.explorer.reduced.bystanders import taking_part
from engine.explorer.reduced.independence import DependentError, Independence
from engine.explorer.reduced.information_flow import InformationFlow
from engine.explorer.reduced.slice import EntangledError, FlushGraph, SliceSearch
from engine.explorer.reduced.stuck_states import MoverRun
from engine.findings import Kind
from engine.judge import Ghost
from engine.machine.effects import ConditionValue
from engine.machine.events import Event
from engine.machine.state import Machine
from engine.transition import take

Words: TypeAlias = tuple[int, ...]

_FIRST_WIDTH: Final = 5
_CORE_WIDTH: Final = 8
"""Bits for each field to begin with, and for the cores and stacks, which have more values."""


@attrs.frozen(eq=False)
class ReducedSearch:
    """What the reduced search found."""

    counterexamples: tuple[Counterexample, ...]
    states: int
    transitions: int
    reason: LimitReason | None
    """Why it ended early, None where it decided everything."""
    flushes: FlushGraph | None
    places: frozenset[ProgramPoint] | None
    """Where in their programs actors come to in any run, None where that is not known."""
    statements: frozenset[Statement] | None
    """The steps of the policy that KVM comes to in any run, None where that is not known."""
    decisions: frozenset[ConditionValue] | None
    """What its conditions come to in any run, None where that is not known."""


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
        self._known = [False for _ in self._words]
        self._flow: InformationFlow | None = None
        """Who does what in any run, where slices do without bystanders."""
        self._states = 0
        self._transitions = 0
        self._reason: LimitReason | None = None
        self._shortest: dict[Kind, MoverRun] = {}
        self._flushes: FlushGraph | None = None
        self._places: frozenset[ProgramPoint] | None = None
        self._statements: frozenset[Statement] | None = None
        self._decisions: frozenset[ConditionValue] | None = None
        self._begin()
        self._course_independence = self._independence

    def run(self, flushes_only: bool) -> None:
        course = self._course(with_words=not flushes_only)
        if self._reason is None:
            if self._moves.choosing:
                self._flow, self._course_independence = course.flow, self._independence
            self._flushes, self._places = course.graph, course.places()
            self._statements = course.statements()
            self._decisions = frozenset(self._moves.decisions)
        if flushes_only:
            return
        undecided = self._undecided(course)
        while undecided and self._reason is None:
            words, channels = undecided.pop(0)
            try:
                search = self._slice(words, channels)
            except EntangledError:
                undecided[:0] = [((word,), channels) for word in words]
            else:
                undecided[:0] = self._lacking(words, channels, search)

    def _course(self, *, with_words: bool) -> SliceSearch:
        if with_words:
            try:
                return self._slice(None, ())
            except EntangledError:
                pass
        return self._slice((), ())

    def _undecided(self, course: SliceSearch) -> list[tuple[Words, Words]]:
        """Return what the course has not decided: words, line by line, and their channels."""
        decided = course.words
        lines: dict[int, list[int]] = {}
        for word in self._words:
            # A word of one version only is neither stale nor lost.
            if word not in decided and (
                course.flow.stored(word) or len(self._numbers[word].counting) > 1
            ):
                lines.setdefault(self._layout.line_of[word], []).append(word)
        return [
            *self._lacking(decided, (), course),
            *((tuple(words), ()) for words in lines.values()),
        ]

    def _lacking(
        self, words: Words, channels: Words, search: SliceSearch
    ) -> list[tuple[Words, Words]]:
        """Return the words that a slice has not decided, by the channels that it lacks."""
        lacking: dict[Words, list[int]] = {}
        for word in words:
            more = self._channels(word, search, channels)
            if more:
                lacking.setdefault(more, []).append(word)
        return [(tuple(those), (*channels, *more)) for more, those in lacking.items()]

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
            self._places,
            self._statements,
            self._decisions,
        )

    def _begin(self) -> None:
        """Begin anew with the words whose values are known to matter."""
        self._moves = Moves(self._machine, tuple(self._known))
        self._independence = Independence(self._moves)
        self._ghosts: dict[Words, ProjectedGhosts] = {}
        self._start = self._moves.numbers(self._canonical)
        fields = self._moves.fields
        wide = [
            field for actor in fields.actors for field in (fields.core(actor), fields.stack(actor))
        ]
        wide.append(fields.count)
        self._use(
            Packing.of(
                _CORE_WIDTH if field in wide else _FIRST_WIDTH for field in range(fields.count + 1)
            )
        )

    def _use(self, packing: Packing) -> None:
        self._packing = packing
        self._table = MoveTable(self._moves, packing)

    def _slice(self, words: Words | None, channels: Words) -> SliceSearch:
        """Search the slice of some words, or of the course: of none, or of those that it keeps.

        Raises:
            EntangledError: the words had better be searched one by one.
        """
        while True:
            ghosts = self._projected(self._course_words() if words is None else words)
            try:
                search = self._search(ghosts, channels, is_course=not words)
            except ConcreteValueNeeded as needed:
                self._known[needed.word] = True
                self._begin()
            except CrowdedError:
                self._use(
                    self._packing.widened([*self._moves.sizes(), len(ghosts.interned.values)])
                )
            except DependentError:
                pass
            else:
                self._record(search)
                return search

    def _course_words(self) -> Words:
        """Return the words whose lines the course cannot do without."""
        kept = self._kept((), ())
        return tuple(word for word in self._words if self._layout.line_of[word] in kept)

    def _projected(self, words: Words) -> ProjectedGhosts:
        return self._ghosts.setdefault(words, ProjectedGhosts(words, self._moves.judged))

    def _search(self, ghosts: ProjectedGhosts, channels: Words, *, is_course: bool) -> SliceSearch:
        kept = self._kept(ghosts.words, channels)
        numbers = [
            LEFT_OUT if field < len(self._layout.lines) and field not in kept else number
            for field, number in enumerate(self._start)
        ]
        ghost = ghosts.number(self._left_of_ghost(kept))
        sizes = [*self._moves.sizes(), ghost + 1]
        if not self._packing.fits(sizes):
            self._use(self._packing.widened(sizes))
        start = self._packing.pack([*numbers, ghost])
        room = self._limits.max_states - self._states
        search = SliceSearch(
            self._table,
            self._independence,
            ghosts,
            start,
            room,
            self._reporter,
            actors=self._taking_part(ghosts.words, kept),
            is_course=is_course,
        )
        search.run()
        return search

    def _taking_part(self, words: Words, kept: Collection[int]) -> tuple[Mover, ...]:
        if self._flow is None:
            return self._moves.actors
        return taking_part(
            self._machine, self._moves, words, kept, self._flow, self._course_independence
        )

    def _kept(self, words: Words, channels: Words) -> dict[int, None]:
        needed = (word for word in self._words if self._known[word])
        return {self._layout.line_of[word]: None for word in (*needed, *words, *channels)}

    def _left_of_ghost(self, kept: Iterable[int]) -> Ghost:
        ghost = self._canonical_ghost
        nothing = tuple(0 for _ in self._words)
        released = tuple(
            versions if self._layout.line_of[word] in kept else (nothing,)
            for word, versions in enumerate(ghost.released)
        )
        return attrs.evolve(ghost, released=released)

    def _channels(self, word: int, search: SliceSearch, channels: Words) -> Words:
        kept = self._kept(search.words, channels)
        released = [
            other
            for other, versions in enumerate(self._canonical_ghost.released)
            if any(clock[word] for clock in versions)
        ]
        flow, knowing = search.flow, self._ghosts[search.words].knowing(word)
        if self._flow is not None:
            # Who stands by does not learn in the slice what he may yet pass on.
            flow, knowing = self._flow, tuple(self._flow.informed(knowing, released))
        found = flow.channels(word, knowing, released)
        return tuple(other for other in found if self._layout.line_of[other] not in kept)

    def _record(self, search: SliceSearch) -> None:
        self._states += search.states
        self._transitions += search.transitions
        self._reporter.finished(search.states, search.transitions)
        self._reason = self._reason or search.reason
        for kind, run in search.shortest.items():
            known = self._shortest.get(kind)
            if known is None or len(run) < len(known):
                self._shortest[kind] = run

    def _replayed(self, kind: Kind, run: MoverRun) -> Counterexample:
        counterexample = replayed(self._machine, self._ghost, kind, self._events(run))
        if len(counterexample.events) != len(run):
            raise ReplayError(f"{kind.value} after {len(counterexample.events)} of {len(run)}")
        return counterexample

    def _events(self, run: MoverRun) -> Iterator[Event]:
        machine = self._machine
        for mover in run:
            event = self._moves.event(machine, mover)
            if event is None:
                raise ReplayError(f"mover {mover} of {run} cannot move")
            yield event
            machine = take(machine, event).after
