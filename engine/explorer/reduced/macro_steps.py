"""Macro steps: what the reduced search takes for one step of an actor.

A macro step is an actor's independent steps, as many as there are, and the step after them. One of
them may be a choice; then it can go as many ways, and where the step after them is a further choice
it ends before that. If the last step touches a line that the search keeps, hardware may fill and
evict the line just before: nothing but an operation on a line depends on its state, and fills and
evictions of a line depend on nothing else, so that they can always be put off until then.
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
    """The actor, or who stands for what it chooses in the macro step."""
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


@attrs.frozen(eq=False)
class _Chain:
    """An actor's independent steps, as far as they follow one on the other."""

    moves: tuple[Move, ...]
    states: tuple[int, ...]
    """Before the first, and after each."""
    decided_by: int
    """The bits that decide them, and what comes after them."""
    round_from: int | None
    """After how many of them the actor is where it is again after the last."""
    goes_on: bool
    """The actor can move after them, and they do not go round."""
    choosing: bool
    """What comes after them is a choice."""

    @property
    def end(self) -> int:
        """The state after the last."""
        return self.states[-1]

    @property
    def flushes(self) -> Flushes:
        """What they flush."""
        return sum((move.flushes for move in self.moves), NONE)

    @property
    def fault(self) -> int | None:
        """How many there are up to the first that is a fault, None where none is."""
        return next((number for number, each in enumerate(self.moves, 1) if each.faults), None)


@attrs.frozen(eq=False)
class _Way:
    """How an actor comes to the last step of a macro step."""

    option: Mover
    """The actor, or who stands for what it chooses on the way."""
    movers: tuple[Mover, ...]
    """Who moves in each step before the last."""
    state: int
    """The state before the last."""
    last: Mover | None
    """Who takes the last step, None where a macro step ends before a choice."""
    flushes: Flushes
    """What the steps before the last flush."""


class MacroSteps:
    """The macro steps of one search, built from moves as they are asked for."""

    def __init__(
        self,
        table: MoveTable,
        independence: Independence,
        noted: Callable[[Mover, MoverOutcome], None],
        *,
        is_course: bool,
    ) -> None:
        """Know nothing yet; `noted` is called with each outcome that a macro step is made of.

        It may end the search by raising an error.
        """
        self._table: Final = table
        self._independence: Final = independence
        self._noted: Final = noted
        self._is_course: Final = is_course
        self._own_masks: Final = table.own_masks
        self._may_hit: Final = table.moves.may_hit
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
        chain = self._chain(mover, start)
        decided_by = chain.decided_by
        ways: list[_Way] = []
        if chain.choosing:
            ways, decided_by = self._choices(mover, chain)
        elif chain.goes_on:
            ways = [_Way(mover, (mover,) * len(chain.moves), chain.end, mover, chain.flushes)]
        branches: list[MacroBranch] = []
        for way in ways:
            found, masks = self._branches(way, start)
            branches += found
            decided_by |= masks
        out = [number for number, each in enumerate(chain.states) if not self._inside(mover, each)]
        last_out = out[-1] if out else None
        if chain.round_from is not None and last_out is not None and last_out >= chain.round_from:
            last_out = len(chain.moves)
        step = MacroStep(
            branches=tuple(branches),
            stops=not chain.goes_on and chain.round_from is None,
            independent=len(chain.moves),
            last_out=last_out,
            independent_flushes=chain.flushes,
            fault=chain.fault,
        )
        return step, decided_by

    def _chain(self, mover: Mover, start: int) -> _Chain:
        """Follow an actor's independent steps, up to a choice at most."""
        moves: list[Move] = []
        states = {start: 0}
        state, decided_by = start, 0
        round_from: int | None = None
        while True:
            packed = self._outcome(mover, state)
            decided_by |= packed.decided_by
            move = packed.outcome
            goes_on = isinstance(move, Move)
            choosing = isinstance(move, Move) and move.is_choice
            if not isinstance(move, Move) or choosing or len(moves) == _MOST_INDEPENDENT:
                break
            if not self._independence.is_independent(mover, move):
                break
            state += packed.delta
            moves.append(move)
            if state in states:
                round_from, goes_on = states[state], False
                break
            states[state] = len(moves)
        if len(moves) == _MOST_INDEPENDENT:
            self.endless += len(moves)
        followed = (*states, state) if round_from is not None else tuple(states)
        return _Chain(tuple(moves), followed, decided_by, round_from, goes_on, choosing)

    def _choices(self, mover: Mover, chain: _Chain) -> tuple[list[_Way], int]:
        """Return how a macro step can go that comes to a choice, and the bits that decide that.

        A choice that is independent is not its last step: those after it are, up to the next
        choice. It ends with the choice where they come to nothing, where one of them is a fault,
        and in the course, where they end in KVM: what becomes of the actor there is asked of the
        state after the choice.
        """
        movers = (mover,) * len(chain.moves)
        decided_by = chain.decided_by
        taken: list[tuple[Mover, Move, int]] = []
        for option in self._table.moves.options[mover]:
            packed = self._outcome(option, chain.end)
            decided_by |= packed.decided_by
            if isinstance(packed.outcome, Move):
                taken.append((option, packed.outcome, chain.end + packed.delta))
        independent = [self._independence.is_independent(option, move) for option, move, _ in taken]
        ways: list[_Way] = []
        for option, move, after in taken:
            way = _Way(option, movers, chain.end, option, chain.flushes)
            if all(independent) and not move.faults:
                rest = self._chain(mover, after)
                decided_by |= rest.decided_by
                inside = self._is_course and self._inside(mover, rest.end)
                if rest.goes_on and rest.fault is None and not inside:
                    run = (*movers, option, *(mover,) * len(rest.moves))
                    last = None if rest.choosing else mover
                    way = _Way(option, run, rest.end, last, chain.flushes + rest.flushes)
            ways.append(way)
        return ways, decided_by

    def _branches(self, way: _Way, start: int) -> tuple[tuple[MacroBranch, ...], int]:
        """Return how the last step of a way can end, and the bits that decide that."""
        if way.last is None:
            ended = MacroBranch(
                option=way.option,
                delta=way.state - start,
                judged=(),
                movers=way.movers,
                steps=len(way.movers),
                loses=False,
                faults=False,
                flushes=way.flushes,
            )
            return (ended,), 0
        packed = self._outcome(way.last, way.state)
        move = packed.outcome
        assert isinstance(move, Move)
        lines = self._table.moves.fields.lines
        touched = [field for field, number in move.reads if field < lines and number != LEFT_OUT]
        assert len(touched) <= 1, "a step that touches several lines"
        befores: list[tuple[int, tuple[int, ...], int]] = [(way.state, (), 0)]
        for line in touched:
            judged: tuple[int, ...] = ()
            for events, (after, fill) in enumerate(self.hardware(line, way.state), 1):
                judged += () if fill.judged is None else (fill.judged,)
                befores.append((after, judged, events))
        branches: dict[tuple[int, tuple[int, ...]], MacroBranch] = {}
        decided_by = 0
        # What hardware does to the line can open, and close, the two ways of a load that may hit.
        enders = self._table.moves.options[self.owners[way.last]] if touched else (way.last,)
        for (before, judged, events), ender in product(befores, enders):
            if ender != way.last and (not events or not self._may_hit):
                continue
            packed = self._outcome(ender, before)
            decided_by |= packed.decided_by
            outcome = packed.outcome
            if not isinstance(outcome, Move):
                continue
            judged += () if outcome.judged is None else (outcome.judged,)
            delta = before + packed.delta - start
            if (delta, judged) in branches:
                continue  # the lightest comes first
            run = (*way.movers, *(touched * events), ender)
            branches[delta, judged] = MacroBranch(
                option=way.option,
                delta=delta,
                judged=judged,
                movers=run,
                steps=len(run),
                loses=outcome.loses,
                faults=outcome.faults,
                flushes=way.flushes + outcome.flushes,
            )
        return tuple(branches.values()), decided_by

    def _inside(self, mover: Mover, state: int) -> bool:
        """Say whether an actor is in KVM."""
        return bool(state & self._stack_masks[mover])

    def _outcome(self, mover: Mover, state: int) -> PackedOutcome:
        owner = self.owners[mover]
        self._places[owner][state & self._place_masks[owner]] = None
        packed = self._table.outcome(mover, state)
        mask = self._stack_masks[owner]
        self._stacks[owner][state & mask, (state + packed.delta) & mask] = None
        self._independence.note(mover, packed.outcome)
        self._noted(mover, packed.outcome)
        return packed
