"""A quiz graded, as text: each question with the answer given, the right one, and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from scenarios.case import Subject
from tui.presenters.quiz.paper import Paper, choice_lines, judgement, result
from tui.presenters.quiz.question import Question
from tui.presenters.reports.plain import paragraph

WIDTH: Final = 80


def graded(paper: Paper, subject: Subject) -> str:
    """Return a paper on which every question is answered, with its marks."""
    return "".join(f"{line}\n" for line in _lines(paper, subject))


def _lines(paper: Paper, subject: Subject) -> Iterator[str]:
    hang = " " * 10
    yield from paragraph(f"scenario  {subject.scenario}: {subject.title}", WIDTH, "", hang)
    yield from paragraph(f"policy    {subject.policy}", WIDTH, "", hang)
    yield ""
    pairs = zip(paper.questions, paper.given, strict=True)
    for number, (question, given) in enumerate(pairs, 1):
        yield from _marked(number, question, given)
        yield ""
    yield from paragraph(f"score     {result(paper)}", WIDTH, "", hang)


def _marked(number: int, question: Question, given: int | None) -> Iterator[str]:
    lead = f"{number:>2}. "
    asked = f"After step {question.step}: {question.text}"
    yield from paragraph(asked, WIDTH, lead, " " * len(lead))
    for index, line in enumerate(choice_lines(question)):
        sign = "*" if index == given else " "
        yield from paragraph(line, WIDTH, f"    {sign} ", " " * 9)
    verdict = f"{judgement(question, given)} {question.why}"
    yield from paragraph(verdict, WIDTH, " " * len(lead))
