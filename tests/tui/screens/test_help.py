from __future__ import annotations

from tui.app import DebuggerApp
from tui.screens.help import HelpScreen
from tui.screens.picker import PickerScreen


async def test_it_opens_over_any_screen_and_closes_again() -> None:
    app = DebuggerApp()
    async with app.run_test() as pilot:
        for key in ("escape", "question_mark", "enter", "space"):
            await pilot.press("question_mark")
            assert isinstance(app.screen, HelpScreen)
            await pilot.press(key)
            assert isinstance(app.screen, PickerScreen)


async def test_it_scrolls_with_the_arrows() -> None:
    app = DebuggerApp()
    async with app.run_test() as pilot:
        await pilot.press("question_mark", "end")
        await pilot.pause(0.5)
        assert app.screen.query_one("#help").scroll_y > 0


async def test_q_quits_from_it() -> None:
    app = DebuggerApp()
    async with app.run_test() as pilot:
        await pilot.press("question_mark", "q")
    assert app.return_code == 0
