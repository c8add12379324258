"""The keymap: the commands of each screen with the keys that the user has given them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import attrs

from tui.keys.command import Command, key_names, without
from tui.keys.declared import (
    COMPARE,
    DEBUGGER,
    EVERYWHERE,
    MORE,
    OF_QUIZ,
    OF_TOUR,
    PICKER,
    QUIZZED,
    TOURED,
)

_ALWAYS: Final = (MORE, *EVERYWHERE)

DISTINCT: Final = {
    "debugger": (*DEBUGGER, *_ALWAYS),
    "compare": (*COMPARE, *_ALWAYS),
    "picker": (*PICKER, *_ALWAYS),
    "tour": (*OF_TOUR, *_ALWAYS),
    "quiz": (*OF_QUIZ, *_ALWAYS),
}
"""Commands that must not share a key, by the screen that has them."""


@attrs.frozen
class Keymap:
    """The user's own keys by the names of commands; all others keep their declared ones."""

    keys: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)

    @property
    def debugger(self) -> tuple[Command, ...]:
        """The commands of the debugger."""
        return self._with_keys((*DEBUGGER, *_ALWAYS))

    @property
    def compare(self) -> tuple[Command, ...]:
        """The commands of the lock-step comparison."""
        return self._with_keys((*COMPARE, *_ALWAYS))

    @property
    def picker(self) -> tuple[Command, ...]:
        """The commands of the list of scenarios."""
        return self._with_keys((*PICKER, *_ALWAYS))

    @property
    def tour(self) -> tuple[Command, ...]:
        """The commands of a tour: its own take their keys from the debugger's."""
        own = self._with_keys(OF_TOUR)
        return (*own, *without(self._with_keys((*TOURED, *_ALWAYS)), own))

    @property
    def quiz(self) -> tuple[Command, ...]:
        """The commands of a quiz: its own take their keys from those of going through a run."""
        own = self._with_keys(OF_QUIZ)
        return (*own, *without(self._with_keys((*QUIZZED, *_ALWAYS)), own))

    def _with_keys(self, commands: Iterable[Command]) -> tuple[Command, ...]:
        own = tuple(
            attrs.evolve(command, keys=self.keys.get(command.name, command.keys))
            for command in commands
        )
        names = key_names(own)
        return tuple(attrs.evolve(command, title=names.fill(command.title)) for command in own)
