"""Patches of a series that are not in the file."""

from __future__ import annotations

import pytest

from scenarios.sources.patch.holes import Holes
from scenarios.sources.patch.subject import PatchSubject, in_order


def _told(words: str) -> list[str]:
    """Return what is missing before each patch of a list, and after the last: `1/2 re:2/2`."""
    holes = Holes()
    found = []
    for word in words.split():
        number, total = map(int, word.removeprefix("re:").split("/"))
        subject = PatchSubject("x", 1, number, total)
        found.extend(holes.see(subject, aside=word.startswith("re:")))
        holes.make(subject, word)
    return [f"{each.what} {each.why}" for each in (*found, *holes.at_the_end(word))]


@pytest.mark.parametrize(
    "words", ["1/1", "0/2 1/2 2/2", "1/2 re:1/2 2/2 re:1/2", "0/0", "1/2 2/2 1/2 2/2"]
)
def test_a_series_that_is_there_has_no_holes(words: str) -> None:
    assert _told(words) == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("2/2", ["patch 1/2 is not before patch 2/2, which is made on top of it"]),
        ("re:2/2", ["patch 1/2 is not before patch 2/2, which is made on top of it"]),
        ("1/3 3/3", ["patch 2/3 is not before patch 3/3, which is made on top of it"]),
        ("4/4", ["patch 1/4 to 3/4 are not before patch 4/4, which is made on top of them"]),
        ("1/2", ["patch 2/2 is not there"]),
        ("1/4 2/4", ["patch 3/4 to 4/4 are not there"]),
        (
            "2/2 1/2",
            [
                "patch 1/2 is not before patch 2/2, which is made on top of it",
                "patch 2/2 is not there",
            ],
        ),
    ],
)
def test_what_is_not_there_is_named(words: str, told: list[str]) -> None:
    assert _told(words) == told


@pytest.mark.parametrize(
    ("subjects", "order"),
    [
        (["[PATCH 2/2] b", "[PATCH 1/2] a"], (1, 0)),
        (["[PATCH 2/2] b", "Re: [PATCH 2/2] b", "hello", "[PATCH 1/2] a"], (3, 1, 2, 0)),
        (["[PATCH 2/2] b", "[PATCH v2 1/2] a"], (0, 1)),
        (["[PATCH 2/2] b", "[PATCH 1/2] a", "[PATCH 1/2] c"], (0, 1, 2)),
    ],
)
def test_the_patches_of_a_series_are_put_in_order_where_it_is_clear_which(
    subjects: list[str], order: tuple[int, ...]
) -> None:
    assert in_order(subjects) == order
