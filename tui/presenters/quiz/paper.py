"""A quiz under way: its questions, what was answered so far, and where one is."""

from __future__ import annotations

import attrs

from tui.presenters.quiz.question import LETTERS, Question
from tui.presenters.words import counted


@attrs.frozen
class Paper:
    """The questions with the answers given, the first of them to the first question."""

    questions: tuple[Question, ...]
    given: tuple[int | None, ...] = ()
    """Indices of choices, None for no answer."""
    at: int = 0
    """The index of the question at hand, as many as there are when all is over."""

    @property
    def question(self) -> Question | None:
        """The question at hand, None when all is over."""
        return self.questions[self.at] if self.at < len(self.questions) else None

    @property
    def answered(self) -> bool:
        """Whether the question at hand has been answered."""
        return len(self.given) > self.at

    @property
    def right(self) -> int:
        """How many answers were right so far."""
        pairs = zip(self.given, self.questions, strict=False)
        return sum(given == question.right for given, question in pairs)

    def answer(self, choice: int) -> Paper:
        """Return the paper with the question at hand answered, once and for all."""
        question = self.question
        if question is None or self.answered or choice >= len(question.choices):
            return self
        return attrs.evolve(self, given=(*self.given, choice))

    def turn(self) -> Paper:
        """Return the paper at the next question, once the one at hand is answered."""
        return attrs.evolve(self, at=self.at + 1) if self.answered else self


def standing(paper: Paper) -> str:
    """Return which question is at hand, and how many answers were right."""
    total, asked = len(paper.questions), len(paper.given)
    if not total:
        return "no questions"
    where = "the end" if paper.question is None else f"question {paper.at + 1} of {total}"
    return f"{where}, {paper.right} of {asked} right" if asked else where


def choice_lines(question: Question) -> tuple[str, ...]:
    """Return the choices with their letters."""
    return tuple(
        f"{letter}  {choice}" for letter, choice in zip(LETTERS, question.choices, strict=False)
    )


def judgement(question: Question, given: int | None) -> str:
    """Return whether an answer is right, and which one is."""
    right = LETTERS[question.right]
    if given is None:
        return f"No answer; it is {right}."
    if given == question.right:
        return f"Right, it is {right}."
    return f"No, not {LETTERS[given]}: it is {right}."


def result(paper: Paper) -> str:
    """Return how the whole quiz went."""
    if not paper.questions:
        return "This run has no step to ask about."
    score = f"{paper.right} of {counted(len(paper.questions), 'answer')} right."
    pairs = zip(paper.given, paper.questions, strict=False)
    wrong = [number for number, (given, one) in enumerate(pairs, 1) if given != one.right]
    if not wrong:
        return score
    again = ", ".join(f"{number} (step {paper.questions[number - 1].shown})" for number in wrong)
    return f"{score} Worth another look: {again}."
