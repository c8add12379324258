"""How refusals of a document word values, keys and names that are near."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from os.path import exists
from pathlib import Path
from typing import Final

from engine.arm.registers import WIDTH
from engine.refusal import RefusedError, Whereabouts, quote

_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]{1,60}")


def describe(value: object) -> str:
    """Return a TOML value as messages show it: short, and with its type where that is unclear."""
    match value:
        case str():
            return quote(value)
        case bool():
            return "true" if value else "false"
        case int():
            bits = value.bit_length()
            return str(value) if bits <= WIDTH else f"an integer of {bits} bits"
        case float():
            return f"the float {value}"
        case dict():
            return "a table"
        case list():
            return "an array"
        case _:
            return f"a {type(value).__name__}"


def key_path(path: str, key: str) -> str:
    """Return the path of a table's key, quoted as TOML would where it is not a bare one."""
    shown = key if _BARE_KEY.fullmatch(key) else quote(key)
    return f"{path}.{shown}" if path else shown


def looks_like_file(text: str) -> bool:
    """Say whether a text looks like the path of a file, not like the name of something."""
    path = Path(text)
    return bool(path.suffix) or path.name != text


def is_plain_word(text: str) -> bool:
    """Say whether a text looks like the name of something, and no such file exists."""
    return not text or not (looks_like_file(text) or exists(text))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a question about the name that is closest to an unknown one, empty if none is."""
    near = get_close_matches(word, tuple(known), n=1)
    return f"did you mean {near[0]!r}?" if near else ""


def unknown(
    found: str, word: str, known: Iterable[str], kind: str, place: Whereabouts | None = None
) -> RefusedError:
    """Return the error for an unknown word: the nearest of the known ones, or else all of them."""
    names = tuple(known)
    way = did_you_mean(word, names)
    listed = f": {', '.join(names)}" if names and not way else ""
    return RefusedError(found, f"{kind}{listed}", place, way=way)
