"""Sharing: which steps are nobody else's business, so that they need no interleaving.

A step is silent if it reads only what no other mover changes, and changes only what no other
mover reads; and if it touches no line that the search keeps and tells the judge nothing. A silent
step commutes with every step of the others, so that a run in which it is put off until just
before its actor's next step that is not silent is a run as well, of the same length. That nobody
else reads or changes something is supposed until a move is met that does; then the search begins
anew, with what is known by then. The first such move of any run is met by the search: up to there
the run's steps are those of a run that it has followed.
"""

from __future__ import annotations

from engine.explorer.learning.fields import Part
from engine.explorer.learning.moves import LEFT_OUT, Move, Mover, Moves, Outcome


class SharedError(Exception):
    """A step that was taken for silent turned out not to be."""


class Sharing:
    """Which movers read each part, and which change it when it has a given value."""

    def __init__(self, moves: Moves) -> None:
        """Know of no mover that reads or changes anything."""
        self.mistaken = False
        """Some step that was taken for silent is not."""
        self._lines = moves.parts.lines
        self._readers: dict[Part, int] = {}
        self._changers: dict[tuple[Part, int], int] = {}
        self._silent_readers: dict[tuple[Part, int], int] = {}
        self._silent_changers: dict[Part, int] = {}

    def begin(self) -> None:
        """Forget which steps were taken for silent."""
        self.mistaken = False
        self._silent_readers.clear()
        self._silent_changers.clear()

    def note(self, mover: Mover, outcome: Outcome) -> None:
        """Take note of what an outcome depends on and what it changes."""
        bit = 1 << mover
        conflict = 0
        for part, _ in outcome.reads:
            self._readers[part] = self._readers.get(part, 0) | bit
            conflict |= self._silent_changers.get(part, 0)
        if isinstance(outcome, Move):
            for part, number, _ in outcome.writes:
                self._changers[part, number] = self._changers.get((part, number), 0) | bit
                conflict |= self._silent_readers.get((part, number), 0)
        # Another mover's step was silent only if this mover never did that.
        self.mistaken |= bool(conflict & ~bit)

    def silent(self, mover: Mover, move: Move) -> bool:
        """Say whether a step is silent as far as is known, and count on it from now on if so."""
        if move.judged is not None:
            return False
        bit = 1 << mover
        others = 0
        for part, number in move.reads:
            if part < self._lines and number != LEFT_OUT:
                return False
            others |= self._changers.get((part, number), 0)
        for part, _, _ in move.writes:
            others |= self._readers[part]
        if others & ~bit:
            return False
        for read in move.reads:
            self._silent_readers[read] = self._silent_readers.get(read, 0) | bit
        for part, _, _ in move.writes:
            self._silent_changers[part] = self._silent_changers.get(part, 0) | bit
        return True
