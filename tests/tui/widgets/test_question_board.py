from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from textwrap import wrap

import attrs
from textual.pilot import Pilot

from scenarios.names import scenario_names
from tests.tui.piloting import lines, played, press, running
from tui.app import DebuggerApp, Mode
from tui.presenters.quiz.paper import Paper
from tui.presenters.quiz.question import Question
from tui.presenters.quiz.questions import questions
from tui.widgets.question_board import QuestionBoard

LONGEST = ("false-sharing", "vcpu0-only", 8)
"""The scenario, the policy and the number of the question with most rows."""


@asynccontextmanager
async def board(size: tuple[int, int]) -> AsyncIterator[tuple[Pilot[None], QuestionBoard]]:
    scenario, policy, _ = LONGEST
    app = DebuggerApp(played(scenario, policy), mode=Mode.QUIZ)
    async with running(app, size) as pilot:
        yield pilot, app.screen.query_one(QuestionBoard)


def longest(most: int) -> list[Question]:
    """Return the questions of the library with most to read, those alike but for the step once."""
    found = {
        attrs.evolve(question, step=0, shown=0)
        for scenario in scenario_names()
        for policy in ("upstream", "vcpu0-only", "never")
        for question in questions(played(scenario, policy).timeline)
    }
    return sorted(found, key=lambda question: (rows(question), question.text))[-most:]


def rows(question: Question) -> int:
    """Return about how many rows a question takes once it is answered."""
    texts = (question.text, *question.choices, question.why)
    return sum(len(wrap(text, 60)) for text in texts)


def papers(question: Question) -> tuple[Paper, Paper]:
    """Return the question asked, and answered wrongly, which takes most words."""
    asked = Paper((question,) * 10, (0,) * 9, 9)
    return asked, asked.answer((question.right + 1) % len(question.choices))


async def hidden(pilot: Pilot[None], shown: QuestionBoard, paper: Paper) -> int:
    """Return how many rows of a paper do not fit on the board."""
    shown.show(paper)
    await pilot.pause()
    return shown.max_scroll_y


async def test_no_question_of_the_library_is_cut_in_80_columns() -> None:
    async with board((80, 24)) as (pilot, shown):
        for question in longest(25):
            for paper in papers(question):
                assert await hidden(pilot, shown, paper) == 0, question


async def test_on_the_smallest_screen_all_choices_are_seen_before_an_answer() -> None:
    async with board((60, 18)) as (pilot, shown):
        for question in longest(25):
            assert await hidden(pilot, shown, papers(question)[0]) == 0, question


async def test_an_answer_that_does_not_fit_is_seen_to_its_end_and_scrolled_by_keys() -> None:
    scenario, policy, number = LONGEST
    question = questions(played(scenario, policy).timeline)[number - 1]
    async with board((60, 18)) as (pilot, shown):
        shown.show(papers(question)[1])
        await pilot.pause()
        assert "goes on." in " ".join(lines(pilot))
        assert "question 10 of 10" not in " ".join(lines(pilot))
        await press(pilot, "pageup")
        assert "question 10 of 10" in " ".join(lines(pilot))
        await press(pilot, "pagedown")
        assert "goes on." in " ".join(lines(pilot))
