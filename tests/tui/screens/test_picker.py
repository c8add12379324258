from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList

from scenarios.library import load_scenario
from scenarios.names import general_names, policy_names, shipped_names
from scenarios.policy_library import load_policy
from tests.tui.piloting import HEADLINE, lines, press, running, settled, write
from tui.app import DebuggerApp
from tui.presenters.panels.picking import PickerEntry
from tui.screens.compare import CompareScreen
from tui.screens.debugger import DebuggerScreen
from tui.screens.picker import PickerScreen

COUNTS = f"""\
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{{
  u64 n = 1000, m = 0;

  while (n) {{
    n--;
    {"m ^= 1; " * 10}
  }}
}}
"""
"""Ends, but after more steps than an entry of a schedule may take."""


def scenarios(pilot: Pilot[None]) -> OptionList:
    return pilot.app.screen.query_one("#scenarios", OptionList)


def policies(pilot: Pilot[None]) -> OptionList:
    return pilot.app.screen.query_one("#policies", OptionList)


def chosen(options: OptionList) -> str | None:
    return None if options.highlighted_option is None else options.highlighted_option.id


def ids(options: OptionList) -> list[str | None]:
    return [option.id for option in options.options]


def told(pilot: Pilot[None]) -> list[str]:
    return [note.message for note in pilot.app._notifications]


async def test_it_lists_every_scenario_and_policy_and_begins_with_the_headline() -> None:
    async with running(DebuggerApp()) as pilot:
        assert ids(scenarios(pilot)) == list(shipped_names())
        assert ids(policies(pilot)) == list(policy_names())
        assert (chosen(scenarios(pilot)), chosen(policies(pilot))) == (HEADLINE, "upstream")


@pytest.mark.parametrize("policy", ["upstream", "vcpu0-only", "never"])
async def test_each_row_says_what_the_scenario_comes_to_under_the_chosen_policy(
    policy: str,
) -> None:
    async with running(DebuggerApp()) as pilot:
        policies(pilot).highlighted = policy_names().index(policy)
        await settled(pilot)
        shown = [str(option.prompt) for option in scenarios(pilot).options]
        entries = (PickerEntry(name, load_scenario(name)) for name in shipped_names())
        assert shown == [entry.line(policy) for entry in entries]
        assert f"under {policy}" in lines(pilot)[1]
        assert chosen(scenarios(pilot)) == HEADLINE


async def test_general_guests_come_last_and_open_where_every_option_can_be_chosen() -> None:
    async with running(DebuggerApp(), (120, 40)) as pilot:
        listed = ids(scenarios(pilot))
        assert listed[-len(general_names()) :] == list(general_names())
        scenarios(pilot).highlighted = listed.index("general/own-words-2")
        await settled(pilot)
        await press(pilot, "enter")
        screen = pilot.app.screen
        assert isinstance(screen, DebuggerScreen)
        assert (len(screen.now.timeline.steps), screen.now.case.scenario_spec) == (
            0,
            "general/own-words-2",
        )
        await press(pilot, "r")
        text = "\n".join(lines(pilot))
        assert "vcpu0 chooses store" in text


async def test_it_says_what_a_scenario_teaches() -> None:
    async with running(DebuggerApp(), (80, 40)) as pilot:
        text = " ".join(" ".join(lines(pilot)).split())
        assert "A vCPU that has its caches off stores straight to RAM." in text
        assert "Under upstream, in every interleaving: safe." in text
        await press(pilot, "up")
        assert chosen(scenarios(pilot)) == "reboot-one-vcpu"
        assert load_scenario("reboot-one-vcpu").title in " ".join(lines(pilot))


async def test_words_filter_the_list_while_they_are_typed() -> None:
    async with running(DebuggerApp()) as pilot:
        await press(pilot, "slash")
        shown = []
        for letters in ("psci-off", " and", " zzz"):
            await write(pilot, letters)
            await settled(pilot)
            shown.append((ids(scenarios(pilot)), lines(pilot)[2].split("under")[0].strip()))
        every = len(shipped_names())
        assert shown == [
            (["psci-off-and-on"], f"scenario 1 of {every}"),
            (["psci-off-and-on"], f"scenario 1 of {every}"),
            ([], f"scenario 0 of {every}"),
        ]
        assert "No scenario has these words." in "\n".join(lines(pilot))
        await press(pilot, "enter enter")
        assert isinstance(pilot.app.screen, PickerScreen)


async def test_the_words_are_looked_for_in_titles_and_lessons_too() -> None:
    async with running(DebuggerApp()) as pilot:
        await press(pilot, "slash")
        await write(pilot, "VMM page")
        await settled(pilot)
        matching = [
            name
            for name in shipped_names()
            if PickerEntry(name, load_scenario(name)).matches("VMM page")
        ]
        assert ids(scenarios(pilot)) == matching
        assert 0 < len(matching) < len(shipped_names())


@pytest.mark.parametrize("key", ["enter", "down", "tab"])
async def test_from_the_words_one_goes_to_what_is_left_and_opens_it(key: str) -> None:
    async with running(DebuggerApp()) as pilot:
        await press(pilot, "slash")
        await write(pilot, "psci")
        await press(pilot, f"{key} enter")
        screen = pilot.app.screen
        assert isinstance(screen, DebuggerScreen)
        assert screen.now.case.scenario.name == "psci-off-and-on"


async def test_escape_shows_all_again_and_keeps_the_choice() -> None:
    async with running(DebuggerApp()) as pilot:
        await press(pilot, "slash")
        await write(pilot, "psci")
        for keys in ("escape", "slash p enter escape"):
            await press(pilot, keys)
            assert ids(scenarios(pilot)) == list(shipped_names())
            assert chosen(scenarios(pilot)) == "psci-off-and-on"
            assert pilot.app.focused is scenarios(pilot)


async def test_letters_of_the_words_are_no_keys() -> None:
    async with running(DebuggerApp()) as pilot:
        await press(pilot, "slash q d question_mark")
        assert pilot.app.screen.query_one("#filter").has_focus


async def test_enter_opens_the_scenario_under_the_policy_from_either_list() -> None:
    for keys, policy in (("enter", "upstream"), ("tab up enter", "set-way-arms-only")):
        async with running(DebuggerApp()) as pilot:
            await press(pilot, keys)
            screen = pilot.app.screen
            assert isinstance(screen, DebuggerScreen)
            case = screen.now.case
            assert (case.scenario.name, case.policy.name) == (HEADLINE, policy)


async def test_back_from_a_run_the_list_is_as_it_was() -> None:
    async with running(DebuggerApp()) as pilot:
        await press(pilot, "up tab up enter")
        await press(pilot, "escape")
        assert (chosen(scenarios(pilot)), chosen(policies(pilot))) == (
            "reboot-one-vcpu",
            "set-way-arms-only",
        )


async def test_d_compares_the_policy_with_upstream() -> None:
    async with running(DebuggerApp(policy=load_policy("vcpu0-only"))) as pilot:
        await press(pilot, "d")
        screen = pilot.app.screen
        assert isinstance(screen, CompareScreen)
        assert screen.now.names == ("vcpu0-only", "upstream")
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, DebuggerScreen)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, PickerScreen)


async def test_a_policy_given_on_the_command_line_is_chosen_already() -> None:
    async with running(DebuggerApp(policy=load_policy("never"))) as pilot:
        assert chosen(policies(pilot)) == "never"
        await press(pilot, "enter")
        screen = pilot.app.screen
        assert isinstance(screen, DebuggerScreen)
        assert screen.now.case.policy.name == "never"


async def test_of_a_policy_of_the_users_own_no_verdict_is_known_but_it_opens(
    tmp_path: Path,
) -> None:
    own = tmp_path / "own.c"
    own.write_text("void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled) {}\n")
    async with running(DebuggerApp(policy=load_policy(str(own)))) as pilot:
        assert ids(policies(pilot)) == ["own.c", *policy_names()]
        verdicts = {str(option.prompt).split()[1] for option in scenarios(pilot).options}
        assert verdicts == {"?"}
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, DebuggerScreen)


async def test_what_cannot_be_played_is_told_and_the_list_stays(tmp_path: Path) -> None:
    counts = tmp_path / "counts.c"
    counts.write_text(COUNTS)
    async with running(DebuggerApp(policy=load_policy(str(counts)))) as pilot:
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, PickerScreen)
        (error,) = told(pilot)
        assert error.startswith(f"{HEADLINE}: schedule[0]: found more than 10000 steps")


@pytest.mark.parametrize("keys", ["tab tab", "tab shift+tab"])
async def test_the_lists_are_gone_through_in_a_circle(keys: str) -> None:
    async with running(DebuggerApp()) as pilot:
        await press(pilot, keys)
        assert pilot.app.focused is scenarios(pilot)


async def test_a_click_chooses_and_a_click_on_what_is_chosen_opens() -> None:
    async with running(DebuggerApp()) as pilot:
        top = shipped_names()[0]
        for options in (scenarios(pilot), policies(pilot)):
            options.scroll_to(y=0, animate=False, immediate=True)
        seen = []
        for which, row in (("#policies", 1), ("#scenarios", 0)):
            await pilot.click(which, offset=(5, row))
            await settled(pilot)
            scenarios(pilot).scroll_to(y=0, animate=False, immediate=True)
            seen.append((chosen(scenarios(pilot)), chosen(policies(pilot))))
        policy = policy_names()[1]
        assert seen == [(HEADLINE, policy), (top, policy)]
        assert load_scenario(top).title in " ".join(lines(pilot))
        await pilot.click("#scenarios", offset=(5, 0))
        await settled(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, DebuggerScreen)
        assert (screen.now.case.scenario.name, screen.now.case.policy.name) == (top, policy)


@pytest.mark.parametrize("which", ["#scenarios", "#policies"])
async def test_a_double_click_opens_at_once(which: str) -> None:
    async with running(DebuggerApp()) as pilot:
        await pilot.double_click(which, offset=(5, 0))
        await settled(pilot)
        assert isinstance(pilot.app.screen, DebuggerScreen)


async def test_a_terminal_too_small_is_told_so() -> None:
    async with running(DebuggerApp(), (59, 18)) as pilot:
        assert "".join(lines(pilot)).strip() == "Too small: the picker needs 60 x 18."
