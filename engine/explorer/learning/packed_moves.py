"""Packed moves: what movers do to packed states, found by the bits that decide it.

A state is one int, and a move an addition to it. A mover's table has a row per value of its own
fields; the row knows the bits that decide its outcomes, and has an outcome per value of those.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Final, Generic, TypeVar

import attrs

from engine.explorer.learning.moves import Move, Mover, MoverOutcome, Moves
from engine.explorer.learning.packing import Packing
from engine.explorer.learning.projection import ProjectedGhosts

_T = TypeVar("_T")


class CrowdedError(Exception):
    """A field has more values than its bits can number."""


@attrs.frozen(eq=False)
class PackedOutcome:
    """A mover's outcome, and what it adds to a packed state."""

    outcome: MoverOutcome
    delta: int
    decided_by: int
    """The bits of the fields that decide it."""


class OutcomeRow(Generic[_T]):
    """What is known of a mover's outcomes where its own fields have given values.

    `mask` has the bits of every field that decides some outcome of the row: states that agree on
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


class MoveTable:
    """Every mover's moves under one packing, which may number more fields after the machine's."""

    def __init__(self, moves: Moves, packing: Packing) -> None:
        """Know nothing yet."""
        self.moves: Final = moves
        self.packing: Final = packing
        self.own_masks: Final = tuple(packing.mask(moves.own(mover)) for mover in moves.movers)
        self._rows: tuple[dict[int, OutcomeRow[PackedOutcome]], ...] = tuple(
            {} for _ in moves.movers
        )

    def row(self, mover: Mover, own: int) -> OutcomeRow[PackedOutcome]:
        """Return the row for the bits of a mover's own fields."""
        row = self._rows[mover].get(own)
        if row is None:
            row = self._rows[mover][own] = OutcomeRow[PackedOutcome](self.own_masks[mover])
        return row

    def outcome(self, mover: Mover, state: int) -> PackedOutcome:
        """Return what a mover does in a state.

        Raises:
            CrowdedError: a field has got more values than the packing has room for.
        """
        row = self.row(mover, state & self.own_masks[mover])
        return row.outcomes.get(state & row.mask) or self.learn(mover, row, state)

    def learn(self, mover: Mover, row: OutcomeRow[PackedOutcome], state: int) -> PackedOutcome:
        """Fill in a row for a state; where that widens its mask, it has to be learned again.

        Raises:
            CrowdedError: a field has got more values than the packing has room for.
        """
        numbers = self.packing.unpack(state)[: self.moves.fields.count]
        outcome = self.moves.outcome(mover, numbers)
        if not self.packing.fits(self.moves.sizes()):
            raise CrowdedError
        delta = 0
        if isinstance(outcome, Move):
            shifts = self.packing.shifts
            delta = sum(new - old << shifts[field] for field, old, new in outcome.writes)
        decided_by = self.packing.mask(field for field, _ in outcome.reads)
        packed = PackedOutcome(outcome, delta, decided_by)
        row.put(state, decided_by, packed)
        return packed


class GhostDelta(dict[int, int]):
    """What one step's effects add to a packed state, by the bits of its ghost."""

    def __init__(self, ghosts: ProjectedGhosts, judged: int, packing: Packing, field: int) -> None:
        """Know nothing yet; `field` is the ghost's."""
        super().__init__()
        self.stale: dict[int, None] = {}
        """The ghosts with which the step's load is stale."""
        self._ghosts = ghosts
        self._judged = judged
        self._shift, self._width = packing.shifts[field], packing.widths[field]

    def __missing__(self, bits: int) -> int:
        """Learn what is added to a ghost.

        Raises:
            CrowdedError: there are more ghosts than the packing has room for.
        """
        before = bits >> self._shift
        after, stale = self._ghosts.after(before, self._judged)
        if after >> self._width:
            raise CrowdedError
        added = self[bits] = after - before << self._shift
        if stale:
            self.stale[bits] = None
        return added


class HardwareDelta(dict[int, int | None]):
    """What a line's fill or eviction adds to a packed state, by the bits of line and ghost."""

    def __init__(
        self, learn: Callable[[Mover, int], tuple[int | None, bool]], line: Mover, mask: int
    ) -> None:
        """Know nothing yet; `mask` has the bits of line and ghost."""
        super().__init__()
        self.mask = mask
        self.losing: dict[int, None] = {}
        """The bits with which the event loses a newest version."""
        self._learn = learn
        self._line = line

    def __missing__(self, bits: int) -> int | None:
        """Learn what is added, None where hardware can do nothing."""
        self[bits], loses = self._learn(self._line, bits)
        if loses:
            self.losing[bits] = None
        return self[bits]


class PackedModel:
    """What movers do in packed states; the ghost is the field after the machine's."""

    def __init__(self, moves: Moves, ghosts: ProjectedGhosts, packing: Packing) -> None:
        """Know nothing yet."""
        fields = moves.fields
        self.packing: Final = packing
        self.table: Final = MoveTable(moves, packing)
        self.ghost_mask: Final = packing.masks[fields.count]
        self.varying: Final = packing.mask(range(fields.lines)) | self.ghost_mask
        """The bits of lines and ghost, by which the states of a group differ."""
        self.common: Final = packing.mask(range(fields.lines, fields.count))
        """The bits of all else."""
        self.actors: Final = moves.actors
        self.options: Final = moves.options
        # The empty stack is the first that is interned, so that any bit means an actor in KVM.
        self.inside_masks: Final = tuple(
            packing.masks[fields.stack(moves.actor(mover))] if mover >= fields.lines else 0
            for mover in moves.movers
        )
        """Per mover: the bits that say that it is in KVM."""
        self.hardware: Final = {
            line: HardwareDelta(self._addition, line, packing.masks[line] | self.ghost_mask)
            for line in moves.movers[: fields.lines]
        }
        self._moves = moves
        self._ghosts = ghosts
        self._ghost_deltas: dict[int, GhostDelta] = {}

    def outcomes(
        self, common: int, group: set[int], mover: Mover
    ) -> list[tuple[PackedOutcome, Collection[int]]]:
        """Split states by what decides a mover's outcome in them, learning what is new."""
        row = self.table.row(mover, common & self.table.own_masks[mover])
        while True:
            mask = row.mask
            telling = mask & self.varying
            subsets: Iterable[Collection[int]] = (group,)
            if telling:
                subsets = split(group, telling).values()
            outcomes: list[tuple[PackedOutcome, Collection[int]]] = []
            for subset in subsets:
                state = common | next(iter(subset))
                packed = row.outcomes.get(state & mask)
                if packed is None:
                    packed = self.table.learn(mover, row, state)
                    if row.mask != mask:
                        break
                outcomes.append((packed, subset))
            else:
                return outcomes

    def ghost_delta(self, judged: int) -> GhostDelta:
        """Return what the judge makes of what it is told of a step."""
        ghost_delta = self._ghost_deltas.get(judged)
        if ghost_delta is None:
            field = self._moves.fields.count
            ghost_delta = GhostDelta(self._ghosts, judged, self.packing, field)
            self._ghost_deltas[judged] = ghost_delta
        return ghost_delta

    def _addition(self, line: Mover, bits: int) -> tuple[int | None, bool]:
        """Return what hardware's event adds to a line and a ghost, and whether it loses."""
        packed = self.table.outcome(line, bits)
        move = packed.outcome
        if not isinstance(move, Move):
            return None, False
        if move.judged is None:
            return packed.delta, move.loses
        told = self.ghost_delta(move.judged)[bits & self.ghost_mask]
        return packed.delta + told, move.loses


def split(rests: Iterable[int], mask: int) -> dict[int, list[int]]:
    """Return states by some of their bits."""
    subsets: dict[int, list[int]] = {}
    for rest in rests:
        bits = rest & mask
        if bits in subsets:
            subsets[bits].append(rest)
        else:
            subsets[bits] = [rest]
    return subsets
