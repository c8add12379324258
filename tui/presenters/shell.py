"""Commands and paths as a user types them: quoted for the shell, and nobody's home spelt out."""

from __future__ import annotations

import os.path
import shlex
from collections.abc import Iterable


def joined(words: Iterable[str]) -> str:
    """Return words as a command that a shell splits into them again."""
    return " ".join(map(_quoted, words))


def from_home(path: str) -> str:
    """Return a path, from `~` where it lies in the user's home."""
    rest = _in_home(path)
    return path if rest is None else f"~/{rest}"


def _quoted(word: str) -> str:
    """Return a word as a shell reads it; it expands a tilde only where that is not quoted."""
    rest = _in_home(word)
    return _plain(word) if rest is None else f"~/{_plain(rest)}"


def _plain(word: str) -> str:
    """Return a word quoted; one that could steer a terminal as bash, ksh and zsh read escapes.

    What cannot be shown must not get into a command either, by whatever road it is pasted.
    """
    if word.isprintable():
        return shlex.quote(word)
    return f"$'{''.join(map(_escaped, word))}'"


def _escaped(character: str) -> str:
    if character in "\\'":
        return f"\\{character}"
    if character.isprintable():
        return character
    return "".join(f"\\x{byte:02x}" for byte in character.encode("utf-8", "surrogateescape"))


def _in_home(path: str) -> str | None:
    """Return what follows the user's home in a path, None where it does not lie in it."""
    home = os.path.expanduser("~").rstrip("/")
    inside = os.path.isabs(home) and path.startswith(f"{home}/")
    return path[len(home) + 1 :] if inside and len(path) > len(home) + 1 else None
