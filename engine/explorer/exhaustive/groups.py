"""Groups: the states of a frontier that agree on all but lines and judge, expanded at once.

What most steps do depends on the actors alone, so that a whole group takes the step in a few
operations on sets of integers. The states themselves are found, and counted, one by one.
"""

from __future__ import annotations

from collections.abc import Callable

import attrs

from engine.explorer.learning.moves import Mover

Groups = dict[int, set[int]]
"""The bits that a group's states have in common, and the rest of each."""


@attrs.frozen(eq=False)
class Frontier:
    """The states that runs of one length lead to and no shorter ones do."""

    groups: Groups
    came: dict[int, list[tuple[int, Mover]]]
    """Per group, those of the level before that it came from, and who moved."""

    @classmethod
    def empty(cls) -> Frontier:
        """Return a frontier without states."""
        return cls({}, {})

    @property
    def size(self) -> int:
        """How many states there are."""
        return sum(map(len, self.groups.values()))

    def add(self, common: int, rests: set[int], source: int, mover: Mover) -> None:
        """Add new states to a group; the set is the frontier's from now on."""
        if common in self.groups:
            self.groups[common] |= rests
        else:
            self.groups[common] = rests
        self.came.setdefault(common, []).append((source, mover))

    def take(self, common: int) -> set[int]:
        """Take a group out, without its coming."""
        self.came.pop(common, None)
        return self.groups.pop(common, set())

    def moved(self, move: Callable[[int], int]) -> Frontier:
        """Return the frontier in another packing."""
        return Frontier(
            moved(self.groups, move),
            {
                move(common): [(move(source), mover) for source, mover in came]
                for common, came in self.came.items()
            },
        )


def moved(groups: Groups, move: Callable[[int], int]) -> Groups:
    """Return groups in another packing."""
    known = _Moved(move)  # many groups have the same rests
    return {move(common): set(map(known.__getitem__, rests)) for common, rests in groups.items()}


class _Moved(dict[int, int]):
    def __init__(self, move: Callable[[int], int]) -> None:
        super().__init__()
        self._move = move

    def __missing__(self, rest: int) -> int:
        after = self[rest] = self._move(rest)
        return after
