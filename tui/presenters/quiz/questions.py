"""The questions of a quiz: what to ask of a run, in the order of its steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from engine.findings import roles
from engine.timeline import Timeline
from tui.presenters.quiz.accesses import load_questions, store_questions
from tui.presenters.quiz.copies import departure_questions, fill_questions
from tui.presenters.quiz.exits import flush_questions, trap_questions
from tui.presenters.quiz.question import PossibleQuestion, Question
from tui.presenters.quiz.sights import sight_questions

OF_A_TOPIC: Final = 2
"""How often the same thing is asked, but for what a finding turns on."""
MOST: Final = 16
"""Questions after which nothing is asked a second time."""


def questions(timeline: Timeline) -> tuple[Question, ...]:
    """Return the questions on a run, wherever its cursor is.

    No question is asked before the answer to the one before it has been shown.
    """
    turns = _turns(timeline)
    candidates = [
        candidate
        for number in range(1, len(timeline.steps) + 1)
        for candidate in _candidates(timeline, number)
    ]
    topics = len({candidate.topic for candidate in candidates})
    each = OF_A_TOPIC if topics * OF_A_TOPIC <= MOST else 1
    kept: list[Question] = []
    seen: Counter[tuple[str, ...]] = Counter()
    for candidate in candidates:
        question = candidate.question
        if kept and question.step < kept[-1].shown:
            continue
        if question.shown in turns or seen[candidate.topic] < each:
            seen[candidate.topic] += 1
            kept.append(question)
    return tuple(kept)


def _turns(timeline: Timeline) -> set[int]:
    """Return the steps that the first finding of each kind speaks of."""
    first = {finding.kind: finding for finding in reversed(timeline.findings)}
    return set(roles(first.values()))


def _candidates(timeline: Timeline, number: int) -> Iterator[PossibleQuestion]:
    """Yield what could be asked about step `number`, or about the exit that begins with it."""
    yield from trap_questions(timeline, number)
    yield from sight_questions(timeline, number)
    yield from load_questions(timeline, number)
    yield from store_questions(timeline, number)
    yield from fill_questions(timeline, number)
    yield from departure_questions(timeline, number)
    yield from flush_questions(timeline, number)
