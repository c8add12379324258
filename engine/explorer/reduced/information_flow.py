"""Information flow: through which words an actor could learn of another's write of a word.

What an actor is entitled to of a word comes from the word's own loads and stores, from signals,
and from loads of other words that were stored by somebody who knew. A slice that leaves such a
word out would miss that; so, once it has been searched, it is looked at who did what in it.
"""

from __future__ import annotations

from collections.abc import Collection

from engine.explorer.learning.moves import Move, MoverOutcome
from engine.machine.actors import Actor
from engine.machine.effects import Loaded, Stored


class InformationFlow:
    """Who loads and stores which words, and who signals to whom, in any run of a search."""

    def __init__(self) -> None:
        """Know of nothing."""
        self._loads: dict[tuple[Actor, int], None] = {}
        self._stores: dict[tuple[Actor, int], None] = {}
        self._signals: dict[tuple[Actor, Actor], None] = {}
        self._handled: dict[tuple[Actor, int], None] = {}
        self._holders: dict[tuple[Actor, int], None] = {}

    def note(self, actor: Actor, outcome: MoverOutcome) -> None:
        """Take note of a step of an actor."""
        if not isinstance(outcome, Move):
            return
        self._handled.update(dict.fromkeys((actor, line) for line in outcome.handles))
        if outcome.passes_holder is not None:
            self._holders[actor, outcome.passes_holder] = None
        self._signals.update(dict.fromkeys(outcome.signals))
        for access in outcome.accesses:
            match access:
                case Loaded(loader, word):
                    self._loads[loader, word] = None
                case Stored(storer, word):
                    self._stores[storer, word] = None

    def stored(self, word: int) -> bool:
        """Say whether anybody stores a word."""
        return any(stored == word for _, stored in self._stores)

    def loaded(self, actor: Actor) -> frozenset[int]:
        """Return the words that an actor loads."""
        return frozenset(word for loader, word in self._loads if loader == actor)

    def stored_by(self, actor: Actor) -> frozenset[int]:
        """Return the words that an actor stores."""
        return frozenset(word for storer, word in self._stores if storer == actor)

    def handled(self, actor: Actor) -> frozenset[int]:
        """Return the lines to which an actor does what hardware could not do as well."""
        return frozenset(line for handler, line in self._handled if handler == actor)

    def lock_holders_passed(self, actor: Actor) -> frozenset[int]:
        """Return by what holders of the mmu_lock are known in whose presence an actor goes on."""
        return frozenset(holder for passing, holder in self._holders if passing == actor)

    def signals(self, actor: Actor) -> bool:
        """Say whether an actor hands anything to another directly, or is handed it."""
        return any(actor in pair for pair in self._signals)

    def informed(self, knowing: Collection[Actor], released: Collection[int]) -> Collection[Actor]:
        """Return who may ever know what some know, or what comes with the contents of words."""
        informed = dict.fromkeys(knowing)
        while True:
            told = {word for writer, word in self._stores if writer in informed}
            more = {
                reader: None for reader, word in self._loads if word in told or word in released
            }
            more |= {receiver: None for sender, receiver in self._signals if sender in informed}
            if more.keys() <= informed.keys():
                return informed
            informed |= more

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
