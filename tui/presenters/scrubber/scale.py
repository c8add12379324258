"""Which columns stand for which steps: several columns a step, or several steps a column."""

from __future__ import annotations

from typing import Final

import attrs

WIDEST_STEP: Final = 4
"""The columns that a step takes at most."""


@attrs.frozen
class Scale:
    """All steps from 0 to `last` on `width` columns; both are exact inverses of each other."""

    last: int
    width: int

    @property
    def used(self) -> int:
        """How many columns stand for steps; a short run leaves some blank."""
        return self._columns_a_step * (self.last + 1) or self.width

    def steps(self, column: int) -> range:
        """Return the steps that a column stands for."""
        each = self._columns_a_step
        if each:
            return range(column // each, column // each + 1)
        count = self.last + 1
        return range(-(-column * count // self.width), -(-(column + 1) * count // self.width))

    def columns(self, step: int) -> range:
        """Return the columns that stand for a step."""
        each = self._columns_a_step
        if each:
            return range(step * each, (step + 1) * each)
        column = step * self.width // (self.last + 1)
        return range(column, column + 1)

    def step_at(self, column: int) -> int:
        """Return the step that a click on a column goes to, of several the first.

        The last column goes to the last step, and columns beyond the ends to the nearest.
        """
        rightmost = self.used - 1
        if column >= rightmost > 0:
            return self.last
        return self.steps(min(max(0, column), rightmost)).start

    @property
    def _columns_a_step(self) -> int:
        """The columns of one step, 0 where a column stands for several."""
        return min(self.width // (self.last + 1), WIDEST_STEP)
