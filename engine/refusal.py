"""Refusals: how messages show what was found, and name what was expected in its place."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

_SHOWN: Final = 40
_LISTED: Final = 12
_COMPARED: Final = 64
_OFFERED: Final = 1_000


def quote(text: str) -> str:
    """Return text as messages show it: quoted, printable and not too long."""
    shown = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return f"'{shown}'" if shown.isprintable() else ascii(shown)


def suggestion(known: Iterable[str], wanted: str) -> str:
    """Return a question about the names closest to an unknown one, empty if none is close."""
    near = get_close_matches(wanted[:_COMPARED], tuple(known)[:_OFFERED], n=3)
    return f"; did you mean {' or '.join(near)}?" if near else ""


def one_of(known: Iterable[str], wanted: str, kind: str) -> str:
    """Return what is expected in place of an unknown name: those closest to it, else all."""
    names = tuple(known)
    if not names:
        return f"{kind}, but there is none"
    more = ", …" if len(names) > _LISTED else ""
    return kind + (suggestion(names, wanted) or f": {', '.join(names[:_LISTED])}{more}")
