"""The exhaustive search: the plain search state for state, on packed states.

States are expanded group by group. A group is split by what of the lines a mover's next step
reads; a subset whose states agree on that has one outcome, and its successors differ from it by one
number, added to each. As groups are largest where states of all lengths are in one, the space is
searched in no particular order first; if something is found, or there are more states than
allowed, level by level from the start. Who is stuck is seen by going back from the states in which
he is not in KVM, once all others are known.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

import attrs

from engine.explorer.canonical import canonical_ghost, canonical_machine, numbers_of
from engine.explorer.counterexample import Counterexample, replayed
from engine.explorer.exhaustive.groups import Frontier, Groups, moved
from engine.explorer.learning.moves import Move, Mover, Moves, ProgramPoint
from engine.explorer.learning.packed_moves import CrowdedError, PackedModel
from engine.explorer.learning.packing import Packing
from engine.explorer.learning.projection import ProjectedGhosts
from engine.explorer.limits import CancelledError, LimitReason, Limits, Progress, Reporter
from engine.findings import Kind
from engine.judge import Ghost
from engine.machine.events import Event
from engine.machine.state import Machine
from engine.transition import take


@attrs.frozen(eq=False)
class ExhaustiveSearch:
    """What the exhaustive search found."""

    counterexamples: tuple[Counterexample, ...]
    states: int
    transitions: int
    reason: LimitReason | None
    """Why it ended early, None where the whole space was searched."""
    places: frozenset[ProgramPoint] | None
    """Where in their programs actors come to in any run, None where that is not known."""


def exhaustive_search(
    machine: Machine, ghost: Ghost, limits: Limits, progress: Progress | None = None
) -> ExhaustiveSearch:
    """Search every run from a state, visiting every state; what is found is found shortest."""
    return _Search(machine, ghost, limits, progress).run()


@attrs.frozen
class _End:
    """The end of a run: a state, the length of the runs that lead there, and a step from it."""

    state: int
    length: int
    mover: Mover | None
    """None where the state itself is the end."""


class _Search:
    def __init__(
        self, machine: Machine, ghost: Ghost, limits: Limits, progress: Progress | None
    ) -> None:
        self._machine = machine
        self._ghost = ghost
        self._limits = limits
        self._progress = progress
        self._reporter = Reporter(progress)
        self._moves = Moves(machine)
        words = tuple(range(len(machine.setup.layout.words)))
        self._ghosts = ProjectedGhosts(words, self._moves.judged)
        numbers = self._moves.numbers(canonical_machine(machine))
        canonical = canonical_ghost(ghost, numbers_of(machine))
        start = [*numbers, self._ghosts.number(canonical)]
        lines, ghosts = range(self._moves.fields.lines), self._moves.fields.count
        # Most fields never have a second value: no bits for them until they do.
        nothing = Packing.of((0 for _ in start), lowest=(*lines, ghosts))
        packing = nothing.widened(self._sizes())
        self._model = PackedModel(self._moves, self._ghosts, packing)
        state = packing.pack(start)
        self._reason: LimitReason | None = None
        self._begin(state)

    def _begin(self, start: int) -> None:
        groups = {start & self._model.common: {start & self._model.varying}}
        self._levels = [Frontier(groups, {})]
        self._seen = moved(groups, int)
        self._states = 1
        self._transitions = 0
        self._found: dict[Kind, _End] = {}
        """Per kind, a run that establishes it."""

    def run(self) -> ExhaustiveSearch:
        try:
            if not self._is_free_of_findings() and self._reason is not LimitReason.CANCELLED:
                self._reason = None
                self._begin(self._start())
                self._reporter = Reporter(self._progress)
                self._search_by_level()
        except CancelledError:
            self._reason = LimitReason.CANCELLED
        return ExhaustiveSearch(
            tuple(
                replayed(self._machine, self._ghost, kind, self._events(self._found[kind]))
                for kind in Kind
                if kind in self._found
            ),
            self._states,
            self._transitions,
            self._reason,
            None if self._reason is not None else frozenset(self._places()),
        )

    def _places(self) -> Iterator[ProgramPoint]:
        moves, packing = self._moves, self._model.packing
        for mover in self._model.actors:
            mask = packing.mask(moves.fields.place(moves.actor(mover)))
            for bits in dict.fromkeys(common & mask for common in self._seen):
                place = moves.place(mover, packing.unpack(bits))
                if place is not None:
                    yield place

    def _start(self) -> int:
        return next(
            common | rest for common, rests in self._levels[0].groups.items() for rest in rests
        )

    def _is_free_of_findings(self) -> bool:
        """Search the whole space in no particular order, up to the first finding."""
        start = self._start()
        due = Frontier({start & self._model.common: {start & self._model.varying}}, {})
        expanded = 0
        while due.groups:
            if self._must_stop(self._states - expanded):
                return False
            common = next(iter(due.groups))
            rests = set(due.groups[common])
            transitions = self._transitions
            try:
                self._expand_closure(common, rests, due)
            except CrowdedError:
                self._transitions = transitions
                due.groups.setdefault(common, set()).update(rests)
                due = due.moved(self._repack())
                continue
            expanded += len(rests)
            if self._found:
                return False
        return not any(self._held(self._seen, mover) for mover in self._model.actors)

    def _expand_closure(self, common: int, rests: set[int], due: Frontier) -> None:
        """Expand a group of those due, with all that hardware makes of it, which is added."""
        fresh = due.take(common)
        while fresh:
            for mover in self._model.hardware:
                self._expand_line(common, fresh, mover, due)
            fresh = due.take(common)
            rests |= fresh
        for mover in self._model.actors:
            self._expand(common, rests, mover, due)

    def _search_by_level(self) -> None:
        while self._levels[-1].groups and self._reason is None:
            level = self._next_level()  # this may replace the list of levels
            self._levels.append(level)
        self._find_stuck()

    def _next_level(self) -> Frontier:
        while True:
            level, reached = self._levels[-1], Frontier.empty()
            states, transitions, found = self._states, self._transitions, dict(self._found)
            frontier = level.size
            try:
                for common, rests in level.groups.items():
                    if self._must_stop(frontier):
                        return reached
                    for mover in self._model.hardware:
                        self._expand_line(common, rests, mover, reached)
                    for mover in self._model.actors:
                        self._expand(common, rests, mover, reached)
            except CrowdedError:
                for common, rests in reached.groups.items():
                    self._seen[common] -= rests
                self._states, self._transitions, self._found = states, transitions, found
                self._repack()
            else:
                return reached

    def _must_stop(self, frontier: int) -> bool:
        if self._states > self._limits.max_states:
            self._reason = LimitReason.STATES
        elif not self._reporter.report(self._states, self._transitions, frontier):
            self._reason = LimitReason.CANCELLED
        return self._reason is not None

    def _expand(self, common: int, rests: set[int], mover: Mover, reached: Frontier) -> None:
        for option in self._model.options[mover]:
            going_on = False
            for packed, subset in self._model.outcomes(common, rests, option):
                if isinstance(packed.outcome, Move):
                    self._follow(common, subset, option, packed.outcome, packed.delta, reached)
                    going_on = going_on or packed.outcome.is_choice
            if not going_on:
                return

    def _expand_line(self, common: int, rests: set[int], mover: Mover, reached: Frontier) -> None:
        hardware = self._model.hardware[mover]
        mask = hardware.mask
        targets = [rest + added for rest in rests if (added := hardware[rest & mask]) is not None]
        self._transitions += len(targets)
        self._reach(common, set(targets), common, mover, reached)
        if hardware.losing and Kind.LOST not in self._found:
            losing = [rest for rest in rests if rest & mask in hardware.losing]
            if losing:
                self._found[Kind.LOST] = _End(common | min(losing), self._length, mover)

    def _reach(
        self, common: int, rests: set[int], source: int, mover: Mover, reached: Frontier
    ) -> None:
        seen = self._seen.get(common)
        if seen is None:
            seen = self._seen[common] = set()
        new = rests - seen
        if new:
            seen |= new
            self._states += len(new)
            reached.add(common, new, source, mover)

    @property
    def _length(self) -> int:
        return len(self._levels) - 1

    def _follow(
        self,
        common: int,
        subset: Collection[int],
        mover: Mover,
        move: Move,
        delta: int,
        reached: Frontier,
    ) -> None:
        one = next(iter(subset))
        to = (common | one) + delta
        common_after, added = to & self._model.common, (to & self._model.varying) - one
        ghost_delta = None if move.judged is None else self._model.ghost_delta(move.judged)
        if ghost_delta is not None:
            ghost = self._model.ghost_mask
            targets = {rest + added + ghost_delta[rest & ghost] for rest in subset}
        elif added:
            targets = {rest + added for rest in subset}
        else:
            targets = subset if isinstance(subset, set) else set(subset)
        self._reach(common_after, targets, common, mover, reached)
        self._transitions += len(subset)
        if move.loses and Kind.LOST not in self._found:
            self._found[Kind.LOST] = _End(common | min(subset), self._length, mover)
        if move.faults and Kind.FAULT not in self._found:
            self._found[Kind.FAULT] = _End(common | min(subset), self._length, mover)
        if ghost_delta is not None and ghost_delta.stale and Kind.STALE not in self._found:
            stale = [rest for rest in subset if rest & self._model.ghost_mask in ghost_delta.stale]
            if stale:
                self._found[Kind.STALE] = _End(common | min(stale), self._length, mover)

    def _find_stuck(self) -> None:
        """Look for the first level in which somebody is stuck; none gets so who is at the start."""
        levels = self._levels if self._reason is None else self._levels[:-2]
        expanded: Groups = {}
        for level in levels:
            for common, rests in level.groups.items():
                expanded.setdefault(common, set()).update(rests)
        held = [self._held(expanded, mover) for mover in self._model.actors]
        for length, level in enumerate(levels):
            states = [
                common | rest
                for common, rests in level.groups.items()
                for each in held
                for rest in rests & each.get(common, set())
            ]
            if states:
                if length:
                    self._found[Kind.STUCK] = _End(min(states), length, None)
                return

    def _held(self, expanded: Groups, mover: Mover) -> Groups:
        """Return the states in which somebody is in KVM and never comes out.

        Of states that are not expanded nobody knows where they lead.
        """
        inside = self._model.inside_masks[mover]
        held = {common: set(rests) for common, rests in expanded.items() if common & inside}
        others = (other for other in self._model.actors if other != mover)
        movers = [option for each in (mover, *others) for option in self._model.options[each]]
        going_on = True
        while going_on:
            going_on = False
            for common in reversed(list(held)):  # who is met later is nearer to coming out
                before = len(held[common])
                self._reporter.look(before)
                for other in movers:
                    if held[common]:
                        held[common] -= self._coming_out(common, held, other, inside)
                held[common] -= self._coming_out_by_hardware(held[common])
                going_on = going_on or len(held[common]) < before
                if not held[common]:
                    del held[common]
        return held

    def _coming_out(self, common: int, held: Groups, mover: Mover, inside: int) -> set[int]:
        """Return those of a group's held states whose next step leads to none that is held."""
        out: set[int] = set()
        for packed, subset in self._model.outcomes(common, held[common], mover):
            if not isinstance(packed.outcome, Move):
                continue
            one = next(iter(subset))
            to = (common | one) + packed.delta
            if not to & inside:
                out.update(subset)
                continue
            still = held.get(to & self._model.common)
            if still is None:
                out.update(subset)
                continue
            added = (to & self._model.varying) - one
            if packed.outcome.judged is None:
                out.update(rest for rest in subset if rest + added not in still)
            else:
                delta = self._model.ghost_delta(packed.outcome.judged)
                ghost = self._model.ghost_mask
                out.update(
                    rest for rest in subset if rest + added + delta[rest & ghost] not in still
                )
        return out

    def _coming_out_by_hardware(self, rests: set[int]) -> set[int]:
        return {
            rest
            for hardware in self._model.hardware.values()
            for rest in rests
            if (added := hardware[rest & hardware.mask]) is not None and rest + added not in rests
        }

    def _sizes(self) -> list[int]:
        return [*self._moves.sizes(), len(self._ghosts.interned.values)]

    def _repack(self) -> Callable[[int], int]:
        """Make room for more numbers, and return what moves a state there."""
        before = self._model.packing
        packing = before.widened(self._sizes())
        self._model = PackedModel(self._moves, self._ghosts, packing)
        move = before.mover(packing)
        self._seen = moved(self._seen, move)
        self._levels = [level.moved(move) for level in self._levels]
        self._found = {
            kind: attrs.evolve(end, state=move(end.state)) for kind, end in self._found.items()
        }
        return move

    def _events(self, end: _End) -> Iterator[Event]:
        """Yield the events of the run that ends so."""
        movers = [] if end.mover is None else [end.mover]
        state = end.state
        for length in range(end.length, 0, -1):
            state, mover = self._before(state, self._levels[length], self._levels[length - 1])
            movers.append(mover)
        machine = self._machine
        for mover in reversed(movers):
            event = self._moves.event(machine, mover)
            assert event is not None
            yield event
            machine = take(machine, event).after

    def _before(self, state: int, level: Frontier, earlier: Frontier) -> tuple[int, Mover]:
        """Return a state from which a step leads to a state of the next level, and who makes it."""
        model = self._model
        for common, mover in level.came[state & self._model.common]:
            for rest in sorted(earlier.groups[common]):
                packed = model.table.outcome(mover, common | rest)
                if isinstance(packed.outcome, Move):
                    to = (common | rest) + packed.delta
                    if packed.outcome.judged is not None:
                        to += model.ghost_delta(packed.outcome.judged)[to & model.ghost_mask]
                    if to == state:
                        return common | rest, mover
        raise AssertionError("a state that no step leads to")
