"""Structure as text: a value with all that it holds, by the order of its fields, not their names.

A field may be renamed and a class may move: the text stays. A class that gets another name is
put into `FORMERLY`, and it stays as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Final

import attrs

FORMERLY: Final[dict[str, str]] = {
    "Assignment": "Store",
    "InnerCondition": "Decided",
    "JudgedDefinition": "Judged",
    "MachineQuery": "Query",
    "ObjectValue": "Load",
}
"""Classes under another name than when the digests were written: the new name, and the old."""

_INDENT: Final = "  "
_WIDTH: Final = 100


def rendered(value: object) -> str:
    """Return a value of attrs classes, enums, tuples and plain values, a part a line."""
    return "".join(f"{line}\n" for line in _lines(value, _WIDTH))


def _lines(value: object, width: int) -> Iterator[str]:
    """Yield a value on one line where it fits, else what it is and then its parts."""
    line = _line(value, width)
    if line is not None:
        yield line
        return
    name, parts = _parts(value)
    yield f"{name}:"
    for part in parts:
        yield from (f"{_INDENT}{each}" for each in _lines(part, width - len(_INDENT)))


def _line(value: object, width: int) -> str | None:
    """Return a value on one line, None where it does not fit."""
    if _is_plain(value):
        return _plain(value)
    name, parts = _parts(value)
    told: list[str] = []
    for part in parts:
        line = _line(part, width)
        width -= 0 if line is None else len(line)
        if line is None or width < 0:
            return None
        told.append(line)
    return f"{name}({', '.join(told)})"


def _is_plain(value: object) -> bool:
    if isinstance(value, str):
        return "\n" not in value
    return value is None or isinstance(value, int | Enum)


def _plain(value: object) -> str:
    if isinstance(value, Enum):
        return f"{_name(value)}.{value.value!r}"
    return repr(value)


def _parts(value: object) -> tuple[str, list[object]]:
    """Return what a value is, and what it holds.

    Raises:
        TypeError: it is none of what a compiled policy is made of.
    """
    if isinstance(value, str):
        return "text", list(value.split("\n"))
    if isinstance(value, tuple):
        return "", list(value)
    kind = type(value)
    if attrs.has(kind):
        return _name(value), [getattr(value, field.name) for field in attrs.fields(kind)]
    raise TypeError(f"found {value!r}; expected attrs classes, enums, tuples and plain values")


def _name(value: object) -> str:
    name = type(value).__name__
    return FORMERLY.get(name, name)
