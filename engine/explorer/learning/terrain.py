"""Terrain: all that is known of moves and ghosts under one packing."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from engine.explorer.exhaustive.groups import split
from engine.explorer.learning.additions import Hardware, Judgement
from engine.explorer.learning.moves import Move, Mover, Moves
from engine.explorer.learning.packed_moves import PackedOutcome, Rows
from engine.explorer.learning.packing import Packing
from engine.explorer.learning.projection import ProjectedGhosts


class Terrain:
    """What movers do in packed states; the ghost is the part after the machine's."""

    def __init__(self, moves: Moves, ghosts: ProjectedGhosts, packing: Packing) -> None:
        """Know nothing yet."""
        parts = moves.parts
        self.packing: Final = packing
        self.rows: Final = Rows(moves, packing)
        self.ghost_mask: Final = packing.masks[parts.count]
        self.varying: Final = packing.mask(range(parts.lines)) | self.ghost_mask
        """The bits of lines and ghost, by which the states of a bundle differ."""
        self.common: Final = packing.mask(range(parts.lines, parts.count))
        """The bits of all else."""
        self.actors: Final = moves.movers[parts.lines :]
        # The empty stack is the first that is interned, so that any bit means an actor in KVM.
        self.inside_masks: Final = tuple(
            packing.masks[parts.stack(parts.actors[mover - parts.lines])]
            if mover >= parts.lines
            else 0
            for mover in moves.movers
        )
        """Per mover: the bits that say that it is in KVM."""
        self.hardware: Final = {
            line: Hardware(self._addition, line, packing.masks[line] | self.ghost_mask)
            for line in moves.movers[: parts.lines]
        }
        self._moves = moves
        self._ghosts = ghosts
        self._judgements: dict[int, Judgement] = {}

    def outcomes(
        self, common: int, bundle: set[int], mover: Mover
    ) -> list[tuple[PackedOutcome, Collection[int]]]:
        """Split states by what decides a mover's outcome in them, learning what is new."""
        row = self.rows.row(mover, common & self.rows.own_masks[mover])
        while True:
            mask = row.mask
            telling = mask & self.varying
            groups: Iterable[Collection[int]] = (bundle,)
            if telling:
                groups = split(bundle, telling).values()
            outcomes: list[tuple[PackedOutcome, Collection[int]]] = []
            for group in groups:
                state = common | next(iter(group))
                packed = row.outcomes.get(state & mask)
                if packed is None:
                    packed = self.rows.learn(mover, row, state)
                    if row.mask != mask:
                        break
                outcomes.append((packed, group))
            else:
                return outcomes

    def judgement(self, judged: int) -> Judgement:
        """Return what the judge makes of what it is told of a step."""
        judgement = self._judgements.get(judged)
        if judgement is None:
            part = self._moves.parts.count
            judgement = Judgement(self._ghosts, judged, self.packing, part)
            self._judgements[judged] = judgement
        return judgement

    def _addition(self, line: Mover, bits: int) -> tuple[int | None, bool]:
        """Return what hardware's event adds to a line and a ghost, and whether it loses."""
        packed = self.rows.outcome(line, bits)
        move = packed.outcome
        if not isinstance(move, Move):
            return None, False
        if move.judged is None:
            return packed.delta, move.loses
        told = self.judgement(move.judged)[bits & self.ghost_mask]
        return packed.delta + told, move.loses
