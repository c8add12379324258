"""Information flow: through which words an actor could learn of another's write of a word.

What an actor is entitled to of a word comes from the word's own loads and stores, from signals,
and from loads of other words that were stored by somebody who knew. A slice that leaves such a
word out would miss that; so, once it has been searched, it is looked at who did what in it.
"""

from __future__ import annotations

from collections.abc import Collection

from engine.explorer.learning.moves import Move, Mover, MoverOutcome
from engine.machine.actors import Actor
from engine.machine.effects import Loaded, Stored


class InformationFlow:
    """Who loads and stores which words, and who signals to whom, in any run of a search."""

    def __init__(self) -> None:
        """Know of nothing."""
        self._loads: dict[tuple[Actor, int], None] = {}
        self._stores: dict[tuple[Actor, int], None] = {}
        self._signals: dict[tuple[Actor, Actor], None] = {}

    def note(self, _: Mover, outcome: MoverOutcome) -> None:
        """Take note of a step."""
        if not isinstance(outcome, Move):
            return
        self._signals.update(dict.fromkeys(outcome.signals))
        for access in outcome.accesses:
            match access:
                case Loaded(actor, word):
                    self._loads[actor, word] = None
                case Stored(actor, word):
                    self._stores[actor, word] = None

    def stored(self, word: int) -> bool:
        """Say whether anybody stores a word."""
        return any(stored == word for _, stored in self._stores)

    def channels(
        self, word: int, knowing: Collection[Actor], released: Collection[int]
    ) -> tuple[int, ...]:
        """Return the words through which somebody who loads `word` may learn of its writes.

        `knowing` are those who are ever entitled to more than the oldest version of `word`;
        `released` the words whose contents at the start were written by somebody who was.
        """
        using = self._using(word)
        return tuple(
            dict.fromkeys(
                other
                for reader, other in self._loads
                if reader in using
                and (
                    other in released
                    or any(
                        writer in knowing and writer != reader and stored == other
                        for writer, stored in self._stores
                    )
                )
            )
        )

    def _using(self, word: int) -> dict[Actor, None]:
        """Return who loads a word, or may tell somebody who does."""
        using = {actor: None for actor, loaded in self._loads if loaded == word}
        while True:
            more = {
                writer: None
                for writer, stored in self._stores
                if any(loaded == stored and reader in using for reader, loaded in self._loads)
            }
            more |= {sender: None for sender, receiver in self._signals if receiver in using}
            if more.keys() <= using.keys():
                return using
            using |= more
