"""Rows: a mover's moves as additions to packed states, found by the bits that decide them."""

from __future__ import annotations

from typing import Final, Generic, TypeVar

import attrs

from engine.explorer.learning.moves import Move, Mover, Moves, Outcome
from engine.explorer.learning.packing import Packing

_T = TypeVar("_T")


class CrowdedError(Exception):
    """A part has more values than its bits can number."""


@attrs.frozen(eq=False)
class PackedOutcome:
    """A mover's outcome, and what it adds to a packed state."""

    outcome: Outcome
    delta: int
    decided_by: int
    """The bits of the parts that decide it."""


class Row(Generic[_T]):
    """What is known of a mover's outcomes where its own parts have given values.

    `mask` has the bits of every part that decides some outcome of the row: states that agree on
    them have the same outcome.
    """

    __slots__ = ("mask", "outcomes")

    def __init__(self, mask: int) -> None:
        """Know nothing yet."""
        self.mask = mask
        self.outcomes: dict[int, _T] = {}

    def put(self, state: int, decided_by: int, outcome: _T) -> None:
        """Note the outcome in a state; where that widens the mask, all else is forgotten."""
        mask = self.mask | decided_by
        if mask != self.mask:
            self.mask = mask
            self.outcomes.clear()
        self.outcomes[state & mask] = outcome


class Rows:
    """The rows of every mover under one packing, which may number more parts after the moves'."""

    def __init__(self, moves: Moves, packing: Packing) -> None:
        """Know nothing yet."""
        self.moves: Final = moves
        self.packing: Final = packing
        self.own_masks: Final = tuple(packing.mask(moves.own(mover)) for mover in moves.movers)
        self._rows: tuple[dict[int, Row[PackedOutcome]], ...] = tuple({} for _ in moves.movers)

    def row(self, mover: Mover, own: int) -> Row[PackedOutcome]:
        """Return the row for the bits of a mover's own parts."""
        row = self._rows[mover].get(own)
        if row is None:
            row = self._rows[mover][own] = Row[PackedOutcome](self.own_masks[mover])
        return row

    def outcome(self, mover: Mover, state: int) -> PackedOutcome:
        """Return what a mover does in a state.

        Raises:
            CrowdedError: a part has got more values than the packing has room for.
        """
        row = self.row(mover, state & self.own_masks[mover])
        return row.outcomes.get(state & row.mask) or self.learn(mover, row, state)

    def learn(self, mover: Mover, row: Row[PackedOutcome], state: int) -> PackedOutcome:
        """Fill in a row for a state; where that widens its mask, it has to be learned again.

        Raises:
            CrowdedError: a part has got more values than the packing has room for.
        """
        numbers = self.packing.unpack(state)[: self.moves.parts.count]
        outcome = self.moves.outcome(mover, numbers)
        if not self.packing.fits(self.moves.sizes()):
            raise CrowdedError
        delta = 0
        if isinstance(outcome, Move):
            shifts = self.packing.shifts
            delta = sum(new - old << shifts[part] for part, old, new in outcome.writes)
        decided_by = self.packing.mask(part for part, _ in outcome.reads)
        packed = PackedOutcome(outcome, delta, decided_by)
        row.put(state, decided_by, packed)
        return packed
