from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from textual.app import App
from textual.pilot import Pilot

from engine.timeline import Timeline
from scenarios.library import load_scenario
from scenarios.policy_library import load_policy
from tui.app import DebuggerApp, Mode
from tui.presenters.quiz.question import LETTERS
from tui.presenters.quiz.questions import questions
from tui.screens.picker import PickerScreen
from tui.screens.quiz import QuizScreen

ScreenText = Callable[[App[None]], str]


@asynccontextmanager
async def quizzed(
    size: tuple[int, int] = (80, 24),
) -> AsyncIterator[tuple[Pilot[None], QuizScreen]]:
    scenario, policy = load_scenario("secondary-stale-line"), load_policy("vcpu0-only")
    app = DebuggerApp(scenario, policy, mode=Mode.QUIZ)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, QuizScreen)
        yield pilot, app.screen


async def test_it_goes_from_question_to_question_and_tells_the_score(
    run: Callable[..., Timeline], screen_text: ScreenText
) -> None:
    asked = questions(run("secondary-stale-line"))
    async with quizzed() as (pilot, screen):
        for number, question in enumerate(asked, 1):
            assert f"question {number} of {len(asked)}" in screen_text(pilot.app)
            assert (screen.here.cursor, len(screen.here.steps)) == (question.step,) * 2
            await pilot.press(LETTERS[question.right])
            assert (screen.here.cursor, len(screen.here.steps)) == (question.shown,) * 2
            assert f"Right, it is {LETTERS[question.right]}." in screen_text(pilot.app)
            await pilot.press("space")
        assert f"{len(asked)} of {len(asked)} answers right." in screen_text(pilot.app)
        assert len(screen.here.steps) == 26
        await pilot.press("space", "a")
        assert len(screen.here.steps) == 26


async def test_what_is_still_to_come_is_not_on_the_screen(screen_text: ScreenText) -> None:
    async with quizzed(size=(120, 40)) as (pilot, screen):
        await pilot.press("b", "space")
        text = screen_text(pilot.app)
        assert "STALE" not in text
        assert "SKIPPED" not in text
        await pilot.press("G", "right", "pagedown", "x", "f")
        assert screen.here.cursor == 1


async def test_one_can_look_back_before_answering() -> None:
    async with quizzed() as (pilot, screen):
        await pilot.press("b", "space", "left")
        assert screen.here.cursor == 0
        await pilot.press("a")
        assert screen.here.cursor == 6


async def test_a_wrong_answer_is_corrected_and_stays(screen_text: ScreenText) -> None:
    async with quizzed() as (pilot, _):
        await pilot.press("a")
        text = " ".join(screen_text(pilot.app).split())
        assert "question 1 of 8, 0 of 1 right" in text
        assert "x a It is undefined at EL1" in text
        assert "* b It traps to KVM" in text
        assert "No, not a: it is b. vcpu0 executes `msr sctlr_el1, x0`" in text
        await pilot.press("b")
        assert "0 of 1 right" in screen_text(pilot.app)


async def test_without_an_answer_it_does_not_go_on() -> None:
    async with quizzed() as (pilot, screen):
        await pilot.press("space", "d")
        await pilot.pause()
        assert screen.here.cursor == 0
        assert [note.message for note in pilot.app._notifications] == [
            "First an answer: a letter, or a click on one."
        ]


async def test_a_click_on_a_choice_answers(screen_text: ScreenText) -> None:
    async with quizzed() as (pilot, _):
        row = next(
            row for row, text in enumerate(screen_text(pilot.app).splitlines()) if "b  It" in text
        )
        await pilot.click(offset=(12, row))
        await pilot.pause()
        assert "Right, it is b." in screen_text(pilot.app)


async def test_escape_leads_to_the_picker() -> None:
    async with quizzed() as (pilot, _):
        await pilot.press("escape")
        assert isinstance(pilot.app.screen, PickerScreen)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)], ids=lambda size: f"{size[0]}")
async def test_it_looks_as_it_did(
    size: tuple[int, int], golden: Callable[[str, str], None], screen_text: ScreenText
) -> None:
    async with quizzed(size) as (pilot, _):
        await pilot.press("b", "space", "a")
        await pilot.pause()
        golden(f"quiz-{size[0]}x{size[1]}", screen_text(pilot.app))
