"""Questions as their texts, each with its right answer."""

from __future__ import annotations

from collections.abc import Callable

from engine.timeline import Timeline
from tui.presenters.quiz.questions import questions

Run = Callable[..., Timeline]


def texts(timeline: Timeline) -> list[tuple[str, str]]:
    """Each question with its right answer."""
    return [(one.text, one.choices[one.right]) for one in questions(timeline)]
