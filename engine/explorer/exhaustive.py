"""The exhaustive search: the plain search state for state, on packed states.

A level of the search is split by what a mover's next step reads; a group whose states agree on
that has one outcome, and its successors differ from it by one number, added to each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import attrs

from engine.explorer.canonical import canonical_ghost, canonical_machine, numbers_of
from engine.explorer.counterexample import Counterexample, replayed
from engine.explorer.ghosts import ProjectedGhosts
from engine.explorer.limits import Limits, Progress, Reason, Reporter
from engine.explorer.moves import Move, Mover, Moves
from engine.explorer.packing import Packing
from engine.explorer.rows import CrowdedError, PackedOutcome, Row, Rows
from engine.findings import Kind
from engine.judge import Ghost
from engine.machine.events import Event
from engine.machine.state import Machine
from engine.stuck import stuck_vcpu
from engine.transition import take


@attrs.frozen(eq=False)
class ExhaustiveSearch:
    """What the exhaustive search found."""

    counterexamples: tuple[Counterexample, ...]
    states: int
    transitions: int
    reason: Reason | None
    """Why it ended early, None where the whole space was searched."""


def exhaustive_search(
    machine: Machine, ghost: Ghost, limits: Limits, progress: Progress | None = None
) -> ExhaustiveSearch:
    """Search every run from a state, breadth-first."""
    return _Search(machine, ghost, limits, Reporter(progress)).run()


@attrs.frozen
class _Step:
    """One step of the search: the states before and after, and who moved."""

    before: int
    after: int
    mover: Mover | None
    """None where any mover will do that makes the step."""


class _Judgement(dict[int, int]):
    """What one step's effects add to a packed state, by the bits of one word's ghost."""

    def __init__(self, mask: int, learn: Callable[[int], tuple[int, bool]]) -> None:
        super().__init__()
        self.mask = mask
        self.stale: dict[int, None] = {}
        """The ghosts with which the step's load is stale."""
        self._learn = learn

    def __missing__(self, bits: int) -> int:
        self[bits], stale = self._learn(bits)
        if stale:
            self.stale[bits] = None
        return self[bits]


class _Search:
    def __init__(self, machine: Machine, ghost: Ghost, limits: Limits, reporter: Reporter) -> None:
        self._machine = machine
        self._ghost = ghost
        self._limits = limits
        self._reporter = reporter
        self._moves = Moves(machine)
        words = range(len(machine.setup.layout.words))
        self._ghosts = tuple(ProjectedGhosts(word, self._moves.judged) for word in words)
        numbers = self._moves.numbers(canonical_machine(machine))
        canonical = canonical_ghost(ghost, numbers_of(machine))
        start = [*numbers, *(ghosts.number(canonical) for ghosts in self._ghosts)]
        # Most parts never have a second value: no bits for them until they do.
        self._use(Packing.of(0 for _ in start).widened(self._sizes()))
        self._start = self._packing.pack(start)
        self._seen = {self._start: self._start}
        """Each state's predecessor; the start's is itself."""
        self._stuck_before = stuck_vcpu(machine) is not None
        self._transitions = 0
        self._reason: Reason | None = None
        self._found: dict[Kind, _Step] = {}
        """Per kind, the first step that establishes it."""
        self._waiting: list[int] = []
        """States of the level in which some vCPU in KVM cannot move."""

    def run(self) -> ExhaustiveSearch:
        level = [self._start]
        while level and self._reason is None:
            level = self._next_level(level)
        return ExhaustiveSearch(
            tuple(
                replayed(self._machine, self._ghost, kind, self._events(self._found[kind]))
                for kind in Kind
                if kind in self._found
            ),
            len(self._seen),
            self._transitions,
            self._reason,
        )

    def _next_level(self, level: list[int]) -> list[int]:
        while True:
            reached: list[int] = []
            transitions, found = self._transitions, dict(self._found)
            self._waiting.clear()
            try:
                for mover in self._moves.movers:
                    if self._must_stop(len(level)):
                        return reached
                    self._expand(level, mover, reached)
            except CrowdedError:
                for state in reached:
                    del self._seen[state]
                self._transitions, self._found = transitions, found
                level = self._repack(level)
            else:
                self._find_stuck()
                return reached

    def _must_stop(self, frontier: int) -> bool:
        if len(self._seen) > self._limits.max_states:
            self._reason = Reason.STATES
        elif not self._reporter.report(len(self._seen), self._transitions, frontier):
            self._reason = Reason.CANCELLED
        return self._reason is not None

    def _expand(self, level: list[int], mover: Mover, reached: list[int]) -> None:
        rows, waits = self._rows, self._waits_masks[mover]
        for own, members in _split(level, rows.own_masks[mover]).items():
            row = rows.row(mover, own)
            for packed, group in self._outcomes(mover, row, own, members):
                if isinstance(packed.outcome, Move):
                    self._follow(mover, packed.outcome, packed.delta, group, reached)
                elif own & waits:
                    self._waiting += group

    def _outcomes(
        self, mover: Mover, row: Row[PackedOutcome], own: int, members: list[int]
    ) -> list[tuple[PackedOutcome, list[int]]]:
        """Split states by what decides a mover's outcome in them, learning what is new."""
        while True:
            mask = row.mask
            if mask == self._rows.own_masks[mover]:
                groups = {own: members}
            else:
                groups = _split(members, mask)
            for bits, group in groups.items():
                if bits not in row.outcomes:
                    self._rows.learn(mover, row, group[0])
                    if row.mask != mask:
                        break
            else:
                return [(row.outcomes[bits], group) for bits, group in groups.items()]

    def _follow(
        self, mover: Mover, move: Move, delta: int, group: list[int], reached: list[int]
    ) -> None:
        targets = [state + delta for state in group]
        judgements = self._judgements_of(move)
        for judgement in judgements:
            mask = judgement.mask
            targets = [target + judgement[target & mask] for target in targets]
        seen = self._seen
        new = {
            target: state
            for target, state in zip(targets, group, strict=True)
            if target not in seen
        }
        seen.update(new)
        reached += new
        self._transitions += len(group)
        if move.loses and Kind.LOST not in self._found:
            self._found[Kind.LOST] = _Step(group[0], targets[0], mover)
        stale = [judgement for judgement in judgements if judgement.stale]
        if stale and Kind.STALE not in self._found:
            for state, target in zip(group, targets, strict=True):
                if any(state & judgement.mask in judgement.stale for judgement in stale):
                    self._found[Kind.STALE] = _Step(state, target, mover)
                    break

    def _find_stuck(self) -> None:
        """Look for a stuck vCPU where one waits and no actor's next step changes anything."""
        if Kind.STUCK in self._found or self._stuck_before:
            return
        for state in dict.fromkeys(self._waiting):
            if state == self._start or any(self._changes(state, mover) for mover in self._actors):
                continue
            bits = state & self._machine_mask
            if bits not in self._stuck:
                numbers = self._packing.unpack(state)[: self._moves.parts.count]
                self._stuck[bits] = stuck_vcpu(self._moves.machine(numbers)) is not None
            if self._stuck[bits]:
                self._found[Kind.STUCK] = _Step(self._seen[state], state, None)
                return

    def _changes(self, state: int, mover: Mover) -> bool:
        move = self._rows.outcome(mover, state).outcome
        return isinstance(move, Move) and move.changes

    def _judgements_of(self, move: Move) -> tuple[_Judgement, ...]:
        if move.judged is None:
            return ()
        judgements = self._judgements.get(move.judged)
        if judgements is None:
            judgements = tuple(self._judgement(ghosts, move.judged) for ghosts in self._ghosts)
            self._judgements[move.judged] = judgements
        return judgements

    def _judgement(self, ghosts: ProjectedGhosts, judged: int) -> _Judgement:
        part = self._moves.parts.count + ghosts.word
        shift, width = self._packing.shifts[part], self._packing.widths[part]

        def learn(bits: int) -> tuple[int, bool]:
            before = bits >> shift
            after, stale = ghosts.after(before, judged)
            if after >> width:
                raise CrowdedError
            return after - before << shift, stale

        return _Judgement(self._packing.masks[part], learn)

    def _sizes(self) -> list[int]:
        return [
            *self._moves.sizes(),
            *(len(ghosts.interned.values) for ghosts in self._ghosts),
        ]

    def _use(self, packing: Packing) -> None:
        """Pack states so from now on; what was derived from another packing is void."""
        moves, parts = self._moves, self._moves.parts
        self._packing = packing
        self._rows = Rows(moves, packing)
        self._machine_mask = packing.mask(range(parts.count))
        self._actors = moves.movers[parts.lines :]
        # The empty stack is the first that is interned, so that any bit means a vCPU in KVM.
        self._waits_masks = [
            packing.masks[parts.stack(mover - parts.lines)]
            if parts.lines <= mover < parts.lines + parts.vcpus
            else 0
            for mover in moves.movers
        ]
        self._judgements: dict[int, tuple[_Judgement, ...]] = {}
        self._stuck: dict[int, bool] = {}

    def _repack(self, level: list[int]) -> list[int]:
        before = self._packing
        self._use(before.widened(self._sizes()))
        moved = before.mover(self._packing)
        self._seen = {moved(state): moved(parent) for state, parent in self._seen.items()}
        self._start = moved(self._start)
        self._found = {
            kind: attrs.evolve(step, before=moved(step.before), after=moved(step.after))
            for kind, step in self._found.items()
        }
        return [moved(state) for state in level]

    def _events(self, last: _Step) -> Iterator[Event]:
        """Yield the events of the run that ends with a step."""
        states = [last.before]
        while states[-1] != self._start:
            states.append(self._seen[states[-1]])
        states.reverse()
        machine = self._machine
        for before, after in (*pairwise(states), (last.before, last.after)):
            is_last = (before, after) == (last.before, last.after)
            mover = last.mover if is_last else None
            if mover is None:
                mover = self._mover(before, after)
            event = self._moves.event(machine, mover)
            assert event is not None
            yield event
            machine = take(machine, event).after

    def _mover(self, before: int, after: int) -> Mover:
        """Return a mover that makes the step between two states."""
        for mover in self._moves.movers:
            packed = self._rows.outcome(mover, before)
            if isinstance(packed.outcome, Move):
                target = before + packed.delta
                for judgement in self._judgements_of(packed.outcome):
                    target += judgement[target & judgement.mask]
                if target == after:
                    return mover
        raise AssertionError("a step of the search that no mover makes")


def _split(states: list[int], mask: int) -> dict[int, list[int]]:
    groups: dict[int, list[int]] = {}
    for state in states:
        bits = state & mask
        if bits in groups:
            groups[bits].append(state)
        else:
            groups[bits] = [state]
    return groups
