"""Which definitions are those of real kernels, and whether they do what the model does.

The data beside this module holds digests alone. A digest is there only if somebody has read what
it stands for: `tests/kernels/remake.py` says how it is made.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from typing import Final

import attrs

from scenarios.kernel.definitions import Definition

_BYTES: Final = 9


@attrs.frozen
class Known:
    """The earliest kernel a definition is known of, and how it differs from the model's.

    None: it does what the model's table says that upstream does.
    """

    era: str
    differs: str | None = None


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
    return read_known(files("scenarios.kernel").joinpath("fingerprints.json").read_text("ascii"))


def read_known(text: str) -> Mapping[str, Mapping[str, Known]]:
    """Return the data by name and digest: an era, or an era and the number of a sentence."""
    data = json.loads(text)
    return {
        name: {
            hashed: Known(entry)
            if isinstance(entry, str)
            else Known(entry[0], data["differs"][entry[1]])
            for hashed, entry in entries.items()
        }
        for name, entries in data["known"].items()
    }


def is_known(definition: Definition) -> bool:
    """Say whether the model does what a definition does."""
    known = known_as(definition)
    return known is not None and known.differs is None
