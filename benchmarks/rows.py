"""The questions that are timed: which member, under which policy, against what, and the aim."""

from __future__ import annotations

from typing import Final

import attrs

from benchmarks.family import Member, Variant, member
from benchmarks.spin import Search


@attrs.frozen
class Row:
    """A question to the explorer and to pan, each a whole process."""

    question: str
    aim: float | None
    """The ratio of our time to theirs to stay below."""
    search: Search
    policy: str
    member: Member
    quick: Member
    """What stands in for the member in a quick run."""
    exhaustive: bool = False
    """Ours is the plain search, whose counts are compared with pan's."""


LARGE: Final = Row(
    "verdict, at least 10 M unreduced states",
    0.01,
    Search.REDUCED,
    "upstream",
    member(Variant.SAFE, 4, 6),
    member(Variant.SAFE, 3, 5),
)
MIDDLE: Final = Row(
    "verdict, about 1.6 M",
    0.1,
    Search.REDUCED,
    "upstream",
    member(Variant.SAFE, 3, 6, length=3),
    member(Variant.SAFE, 3, 4),
)
SHORTEST: Final = Row(
    "shortest counterexample of 40+ steps",
    0.1,
    Search.BREADTH_FIRST,
    "vcpu0-only",
    member(Variant.BUG, 4, 5),
    member(Variant.BUG, 3, 3),
)
POLLED: Final = Row(
    "verdict, every line polled",
    None,
    Search.REDUCED,
    "upstream",
    member(Variant.POLLED, 4, 3),
    member(Variant.POLLED, 3, 3),
)
CONTENDED: Final = Row(
    "worst case, one contended line",
    1.0,
    Search.REDUCED,
    "upstream",
    member(Variant.CONTENDED, 4, 1, length=2),
    member(Variant.CONTENDED, 3, 1),
)
PLAIN: Final = Row(
    "plain search, state for state",
    2.5,
    Search.PLAIN,
    "upstream",
    member(Variant.SAFE, 3, 6, length=3),
    member(Variant.SAFE, 3, 3),
    exhaustive=True,
)

ROWS: Final = (LARGE, MIDDLE, SHORTEST, POLLED, CONTENDED, PLAIN)
"""Against pan."""

COUNTED: Final = (
    (member(Variant.CONTENDED, 3, 1), "upstream"),
    (member(Variant.POLLED, 2, 3), "vcpu0-only"),
    (member(Variant.BUG, 3, 3), "vcpu0-only"),
    (member(Variant.SAFE, 3, 3), "upstream"),
    (member(Variant.CONTENDED, 4, 1, length=2), "upstream"),
)
"""Members and policies whose states and transitions are counted by both, beside `PLAIN`'s."""

COUNTED_QUICK: Final = COUNTED[:3]

SMALL: Final = member(Variant.SAFE, 3, 3)
SMALL_QUICK: Final = member(Variant.SAFE, 2, 3)
"""In process, beside minicheck."""

SMALL_AIM: Final = 0.02
MATRIX_AIM: Final = 1.0
