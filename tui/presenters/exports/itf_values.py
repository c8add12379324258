"""The values of the Informal Trace Format (Apalache ADR-015): JSON, and four forms more."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeAlias

LARGEST: Final = (1 << 53) - 1
"""What every JSON parser can hold exactly, up and down; the format's own limit."""

Itf: TypeAlias = "str | bool | int | list[Itf] | dict[str, Itf] | list[list[Itf]]"
"""An expression; a record is an object whose keys do not begin with `#`."""


def integer(value: int) -> Itf:
    """Return an integer: as a string of digits where JSON's numbers do not reach."""
    return value if -LARGEST <= value <= LARGEST else {"#bigint": str(value)}


def mapping(pairs: Iterable[tuple[str, Itf]]) -> Itf:
    """Return a map, in the order of its pairs."""
    return {"#map": [[key, value] for key, value in pairs]}


def members(values: Iterable[Itf]) -> Itf:
    """Return a set, in the order given; the values must differ."""
    return {"#set": list(values)}


def tuple_of(*values: Itf) -> Itf:
    """Return a tuple."""
    return {"#tup": list(values)}
