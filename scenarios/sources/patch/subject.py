"""Subjects of patches (`[PATCH v2 1/3]`): which patch of which series a message has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import attrs

_SUBJECT: Final = re.compile(
    r"(?:(?:re|fwd?|aw|sv)[ \t]*:[ \t]*)*\[([^\]\n]{1,100})\][ \t]*(.*)", re.IGNORECASE
)
_COUNT: Final = re.compile(r"\b(\d{1,3})/(\d{1,3})\b")
_VERSION: Final = re.compile(r"\bv(\d{1,3})\b", re.I)


@attrs.frozen
class PatchSubject:
    """What a patch's subject says: `number` of `total` is 0 of 0 for a single patch."""

    title: str
    version: int
    number: int
    total: int

    @classmethod
    def of(cls, text: str) -> PatchSubject:
        """Read a subject line, also a reply's; anything without `[…]` is a plain title."""
        found = _SUBJECT.match(text)
        if found is None or "patch" not in found.group(1).lower():
            return cls(text, 1, 0, 0)
        tag, title = found.groups()
        count, version = _COUNT.search(tag), _VERSION.search(tag)
        number, total = (int(count.group(1)), int(count.group(2))) if count else (0, 0)
        if not 0 <= number <= total:
            number = total = 0
        return cls(title.strip(), int(version.group(1)) if version else 1, number, total)

    @property
    def name(self) -> str:
        """How a candidate is titled: `patch v2 1/3`."""
        version = f" v{self.version}" if self.version > 1 else ""
        return f"patch{version} {self.number}/{self.total}" if self.total else f"patch{version}"


def in_order(subjects: Sequence[str]) -> tuple[int, ...]:
    """Return the order of messages in which each patch of a series stands below those before it.

    Only where every number stands there once is it clear what belongs together.
    """
    order = list(range(len(subjects)))
    series: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for index, text in enumerate(subjects):
        subject = PatchSubject.of(text)
        if subject.total and not is_reply(text):
            key = (subject.version, subject.total)
            series.setdefault(key, []).append((subject.number, index))
    for members in series.values():
        if len({number for number, _ in members}) == len(members):
            places = sorted(index for _, index in members)
            for place, (_, index) in zip(places, sorted(members), strict=True):
                order[place] = index
    return tuple(order)


def is_reply(text: str) -> bool:
    """Say whether a subject is none that a patch was sent with."""
    return not text.startswith("[")
