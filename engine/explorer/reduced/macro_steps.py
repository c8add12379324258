"""Strides: what the reduced search takes for one step of an actor.

A stride is an actor's silent steps, as many as there are, and the step after them. If that step
touches a line that the search keeps, hardware may fill and evict the line just before: nothing
but an operation on a line depends on its state, and fills and evictions of a line depend on
nothing else, so that they can always be put off until then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import attrs

from engine.explorer.learning.flushes import NONE, Flushes
from engine.explorer.learning.moves import LEFT_OUT, Move, Mover, Outcome, Place, Statement
from engine.explorer.learning.packed_moves import PackedOutcome, Row, Rows
from engine.explorer.reduced.independence import Sharing

_LONGEST_SILENCE: Final = 1000
"""Silent steps in one stride; taking the next one for a step that is not silent is always right.

A guest that counts without end is silent for ever, and has to be counted in states.
"""


@attrs.frozen
class Branch:
    """One way in which a stride can end."""

    delta: int
    """What it adds to a packed state."""
    judged: tuple[int, ...]
    """The numbers of what the judge is told, in order."""
    movers: tuple[Mover, ...]
    """Who moves in each of its steps."""
    steps: int
    touches: bool
    """It touches a line that the search keeps."""
    loses: bool
    """The last step leaves the newest version of some word nowhere."""
    faults: bool
    """The last step is a fault."""
    flushes: Flushes


@attrs.frozen
class Stride:
    """What an actor can do next; no branches where it stops, or stays silent for ever."""

    branches: tuple[Branch, ...]
    stops: bool
    """After its silent steps the actor cannot move."""
    silent: int
    """How many silent steps there are."""
    last_out: int | None
    """The last of them after which the actor is out of KVM, 0 for before the first, if any."""
    silent_flushes: Flushes
    """What its silent steps flush."""
    fault: int | None
    """How many silent steps there are up to the first that is a fault, None where none is."""

    @property
    def ends_inside(self) -> bool:
        """Say whether the actor is in KVM after its silent steps, or goes round there."""
        return self.last_out != self.silent


class Strides:
    """The strides of one search, built from moves as they are asked for."""

    def __init__(
        self, rows: Rows, sharing: Sharing, noted: Callable[[Mover, Outcome], None]
    ) -> None:
        """Know nothing yet; `noted` is called with each outcome that a stride is made of.

        It may end the search by raising an error.
        """
        self._rows: Final = rows
        self._sharing: Final = sharing
        self._noted: Final = noted
        self._own_masks: Final = rows.own_masks
        self._known: tuple[dict[int, Row[Stride]], ...] = tuple({} for _ in rows.moves.movers)
        self.endless = 0
        """Silent steps learned in strides that were ended for their length."""
        self._places: tuple[dict[int, None], ...] = tuple({} for _ in rows.moves.movers)
        parts, lines = rows.moves.parts, rows.moves.parts.lines
        self._place_masks: Final = tuple(
            rows.packing.mask(parts.place(parts.actors[mover - lines])) if mover >= lines else 0
            for mover in rows.moves.movers
        )
        self._stacks: tuple[dict[tuple[int, int], None], ...] = tuple({} for _ in rows.moves.movers)
        self._stack_masks: Final = tuple(
            rows.packing.masks[parts.stack(parts.actors[mover - lines])] if mover >= lines else 0
            for mover in rows.moves.movers
        )

    def stride(self, mover: Mover, state: int) -> Stride:
        """Return what an actor can do next in a state.

        Raises:
            CrowdedError: a part has got more values than the packing has room for.
            ConcreteValueNeeded: the value of a word that is left out decides something.
        """
        own_mask = self._own_masks[mover]
        row = self._known[mover].get(state & own_mask)
        if row is None:
            row = self._known[mover][state & own_mask] = Row(own_mask)
        stride = row.outcomes.get(state & row.mask)
        if stride is None:
            stride, decided_by = self._learn(mover, state)
            row.put(state, decided_by, stride)
        return stride

    def places(self) -> Iterator[Place]:
        """Yield where in their programs the actors have come to in any stride so far."""
        moves = self._rows.moves
        for mover in moves.movers[moves.parts.lines :]:
            for bits in self._places[mover]:
                place = moves.place(mover, self._rows.packing.unpack(bits))
                if place is not None:
                    yield place

    def statements(self) -> Iterator[Statement]:
        """Yield the steps of the policy that KVM has come to in any stride so far, some twice."""
        moves = self._rows.moves
        for mover in moves.movers[moves.parts.lines :]:
            for before, after in self._stacks[mover]:
                unpack = self._rows.packing.unpack
                yield from moves.statements(mover, unpack(before), unpack(after))

    def hardware(self, line: Mover, state: int) -> Iterator[tuple[int, Move]]:
        """Yield what hardware can make of a line, an event more each: the state, and the move."""
        mask = self._rows.packing.masks[line]
        met = {state & mask: None}
        while True:
            packed = self._rows.outcome(line, state)
            if not isinstance(packed.outcome, Move):
                return
            state += packed.delta
            if state & mask in met:
                return
            met[state & mask] = None
            yield state, packed.outcome

    def _learn(self, mover: Mover, start: int) -> tuple[Stride, int]:
        silent, state, move, decided_by = self._silent(mover, start)
        if len(silent) == _LONGEST_SILENCE:
            self.endless += len(silent)
        moves = [each for each, _ in silent]
        flushes = sum((each.flushes for each in moves), NONE)
        states = [start, *(after for _, after in silent)]
        round_from = states.index(state)
        goes_round = round_from < len(silent)
        branches: tuple[Branch, ...] = ()
        if move is not None:
            movers = (mover,) * len(silent)
            found, masks = self._branches(mover, move, start, state, movers, flushes)
            branches, decided_by = found, decided_by | masks
        stops = move is None and not goes_round
        inside = self._rows.packing.mask(self._rows.moves.own(mover)[1:])
        out = [number for number, each in enumerate(states) if not each & inside]
        last_out = out[-1] if out else None
        if goes_round and last_out is not None and last_out >= round_from:
            last_out = len(silent)
        fault = next((number for number, each in enumerate(moves, 1) if each.faults), None)
        stride = Stride(branches, stops, len(silent), last_out, flushes, fault)
        return stride, decided_by

    def _silent(
        self, mover: Mover, start: int
    ) -> tuple[list[tuple[Move, int]], int, Move | None, int]:
        """Follow an actor's silent steps.

        Returns:
            Each with the state after it; the state after the last; the step that comes next, None
            where there is none or the silent steps go round; the bits that decide all that.
        """
        silent: list[tuple[Move, int]] = []
        met = {start: None}
        state, decided_by = start, 0
        while True:
            packed = self._outcome(mover, state)
            decided_by |= packed.decided_by
            move = packed.outcome
            if not isinstance(move, Move):
                return silent, state, None, decided_by
            if len(silent) == _LONGEST_SILENCE or not self._sharing.silent(mover, move):
                return silent, state, move, decided_by
            state += packed.delta
            silent.append((move, state))
            if state in met:
                return silent, state, None, decided_by
            met[state] = None

    def _branches(
        self,
        mover: Mover,
        move: Move,
        start: int,
        state: int,
        movers: tuple[Mover, ...],
        flushes: Flushes,
    ) -> tuple[tuple[Branch, ...], int]:
        """Return the ways to take a step that is not silent, and the bits that decide them."""
        lines = self._rows.moves.parts.lines
        touched = [part for part, number in move.reads if part < lines and number != LEFT_OUT]
        assert len(touched) <= 1, "a step that touches several lines"
        ways: list[tuple[int, tuple[int, ...], int]] = [(state, (), 0)]
        for line in touched:
            judged: tuple[int, ...] = ()
            for events, (after, fill) in enumerate(self.hardware(line, state), 1):
                judged += () if fill.judged is None else (fill.judged,)
                ways.append((after, judged, events))
        branches: dict[tuple[int, tuple[int, ...]], Branch] = {}
        decided_by = 0
        for before, judged, events in ways:
            packed = self._outcome(mover, before)
            decided_by |= packed.decided_by
            outcome = packed.outcome
            if not isinstance(outcome, Move):
                continue
            judged += () if outcome.judged is None else (outcome.judged,)
            delta = before + packed.delta - start
            if (delta, judged) in branches:
                continue  # the lightest comes first
            run = (*movers, *(touched * events), mover)
            branches[delta, judged] = Branch(
                delta=delta,
                judged=judged,
                movers=run,
                steps=len(run),
                touches=bool(touched),
                loses=outcome.loses,
                faults=outcome.faults,
                flushes=flushes + outcome.flushes,
            )
        return tuple(branches.values()), decided_by

    def _outcome(self, mover: Mover, state: int) -> PackedOutcome:
        self._places[mover][state & self._place_masks[mover]] = None
        packed = self._rows.outcome(mover, state)
        mask = self._stack_masks[mover]
        self._stacks[mover][state & mask, (state + packed.delta) & mask] = None
        self._sharing.note(mover, packed.outcome)
        self._noted(mover, packed.outcome)
        return packed
