"""A question on a run: asked before a step, with one right answer among its choices."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from zlib import crc32

import attrs

LETTERS: Final = "abcd"
"""What the choices of a question are called."""


@attrs.frozen
class Question:
    """A question, and what answers it."""

    step: int
    """The step after which it is asked."""
    shown: int
    """The later step that shows the answer."""
    text: str
    choices: tuple[str, ...]
    """As many as there are `LETTERS` at most, all different."""
    right: int
    """The index of the right choice."""
    why: str


@attrs.frozen
class PossibleQuestion:
    """A question that could be asked, and what it is about: two of a topic are alike."""

    question: Question
    topic: tuple[str, ...]


def asked(
    step: int, shown: int, text: str, choices: Iterable[str], right: str, why: str
) -> Question:
    """Return a question; `right` is one of its choices.

    They are turned round by an amount that says nothing, so that no letter is right more often
    than others, and that is always the same for the same question.
    """
    kept = tuple(dict.fromkeys(choices))
    turn = crc32(f"{step} {text}".encode()) % len(kept)
    turned = (*kept[turn:], *kept[:turn])
    return Question(step, shown, text, turned, turned.index(right), why)
