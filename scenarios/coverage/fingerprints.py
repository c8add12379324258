"""Which definitions are those of real kernels, and whether they do what the model does.

The data beside this module holds digests alone. A digest is there only if somebody has read what
it stands for: `tests/kernels/remake.py` says how it is made.
"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from typing import Final

import attrs

from scenarios.coverage.definitions import Definition

_BYTES: Final = 9


@attrs.frozen
class Known:
    """The earliest and the latest kernel a definition is known of, and how the model's differs.

    None: it is known of no later one; it does what the model's table says that upstream does.
    """

    era: str
    differs: str | None = None
    last: str | None = None

    @property
    def span(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The versions of the earliest and the latest kernel that is known to have it."""
        return _version(self.era), _version(self.last or self.era)

    @property
    def other_meaning(self) -> str:
        """How the model's differs, as what is said of the definition."""
        return f"is as in {self.era}, which {self.differs}; the model does not"


def _version(era: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", era)[:2])


def at_odds(known: Collection[Known]) -> tuple[Known, Known] | None:
    """Return two that no kernel has both of, since one was gone before the other came.

    Each of them does what its kernel needs of it: a page is cleaned by whoever maps it in one
    kernel, and by what that calls in the next.
    """
    if not known:
        return None
    gone = min(known, key=lambda one: one.span[1])
    new = max(known, key=lambda one: one.span[0])
    return (gone, new) if gone.span[1] < new.span[0] else None


def digest(definition: Definition) -> str:
    """Return what stands for a definition in the data: of its kind, name and tokens."""
    text = json.dumps((definition.kind, definition.name, *definition.tokens))
    hashed = blake2b(text.encode("ascii"), digest_size=_BYTES)
    return urlsafe_b64encode(hashed.digest()).decode("ascii")


def known_as(definition: Definition) -> Known | None:
    """Return which kernel a definition is of, or None where none is known to have it."""
    if definition.unread is not None:
        return None
    return _known().get(definition.name, {}).get(digest(definition))


@cache
def _known() -> Mapping[str, Mapping[str, Known]]:
    return read_known(files("scenarios.coverage").joinpath("fingerprints.json").read_text("ascii"))


def read_known(text: str) -> Mapping[str, Mapping[str, Known]]:
    """Return the data by name and digest: eras, or eras and the number of a sentence."""
    data = json.loads(text)
    return {
        name: {hashed: _read(entry, data["differs"]) for hashed, entry in entries.items()}
        for name, entries in data["known"].items()
    }


def _read(entry: str | tuple[str, int], sentences: Sequence[str]) -> Known:
    eras, differs = (entry, None) if isinstance(entry, str) else (entry[0], sentences[entry[1]])
    first, _, last = eras.partition(" ")
    return Known(first, differs, last or None)


def is_known(definition: Definition) -> bool:
    """Say whether the model does what a definition does."""
    known = known_as(definition)
    return known is not None and known.differs is None
