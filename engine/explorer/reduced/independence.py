"""Independence (partial-order reduction): steps that commute with all that others can do.

A step is independent if it reads only what no other mover changes, and changes only what no other
mover reads; and if it touches no line that the search keeps and tells the judge nothing. It
commutes with every step of the others, so that a run in which it is put off until just before its
actor's next step that is not independent is a run as well, of the same length.

That nobody else reads or changes something is supposed until a move is met that does; then the
search begins anew, with what is known by then. The first such move of any run is met by the
search: up to there the run's steps are those of a run that it has followed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from engine.explorer.learning.fields import FieldNumber
from engine.explorer.learning.moves import LEFT_OUT, Move, Mover, MoverOutcome, Moves


class DependentError(Exception):
    """A step that was taken for independent turned out to depend on another mover's."""


class Independence:
    """Which movers read each field, and which change it when it has a given value."""

    def __init__(self, moves: Moves) -> None:
        """Know of no mover that reads or changes anything."""
        self.mistaken = False
        """Some step that was taken for independent is not."""
        self._lines = moves.fields.lines
        self._owners = moves.owners
        self._readers: dict[FieldNumber, int] = {}
        self._changers: dict[tuple[FieldNumber, int], int] = {}
        self._independent_readers: dict[tuple[FieldNumber, int], int] = {}
        self._independent_changers: dict[FieldNumber, int] = {}
        self._among = -1
        """The bits of those who move."""

    def begin(self, movers: Collection[Mover]) -> None:
        """Forget which steps were taken for independent; these actors move, and none else."""
        self.mistaken = False
        self._among = sum(1 << mover for mover in movers)
        self._independent_readers.clear()
        self._independent_changers.clear()

    def note(self, mover: Mover, outcome: MoverOutcome) -> None:
        """Take note of what an outcome depends on and what it changes."""
        bit = 1 << self._owners[mover]
        conflict = 0
        for field, _ in outcome.reads:
            self._readers[field] = self._readers.get(field, 0) | bit
            conflict |= self._independent_changers.get(field, 0)
        if isinstance(outcome, Move):
            for field, number, _ in outcome.writes:
                self._changers[field, number] = self._changers.get((field, number), 0) | bit
                conflict |= self._independent_readers.get((field, number), 0)
        # Another mover's step was independent only if this mover never did that.
        self.mistaken |= bool(conflict & ~bit)

    def is_independent(self, mover: Mover, move: Move) -> bool:
        """Say whether a step is independent as far as is known; if so, count on it from now on."""
        if move.judged is not None:
            return False
        bit = 1 << self._owners[mover]
        others = 0
        for field, number in move.reads:
            if field < self._lines and number != LEFT_OUT:
                return False
            others |= self._changers.get((field, number), 0)
        for field, _, _ in move.writes:
            others |= self._readers[field]
        if others & ~bit & self._among:
            return False
        for read in move.reads:
            self._independent_readers[read] = self._independent_readers.get(read, 0) | bit
        for field, _, _ in move.writes:
            self._independent_changers[field] = self._independent_changers.get(field, 0) | bit
        return True

    def closure(
        self, bits: int, without: Collection[FieldNumber], only: Mapping[FieldNumber, int]
    ) -> int:
        """Return the bits of some movers, and of all that change what one of these reads.

        Lines do not count, nor do the fields that are to be done without; some fields are read
        by some movers `only`, whatever is known.
        """
        changers: dict[FieldNumber, int] = {}
        for (field, _), changing in self._changers.items():
            if field >= self._lines and field not in without:
                changers[field] = changers.get(field, 0) | changing
        readers = {**self._readers, **only}
        while True:
            more = bits
            for field, changing in changers.items():
                if readers.get(field, 0) & bits:
                    more |= changing
            if more == bits:
                return bits
            bits = more
