"""Packed states: one integer that holds a small number for each field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

import attrs

_FEW: Final = 4
_SPARE: Final = 4
"""Fields with more than a few values get more bits at once, so that states seldom move."""


@attrs.frozen
class Packing:
    """How many bits each field's number has; they lie in the order of the fields."""

    widths: tuple[int, ...]
    shifts: tuple[int, ...]
    masks: tuple[int, ...]
    """Per field: its bits, in place."""
    lowest: tuple[int, ...]
    """The fields whose bits lie below all others."""

    @classmethod
    def of(cls, widths: Iterable[int], lowest: tuple[int, ...] = ()) -> Packing:
        """Return the packing with these widths; some fields may be put before the others."""
        widths = tuple(widths)
        shifts = [0 for _ in widths]
        shift = 0
        for field in dict.fromkeys((*lowest, *range(len(widths)))):
            shifts[field] = shift
            shift += widths[field]
        masks = tuple((1 << width) - 1 << at for width, at in zip(widths, shifts, strict=True))
        return cls(widths, tuple(shifts), masks, lowest)

    def pack(self, numbers: Sequence[int]) -> int:
        """Return the packed state of each field's number."""
        state = 0
        for number, shift in zip(numbers, self.shifts, strict=True):
            state |= number << shift
        return state

    def unpack(self, state: int) -> list[int]:
        """Return each field's number."""
        return [
            (state & mask) >> shift for mask, shift in zip(self.masks, self.shifts, strict=True)
        ]

    def mask(self, fields: Iterable[int]) -> int:
        """Return the bits of some fields."""
        mask = 0
        for field in fields:
            mask |= self.masks[field]
        return mask

    def fits(self, numbers: Sequence[int]) -> bool:
        """Say whether the first fields have room for numbers below the ones given for them."""
        return all(
            number <= 1 << width for number, width in zip(numbers, self.widths, strict=False)
        )

    def widened(self, numbers: Sequence[int]) -> Packing:
        """Return a packing with room for numbers below the ones given, and to spare if many."""
        widths = (
            width
            if number <= 1 << width
            else (number - 1).bit_length() + (_SPARE if number > _FEW else 0)
            for number, width in zip(numbers, self.widths, strict=True)
        )
        return Packing.of(widths, self.lowest)

    def mover(self, to: Packing) -> Callable[[int], int]:
        """Return what moves a packed state to a packing whose widths are no smaller."""
        stretches: list[tuple[int, int]] = []
        for mask, before, after in zip(self.masks, self.shifts, to.shifts, strict=True):
            if stretches and stretches[-1][1] == after - before:
                stretches[-1] = (stretches[-1][0] | mask, after - before)
            else:
                stretches.append((mask, after - before))

        def moved(state: int) -> int:
            return sum((state & mask) << by for mask, by in stretches)

        return moved
