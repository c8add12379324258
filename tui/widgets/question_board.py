"""The board of a quiz: the question, its choices, and then the answer."""

from __future__ import annotations

from textwrap import wrap
from typing import Final

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from tui.presenters.key_names import KeyNames
from tui.presenters.quiz.paper import Paper, choice_lines, judgement, result, standing
from tui.presenters.quiz.question import LETTERS, Question

AGAIN: Final = "{next-question} goes on."
SIGN: Final = 5
"""The columns before the words of a choice: a sign and its letter."""
CHOICE_INDENT: Final = 1
NARROWEST: Final = 20


class ChoiceLine(Static):
    """One choice, which a click gives as the answer."""

    def __init__(self, choice: int) -> None:
        super().__init__(markup=False, classes="choice")
        self._choice = choice

    async def on_click(self, event: events.Click) -> None:
        """Answer with this choice."""
        await self.run_action(f"screen.answer({self._choice})")


class QuestionBoard(VerticalScroll, can_focus=False):
    """Shows the question at hand; once it is answered, whether that was right, and why."""

    def __init__(self, keys: KeyNames) -> None:
        super().__init__(id="board")
        self._again = keys.fill(AGAIN)
        self._paper = Paper(())
        self._where = Static(id="board-where", markup=False)
        self._text = Static(id="board-text", markup=False)
        self._choices = tuple(ChoiceLine(choice) for choice in range(len(LETTERS)))
        self._why = Static(id="board-why", markup=False)

    def compose(self) -> ComposeResult:
        """Yield the question, the choices and the answer."""
        yield self._where
        yield self._text
        yield from self._choices
        yield self._why

    def show(self, paper: Paper) -> None:
        """Show where a quiz is, from its beginning."""
        self._paper = paper
        self._write()
        if paper.answered:
            # What is new is at the end; where not all of it fits, the question is known by now.
            self.scroll_end(animate=False)
        else:
            self.scroll_home(animate=False)

    def turn(self, by: int) -> None:
        """Show the part below, or above, of what does not fit."""
        rows = max(self.scrollable_content_region.height - 1, 1)
        self.scroll_relative(y=by * rows, animate=False)

    def on_resize(self, event: events.Resize) -> None:
        """Wrap the choices to another width."""
        self._write()

    def _write(self) -> None:
        paper, question = self._paper, self._paper.question
        given = paper.given[paper.at] if question is not None and paper.answered else None
        self._where.update(standing(paper))
        self._text.update(result(paper) if question is None else question.text)
        self._write_choices(question, given)
        self._why.display = question is not None and paper.answered
        if question is not None and paper.answered:
            self._why.update(f"{judgement(question, given)} {question.why} {self._again}")

    def _write_choices(self, question: Question | None, given: int | None) -> None:
        lines = () if question is None else choice_lines(question)
        solution = None if question is None or not self._paper.answered else question.right
        for index, widget in enumerate(self._choices):
            widget.display = index < len(lines)
            if not widget.display:
                continue
            right, wrong = index == solution, index == given != solution
            sign = "*" if right else "x" if wrong else " "
            widget.update(self._hanging(f"{sign} {lines[index]}"))
            widget.set_class(right, "-right")
            widget.set_class(wrong, "-wrong")

    def _hanging(self, line: str) -> str:
        width = max(self.scrollable_content_region.width - CHOICE_INDENT, NARROWEST)
        return "\n".join(wrap(line, width, subsequent_indent=" " * SIGN))
