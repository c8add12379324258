"""Projection of ghosts: what the judge knows of some words, learned step by step from `observe`.

Clocks are joined word by word, so that what matters for the staleness of a word's loads never
depends on the numbers of words that are left out: a ghost is the product of one projected ghost
for each set of words, in which every clock is 0 but for those.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from engine.explorer.canonical import Numbers, canonical_ghost
from engine.explorer.learning.interning import Interned
from engine.explorer.learning.moves import Judged
from engine.judge import Clock, Ghost, observe
from engine.machine.actors import VMM, Actor


class ProjectedGhosts:
    """The ghosts projected on some words, by number, and what steps make of them."""

    def __init__(self, words: tuple[int, ...], judged: Interned) -> None:
        """Know nothing yet; `judged` gives what the judge is told by number."""
        self.words: Final = words
        self.interned: Final = Interned()
        self._judged = judged
        self._after: dict[tuple[int, int], tuple[int, bool]] = {}

    def number(self, ghost: Ghost) -> int:
        """Return the number of a canonical ghost's projection."""
        return self.interned.number(_projected(ghost, self.words))

    def knowing(self, word: int) -> tuple[Actor, ...]:
        """Return who is ever entitled to more than the oldest version of one of the words."""
        ghosts = [ghost for ghost in self.interned.values if isinstance(ghost, Ghost)]
        actors = (*range(len(ghosts[0].kicks)), VMM)
        return tuple(
            actor for actor in actors if any(ghost.entitled[actor][word] for ghost in ghosts)
        )

    def after(self, number: int, judged: int) -> tuple[int, bool]:
        """Return the ghost after what the judge is told, and whether a load was stale."""
        known = self._after.get((number, judged))
        if known is None:
            known = self._after[number, judged] = self._learn(number, judged)
        return known

    def _learn(self, number: int, judged: int) -> tuple[int, bool]:
        ghost = self.interned.values[number]
        told = self._judged.values[judged]
        assert isinstance(ghost, Ghost)
        assert isinstance(told, Judged)
        seen, stale = observe(ghost, told.effects)
        renumbered = dict(told.renumbered)
        numbers = tuple(
            renumbered.get(word) or _all_kept(len(versions))
            for word, versions in enumerate(seen.released)
        )
        return self.number(canonical_ghost(seen, numbers)), bool(stale)


@cache  # pure, and few numbers of versions are met
def _all_kept(versions: int) -> Numbers:
    return Numbers(tuple(range(versions)), (True,) * versions)


def _projected(ghost: Ghost, words: tuple[int, ...]) -> Ghost:
    if len(words) == len(ghost.released):
        return ghost

    @cache  # most clocks are the same one
    def project(clock: Clock) -> Clock:
        return tuple(number if each in words else 0 for each, number in enumerate(clock))

    def signalled(clock: Clock | None) -> Clock | None:
        # A signal that entitles to nothing is as good as none.
        return None if clock is None or not any(project(clock)) else project(clock)

    return Ghost(
        entitled=tuple(map(project, ghost.entitled)),
        released=tuple(tuple(map(project, clocks)) for clocks in ghost.released),
        kicks=tuple(map(signalled, ghost.kicks)),
        interrupts=tuple(map(signalled, ghost.interrupts)),
    )
