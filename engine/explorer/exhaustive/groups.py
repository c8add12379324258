"""Bundles: the states of a level that agree on all but lines and judge, expanded at once.

What most steps do depends on the actors alone, so that a whole bundle takes the step in a few
operations on sets of integers. The states themselves are found, and counted, one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import attrs

from engine.explorer.learning.moves import Mover

Bundles = dict[int, set[int]]
"""The bits that a bundle's states have in common, and the rest of each."""


@attrs.frozen(eq=False)
class Level:
    """The states that runs of one length lead to and no shorter ones do."""

    bundles: Bundles
    came: dict[int, list[tuple[int, Mover]]]
    """Per bundle, those of the level before that it came from, and who moved."""

    @classmethod
    def empty(cls) -> Level:
        """Return a level without states."""
        return cls({}, {})

    @property
    def size(self) -> int:
        """How many states there are."""
        return sum(map(len, self.bundles.values()))

    def add(self, common: int, rests: set[int], source: int, mover: Mover) -> None:
        """Add new states to a bundle; the set is the level's from now on."""
        if common in self.bundles:
            self.bundles[common] |= rests
        else:
            self.bundles[common] = rests
        self.came.setdefault(common, []).append((source, mover))

    def take(self, common: int) -> set[int]:
        """Take a bundle out, without its coming."""
        self.came.pop(common, None)
        return self.bundles.pop(common, set())

    def moved(self, move: Callable[[int], int]) -> Level:
        """Return the level in another packing."""
        return Level(
            moved(self.bundles, move),
            {
                move(common): [(move(source), mover) for source, mover in came]
                for common, came in self.came.items()
            },
        )


def moved(bundles: Bundles, move: Callable[[int], int]) -> Bundles:
    """Return bundles in another packing."""
    known = _Moved(move)  # many bundles have the same rests
    return {move(common): set(map(known.__getitem__, rests)) for common, rests in bundles.items()}


class _Moved(dict[int, int]):
    def __init__(self, move: Callable[[int], int]) -> None:
        super().__init__()
        self._move = move

    def __missing__(self, rest: int) -> int:
        after = self[rest] = self._move(rest)
        return after


def split(rests: Iterable[int], mask: int) -> dict[int, list[int]]:
    """Return states by some of their bits."""
    groups: dict[int, list[int]] = {}
    for rest in rests:
        bits = rest & mask
        if bits in groups:
            groups[bits].append(rest)
        else:
            groups[bits] = [rest]
    return groups
