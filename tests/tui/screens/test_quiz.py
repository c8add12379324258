from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.pilot import Pilot

from tests.tui.piloting import lines, played, press, running, said
from tui.app import DebuggerApp, Mode
from tui.presenters.quiz.question import LETTERS
from tui.presenters.quiz.questions import questions
from tui.screens.picker import PickerScreen
from tui.screens.quiz import QuizScreen
from tui.session.session import Session


@asynccontextmanager
async def quizzed(
    session: Session | None = None, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[Pilot[None], QuizScreen]]:
    app = DebuggerApp(played() if session is None else session, mode=Mode.QUIZ)
    async with running(app, size) as pilot:
        assert isinstance(app.screen, QuizScreen)
        yield pilot, app.screen


def shown(pilot: Pilot[None]) -> str:
    return " ".join(" ".join(lines(pilot)).split())


def at(screen: QuizScreen) -> tuple[int, int]:
    """Return the step at hand, and how many there are to be seen."""
    return screen.now.timeline.cursor, len(screen.now.timeline.steps)


async def test_it_goes_from_question_to_question_and_tells_the_score() -> None:
    asked = questions(played().timeline)
    async with quizzed() as (pilot, screen):
        for number, question in enumerate(asked, 1):
            assert f"question {number} of {len(asked)}" in shown(pilot)
            assert at(screen) == (question.step, question.step)
            await press(pilot, LETTERS[question.right])
            assert at(screen) == (question.shown, question.shown)
            assert f"Right, it is {LETTERS[question.right]}." in shown(pilot)
            await press(pilot, "space")
        assert f"{len(asked)} of {len(asked)} answers right." in shown(pilot)
        assert at(screen) == (26, 26)
        await press(pilot, "space a")
        assert at(screen) == (26, 26)


async def test_what_is_still_to_come_is_not_on_the_screen() -> None:
    async with quizzed(size=(200, 60)) as (pilot, screen):
        await press(pilot, "b space")
        text = shown(pilot)
        for told in ("STALE", "SKIPPED", "of 26", "EXACT", "caches on, and with them"):
            assert told not in text, told
        await press(pilot, "G right pagedown x f j s")
        assert screen.now.timeline.cursor == 1


async def test_digits_answer_too() -> None:
    async with quizzed() as (pilot, _):
        await press(pilot, "2")
        assert "Right, it is b." in shown(pilot)


async def test_one_can_look_back_before_answering() -> None:
    async with quizzed() as (pilot, screen):
        await press(pilot, "b space left")
        assert at(screen) == (0, 1)
        await press(pilot, "a")
        assert at(screen) == (6, 6)


async def test_a_wrong_answer_is_corrected_and_stays() -> None:
    async with quizzed() as (pilot, _):
        await press(pilot, "a")
        text = shown(pilot)
        assert "question 1 of 8, 0 of 1 right" in text
        assert "x a It is undefined at EL1" in text
        assert "* b It traps to KVM" in text
        assert "No, not a: it is b. vcpu0 executes `msr sctlr_el1, x0`" in text
        await press(pilot, "b")
        assert "0 of 1 right" in shown(pilot)


async def test_without_an_answer_it_does_not_go_on() -> None:
    async with quizzed() as (pilot, screen):
        await press(pilot, "space")
        assert said(pilot) == "First an answer: by its key, or a click on it."
        assert at(screen) == (0, 0)


async def test_a_click_on_a_choice_answers() -> None:
    async with quizzed() as (pilot, _):
        row = next(row for row, text in enumerate(lines(pilot)) if "b  It" in text)
        await pilot.click(offset=(12, row))
        await pilot.pause()
        assert "Right, it is b." in shown(pilot)


async def test_what_belongs_to_the_debugger_is_not_there() -> None:
    async with quizzed() as (pilot, screen):
        for keys in ("colon", "slash", "e", "r", "R", "w", "u", "ctrl+s", "P", "o", "z", "y"):
            await press(pilot, keys)
        assert (pilot.app.screen, at(screen)) == (screen, (0, 0))
        await pilot.click("#memory", offset=(9, 1))
        await pilot.pause()
        assert (pilot.app.screen, at(screen)) == (screen, (0, 0))


async def test_tab_goes_to_panels_that_are_seen_alone() -> None:
    async with quizzed() as (pilot, screen):
        reached = set()
        for _ in range(5):
            await press(pilot, "tab")
            assert screen.focused is not None
            reached.add(screen.focused.id)
            await press(pilot, "enter up down")
        assert reached == {"vcpus", "memory", "source", "program0"}
        assert at(screen) == (0, 0)


async def test_escape_leads_to_the_picker() -> None:
    async with quizzed() as (pilot, _):
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, PickerScreen)


async def test_of_a_run_without_steps_nothing_is_asked() -> None:
    whole = played()
    async with quizzed(whole.at(whole.timeline.extend(()))) as (pilot, screen):
        assert "This run has no step to ask about." in shown(pilot)
        await press(pilot, "a space b")
        assert at(screen) == (0, 0)
