"""Why a value is what it is: asked with a key, a click or a line, and gone back along."""

from __future__ import annotations

from tests.tui.piloting import lines, opened, played, press, question, said, type_line
from tui.commands.why import answer
from tui.presenters.panels.answers import Answer


async def test_with_nothing_chosen_w_answers_for_the_finding() -> None:
    async with opened(played(at=24), (120, 40)) as (pilot, screen):
        await press(pilot, "w")
        assert screen.panes.why.answer == Answer(
            "the finding at hand, at step 24", answer(screen.now, "")
        )
        assert [line for line in lines(pilot) if line.startswith("» flushes [why] stops")]


async def test_without_a_finding_w_says_how_to_choose_a_value() -> None:
    async with opened(played(policy="upstream")) as (pilot, screen):
        await press(pilot, "w")
        assert said(pilot) == (
            "Choose a value first: click one, or Tab to vCPUs or memory, then arrows."
        )
        assert screen.panes.why.answer is None


async def test_enter_and_a_click_on_a_line_of_the_answer_go_to_its_step() -> None:
    async with opened(played(at=24), (120, 40)) as (pilot, screen):
        await press(pilot, "w")
        reached = []
        for keys in (
            "enter",
            "down down down down down enter",
            "end enter",
            "home down down enter",
        ):
            await press(pilot, keys)
            reached.append(screen.now.timeline.cursor)
        assert reached == [26, 14, 24, 0]
        assert question(screen) == "the finding at hand, at step 24"


async def test_what_cannot_be_asked_for_is_said_and_a_good_question_takes_that_away() -> None:
    async with opened(size=(200, 60)) as (pilot, screen):
        await type_line(pilot, "why 1")
        assert said(pilot) == (
            "found '1'; expected ram[WORD], cache[WORD], sees[ACTOR][WORD], sctlr[VCPU].BIT, "
            "hcr[VCPU].BIT, WORD or finding N"
        )
        await type_line(pilot, "why x")
        assert (said(pilot), question(screen)) == ("", "x, at step 0")


async def test_an_answer_that_is_of_another_run_is_forgotten() -> None:
    async with opened(played(at=14), (120, 40)) as (pilot, screen):
        await type_line(pilot, "why x")
        await type_line(pilot, "goto 15")
        assert question(screen) == "x, at step 14"
        await type_line(pilot, "goto 14")
        await type_line(pilot, "take evict x")
        assert question(screen) == ""
