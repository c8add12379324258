"""Additions to packed states that depend on the ghost: by steps that the judge is told of."""

from __future__ import annotations

from collections.abc import Callable

from engine.explorer.learning.moves import Mover
from engine.explorer.learning.packed_moves import CrowdedError
from engine.explorer.learning.packing import Packing
from engine.explorer.learning.projection import ProjectedGhosts


class Judgement(dict[int, int]):
    """What one step's effects add to a packed state, by the bits of its ghost."""

    def __init__(self, ghosts: ProjectedGhosts, judged: int, packing: Packing, part: int) -> None:
        """Know nothing yet; `part` is the ghost's."""
        super().__init__()
        self.stale: dict[int, None] = {}
        """The ghosts with which the step's load is stale."""
        self._ghosts = ghosts
        self._judged = judged
        self._shift, self._width = packing.shifts[part], packing.widths[part]

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


class Hardware(dict[int, int | None]):
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
