from __future__ import annotations

from textual.widgets import Static

from tests.tui.piloting import opened, played, press, said, settled
from tui.screens.output import OutputScreen


async def test_enter_or_a_click_shows_the_whole_of_a_line_that_is_cut() -> None:
    async with opened(played(policy="upstream")) as (pilot, screen):
        await press(pilot, "G l")
        assert said(pilot).endswith("…")
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, OutputScreen)
        whole = screen.answer_line.said.text
        assert str(pilot.app.screen.query_one("#output Static", Static).content) == whole
        await press(pilot, "q")
        await pilot.click("#answer", offset=(3, 0))
        await settled(pilot)
        assert isinstance(pilot.app.screen, OutputScreen)


async def test_a_line_that_is_not_cut_needs_no_page() -> None:
    async with opened() as (pilot, screen):
        await press(pilot, "h enter")
        assert (pilot.app.screen, said(pilot)) == (screen, "the run starts here")
