"""The quiz: a run that stops before the steps that matter, and asks what will happen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

import attrs
from textual.app import ComposeResult

from scenarios.run import NO_NOTES
from tui.keys.command import Command
from tui.presenters.layout import Pane
from tui.presenters.quiz.paper import Paper
from tui.presenters.quiz.questions import questions
from tui.screens.run_screen import RunScreen
from tui.session.session import Session
from tui.widgets.question_board import QuestionBoard


class QuizScreen(RunScreen):
    """Shows a run no further than the question at hand, or its answer."""

    tells_verdict: ClassVar[bool] = False
    offered: ClassVar[frozenset[Pane]] = frozenset(
        {
            *(Pane.LANES, Pane.VCPUS, Pane.MEMORY, Pane.SOURCE),
            *(Pane.PROGRAMS, Pane.EVENTS, Pane.FLUSHES),
        }
    )

    def __init__(self, session: Session, commands: Iterable[Command]) -> None:
        self._whole = session.timeline
        self._paper = Paper(questions(self._whole))
        first = session.at(self._whole.seek(self._last_step()).extend(()))
        super().__init__(attrs.evolve(first, notes=NO_NOTES), commands)
        self._board = QuestionBoard(self.key_names)

    def compose_story(self) -> ComposeResult:
        """Yield the board, and what happened in a sentence."""
        yield self._board
        yield from super().compose_story()

    def on_mount(self) -> None:
        """Ask the first question."""
        self._board.show(self._paper)

    def action_answer(self, choice: int) -> None:
        """Answer the question at hand, and take the steps that show whether it is right."""
        self._take_up(self._paper.answer(choice))

    def action_next_question(self) -> None:
        """Go on to the next question, once the one at hand is answered."""
        turned = self._paper.turn()
        if turned is self._paper and turned.question is not None:
            self.tell("First an answer: by its key, or a click on it.")
        self._take_up(turned)

    def action_scroll_board(self, by: int) -> None:
        """Show what of the question does not fit on the board."""
        self._board.turn(by)

    def _take_up(self, paper: Paper) -> None:
        if paper is not self._paper:
            self._paper = paper
            self.session = self.now.at(self._whole.seek(self._last_step()).extend(()))
            self._board.show(paper)

    def _last_step(self) -> int:
        question = self._paper.question
        if question is None:
            return len(self._whole.steps)
        return question.shown if self._paper.answered else question.step
