"""The keys that texts name: a text names a command in braces, and the key of it is put there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import attrs

_NAMED: Final = re.compile(r"(?P<begins>^|[.:] )?\{(?P<command>[a-z-]+)\}")
NO_KEY: Final = "no key"


@attrs.frozen
class KeyNames:
    """What the keys of a screen's commands are called in the middle of a sentence."""

    names: Mapping[str, str]
    """By the name of the command."""

    def __contains__(self, command: str) -> bool:
        """Say whether the screen has a command."""
        return command in self.names

    def fill(self, text: str) -> str:
        """Return a text with the keys in the places of the commands that it names."""
        return _NAMED.sub(self._put, text)

    def _put(self, match: re.Match[str]) -> str:
        begins, name = match["begins"], self.names.get(match["command"], NO_KEY)
        if begins is None:
            return name
        # A letter of a key stays as small as it is.
        is_word = len(name) > 1
        return f"{begins}{name[0].upper()}{name[1:]}" if is_word else f"{begins}{name}"
