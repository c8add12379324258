"""Digests of all that the net holds, in a committed file: a row an input, sorted, by kind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final

from tests.net.kinds import KINDS

Digests = dict[str, str]
"""By the row's name."""

FILE: Final = Path(__file__).with_suffix(".json")
_DIGITS: Final = 16


def made(kind: str, name: str) -> Digests:
    """Return the digests of one input's rows, as the product is now."""
    return {row: _digest(text) for row, text in KINDS[kind].rows(name)}


def committed() -> dict[str, Digests]:
    """Return the digests in the file, by kind."""
    return json.loads(FILE.read_text("utf-8")) if FILE.exists() else {}


def write(digests: dict[str, Digests]) -> None:
    """Write the digests of every kind."""
    FILE.write_text(json.dumps(digests, indent=1, sort_keys=True) + "\n", "utf-8")


def differences(now: Digests, held: Digests) -> Iterator[str]:
    """Yield in which rows what is now is not what is held."""
    for name in sorted(now.keys() | held.keys()):
        if name not in held:
            yield f"{name}: new"
        elif name not in now:
            yield f"{name}: gone"
        elif now[name] != held[name]:
            yield f"{name}: differs"


def belongs(row: str, name: str) -> bool:
    """Say whether a row is one of an input's."""
    return row == name or row.startswith(f"{name}/")


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:_DIGITS]
