"""Macro steps: what the reduced search takes for one step of an actor.

A macro step is an actor's independent steps, as many as there are, and the step after them. If
that step touches a line that the search keeps, hardware may fill and evict the line just before:
nothing but an operation on a line depends on its state, and fills and evictions of a line depend
on nothing else, so that they can always be put off until then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Final

import attrs

from engine.explorer.learning.flushes import NONE, Flushes
from engine.explorer.learning.moves import (
    LEFT_OUT,
    Move,
    Mover,
    MoverOutcome,
    ProgramPoint,
    Statement,
)
from engine.explorer.learning.packed_moves import MoveTable, OutcomeRow, PackedOutcome
from engine.explorer.reduced.independence import Independence

_MOST_INDEPENDENT: Final = 1000
"""Independent steps in one macro step; to take the next one for one that is not is always right.

The steps of a guest that counts without end are independent for ever: they are counted in states.
"""


@attrs.frozen
class MacroBranch:
    """One way in which a macro step can end."""

    option: Mover
    """Who moves last: the actor, or who stands for what it chooses there."""
    delta: int
    """What it adds to a packed state."""
    judged: tuple[int, ...]
    """The numbers of what the judge is told, in order."""
    movers: tuple[Mover, ...]
    """Who moves in each of its steps."""
    steps: int
    loses: bool
    """The last step leaves the newest version of some word nowhere."""
    faults: bool
    """The last step is a fault."""
    flushes: Flushes


@attrs.frozen
class MacroStep:
    """What an actor can do next; no branches where it stops, or stays independent for ever."""

    branches: tuple[MacroBranch, ...]
    stops: bool
    """After its independent steps the actor cannot move."""
    independent: int
    """How many independent steps there are."""
    last_out: int | None
    """The last of them after which the actor is out of KVM, 0 for before the first, if any."""
    independent_flushes: Flushes
    """What its independent steps flush."""
    fault: int | None
    """How many independent steps there are up to the first that is a fault, None where none is."""

    @property
    def ends_inside(self) -> bool:
        """Say whether the actor is in KVM after its independent steps, or goes round there."""
        return self.last_out != self.independent


class MacroSteps:
    """The macro steps of one search, built from moves as they are asked for."""

    def __init__(
        self,
        table: MoveTable,
        independence: Independence,
        noted: Callable[[Mover, MoverOutcome], None],
    ) -> None:
        """Know nothing yet; `noted` is called with each outcome that a macro step is made of.

        It may end the search by raising an error.
        """
        self._table: Final = table
        self._independence: Final = independence
        self._noted: Final = noted
        self._own_masks: Final = table.own_masks
        self.owners: Final = table.moves.owners
        """Per mover: who stands for its actor."""
        self._known: tuple[dict[int, OutcomeRow[MacroStep]], ...] = tuple(
            {} for _ in table.moves.movers
        )
        self.endless = 0
        """Independent steps learned in macro steps that were ended for their length."""
        self._places: tuple[dict[int, None], ...] = tuple({} for _ in table.moves.movers)
        fields, lines = table.moves.fields, table.moves.fields.lines
        self._place_masks: Final = tuple(
            table.packing.mask(fields.place(table.moves.actor(mover))) if mover >= lines else 0
            for mover in table.moves.movers
        )
        self._stacks: tuple[dict[tuple[int, int], None], ...] = tuple(
            {} for _ in table.moves.movers
        )
        self._stack_masks: Final = tuple(
            table.packing.masks[fields.stack(table.moves.actor(mover))] if mover >= lines else 0
            for mover in table.moves.movers
        )

    def step(self, mover: Mover, state: int) -> MacroStep:
        """Return what an actor can do next in a state.

        Raises:
            CrowdedError: a field has got more values than the packing has room for.
            ConcreteValueNeeded: the value of a word that is left out decides something.
        """
        own_mask = self._own_masks[mover]
        row = self._known[mover].get(state & own_mask)
        if row is None:
            row = self._known[mover][state & own_mask] = OutcomeRow(own_mask)
        step = row.outcomes.get(state & row.mask)
        if step is None:
            step, decided_by = self._learn(mover, state)
            row.put(state, decided_by, step)
        return step

    def places(self) -> Iterator[ProgramPoint]:
        """Yield where in their programs the actors have come to in any macro step so far."""
        moves = self._table.moves
        for mover in moves.actors:
            for bits in self._places[mover]:
                place = moves.place(mover, self._table.packing.unpack(bits))
                if place is not None:
                    yield place

    def statements(self) -> Iterator[Statement]:
        """Yield the policy's steps that KVM has come to in any macro step so far, some twice."""
        moves = self._table.moves
        for mover in moves.actors:
            for before, after in self._stacks[mover]:
                unpack = self._table.packing.unpack
                yield from moves.statements(mover, unpack(before), unpack(after))

    def hardware(self, line: Mover, state: int) -> Iterator[tuple[int, Move]]:
        """Yield what hardware can make of a line, an event more each: the state, and the move."""
        mask = self._table.packing.masks[line]
        met = {state & mask: None}
        while True:
            packed = self._table.outcome(line, state)
            if not isinstance(packed.outcome, Move):
                return
            state += packed.delta
            if state & mask in met:
                return
            met[state & mask] = None
            yield state, packed.outcome

    def _learn(self, mover: Mover, start: int) -> tuple[MacroStep, int]:
        independent, state, move, decided_by = self._independent(mover, start)
        if len(independent) == _MOST_INDEPENDENT:
            self.endless += len(independent)
        moves = [each for each, _ in independent]
        flushes = sum((each.flushes for each in moves), NONE)
        states = [start, *(after for _, after in independent)]
        round_from = states.index(state)
        goes_round = round_from < len(independent)
        branches: tuple[MacroBranch, ...] = ()
        if move is not None:
            movers = (mover,) * len(independent)
            found, masks = self._branches(mover, move, start, state, movers, flushes)
            branches, decided_by = found, decided_by | masks
        stops = move is None and not goes_round
        inside = self._table.packing.mask(self._table.moves.own(mover)[1:])
        out = [number for number, each in enumerate(states) if not each & inside]
        last_out = out[-1] if out else None
        if goes_round and last_out is not None and last_out >= round_from:
            last_out = len(independent)
        fault = next((number for number, each in enumerate(moves, 1) if each.faults), None)
        step = MacroStep(branches, stops, len(independent), last_out, flushes, fault)
        return step, decided_by

    def _independent(
        self, mover: Mover, start: int
    ) -> tuple[list[tuple[Move, int]], int, Move | None, int]:
        """Follow an actor's independent steps.

        Returns:
            Each with the state after it; the state after the last; the step that comes next, None
            where there is none or the independent steps go round; the bits that decide all that.
        """
        independent: list[tuple[Move, int]] = []
        met = {start: None}
        state, decided_by = start, 0
        while True:
            packed = self._outcome(mover, state)
            decided_by |= packed.decided_by
            move = packed.outcome
            if not isinstance(move, Move):
                return independent, state, None, decided_by
            follows = len(independent) < _MOST_INDEPENDENT
            follows = follows and not move.is_choice
            if not (follows and self._independence.is_independent(mover, move)):
                return independent, state, move, decided_by
            state += packed.delta
            independent.append((move, state))
            if state in met:
                return independent, state, None, decided_by
            met[state] = None

    def _branches(
        self,
        mover: Mover,
        move: Move,
        start: int,
        state: int,
        movers: tuple[Mover, ...],
        flushes: Flushes,
    ) -> tuple[tuple[MacroBranch, ...], int]:
        """Return the ways to take a step that is not independent, and the bits that decide them."""
        lines = self._table.moves.fields.lines
        touched = [field for field, number in move.reads if field < lines and number != LEFT_OUT]
        assert len(touched) <= 1, "a step that touches several lines"
        ways: list[tuple[int, tuple[int, ...], int]] = [(state, (), 0)]
        for line in touched:
            judged: tuple[int, ...] = ()
            for events, (after, fill) in enumerate(self.hardware(line, state), 1):
                judged += () if fill.judged is None else (fill.judged,)
                ways.append((after, judged, events))
        branches: dict[tuple[int, tuple[int, ...]], MacroBranch] = {}
        decided_by = 0
        options = self._table.moves.options[mover] if move.is_choice else (mover,)
        for (before, judged, events), option in product(ways, options):
            packed = self._outcome(option, before)
            decided_by |= packed.decided_by
            outcome = packed.outcome
            if not isinstance(outcome, Move):
                continue
            judged += () if outcome.judged is None else (outcome.judged,)
            delta = before + packed.delta - start
            if (delta, judged) in branches:
                continue  # the lightest comes first
            run = (*movers, *(touched * events), option)
            branches[delta, judged] = MacroBranch(
                option=option,
                delta=delta,
                judged=judged,
                movers=run,
                steps=len(run),
                loses=outcome.loses,
                faults=outcome.faults,
                flushes=flushes + outcome.flushes,
            )
        return tuple(branches.values()), decided_by

    def _outcome(self, mover: Mover, state: int) -> PackedOutcome:
        owner = self.owners[mover]
        self._places[owner][state & self._place_masks[owner]] = None
        packed = self._table.outcome(mover, state)
        mask = self._stack_masks[owner]
        self._stacks[owner][state & mask, (state + packed.delta) & mask] = None
        self._independence.note(mover, packed.outcome)
        self._noted(mover, packed.outcome)
        return packed
