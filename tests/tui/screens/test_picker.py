from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.app import App
from textual.widgets import OptionList

from scenarios.library import scenario_names
from scenarios.policy_library import load_policy, policy_names
from tui.app import DebuggerApp
from tui.screens.debugger import DebuggerScreen

ScreenText = Callable[[App[None]], str]


async def test_it_lists_every_scenario_and_policy_and_begins_with_the_headline() -> None:
    app = DebuggerApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        scenarios = app.screen.query_one("#scenarios", OptionList)
        policies = app.screen.query_one("#policies", OptionList)
        assert [option.id for option in scenarios.options] == list(scenario_names())
        assert [option.id for option in policies.options] == list(policy_names())
        assert scenarios.highlighted_option is not None
        assert scenarios.highlighted_option.id == "secondary-stale-line"
        assert policies.highlighted_option is not None
        assert policies.highlighted_option.id == "upstream"


async def test_it_says_what_a_scenario_teaches(screen_text: ScreenText) -> None:
    app = DebuggerApp()
    async with app.run_test(size=(80, 40)) as pilot:
        await pilot.pause()
        text = " ".join(screen_text(app).split())
        assert "A vCPU that has its caches off stores straight to RAM." in text
        assert "Under upstream, in every interleaving: safe." in text


async def test_enter_opens_the_scenario_under_upstream() -> None:
    app = DebuggerApp()
    async with app.run_test() as pilot:
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, DebuggerScreen)
        assert app.screen.here.initial.setup.policy.name == "upstream"


async def test_tab_leads_to_the_policies_and_enter_opens_from_there() -> None:
    app = DebuggerApp()
    async with app.run_test() as pilot:
        await pilot.press("tab", "down", "up", "up", "enter")
        await pilot.pause()
        assert isinstance(app.screen, DebuggerScreen)
        names = policy_names()
        before = names[names.index("upstream") - 1]
        assert app.screen.here.initial.setup.policy.name == before


async def test_a_policy_given_on_the_command_line_is_chosen_already() -> None:
    app = DebuggerApp(policy=load_policy("never"))
    async with app.run_test() as pilot:
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, DebuggerScreen)
        assert app.screen.here.initial.setup.policy.name == "never"


@pytest.mark.parametrize("keys", ["tab tab", "tab shift+tab"])
async def test_the_lists_are_gone_through_in_a_circle(keys: str) -> None:
    app = DebuggerApp()
    async with app.run_test() as pilot:
        await pilot.press(*keys.split())
        assert app.focused is not None
        assert app.focused.id == "scenarios"
