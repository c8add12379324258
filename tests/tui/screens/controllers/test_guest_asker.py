"""Every guest asked for from the screen: told, kept, cancelled, and its shortest opened."""

from __future__ import annotations

import pytest
from textual.events import Key

from engine.explorer.limits import Limits
from engine.findings import Kind
from tests.tui.piloting import WIDE, opened, played, press, said, settled, type_line
from tui.screens.debugger import DebuggerScreen


async def test_what_breaks_a_policy_is_told_and_opens_with_the_same_key() -> None:
    async with opened(played(at=14), WIDE) as (pilot, screen):
        before = screen.now
        await press(pilot, "A")
        told = said(pilot)
        assert told.startswith("every guest: unsafe, shortest ")
        assert " steps, on general/" in told
        assert told.endswith(". A opens it")
        assert screen.now is before

        await press(pilot, "A")
        shown = pilot.app.screen
        assert isinstance(shown, DebuggerScreen)
        assert shown is not screen
        assert shown.now.case.scenario_spec.startswith("general/")
        assert shown.now.case.policy is before.case.policy
        assert [each.kind for each in shown.now.timeline.findings] == [Kind.STALE]
        assert shown.now.timeline.cursor == shown.now.timeline.findings[0].exact
        await press(pilot, "escape")
        assert pilot.app.screen is screen


async def test_however_fast_the_keys_are_it_opens_once() -> None:
    async with opened(played(), WIDE) as (pilot, screen):
        await press(pilot, "A")
        for _ in range(3):
            pilot.app.post_message(Key("A", "A"))
        await settled(pilot)
        assert pilot.app.screen_stack.index(screen) == len(pilot.app.screen_stack) - 2


async def test_what_is_safe_is_told_again_without_a_search() -> None:
    async with opened(played(policy="upstream"), WIDE) as (pilot, screen):
        await press(pilot, "A")
        told = said(pilot)
        assert told.startswith("every guest: safe (general guests, up to 3 vCPUs; ")
        await press(pilot, "right")
        await pilot.press("A")
        assert not screen.answer_line.busy
        await settled(pilot)
        assert said(pilot) == told


async def test_another_policy_is_another_question() -> None:
    async with opened(played(policy="never"), WIDE, limits=Limits(20_000)) as (pilot, _):
        await press(pilot, "A")
        first = said(pilot)
        await type_line(pilot, "policy once-per-vcpu")
        await press(pilot, "A")
        assert said(pilot) != first
        assert said(pilot).startswith("every guest: ")


async def test_what_a_limit_ends_is_undetermined() -> None:
    async with opened(played(policy="upstream"), WIDE, limits=Limits(100)) as (pilot, _):
        await press(pilot, "A")
        assert said(pilot).startswith("every guest: undetermined: on general/")


async def test_it_is_cancelled_and_asked_again() -> None:
    async with opened(played(policy="upstream"), WIDE) as (pilot, screen):
        await screen.run_action("every_guest")
        assert screen.answer_line.try_leave()
        await settled(pilot)
        assert said(pilot).startswith("every guest: undetermined: ")
        assert said(pilot).endswith("cancelled")
        await press(pilot, "A")
        assert said(pilot).startswith("every guest: safe ")


@pytest.mark.parametrize("key", ["q", "ctrl+c"])
async def test_quitting_while_it_searches_is_clean(key: str) -> None:
    async with opened(played(policy="upstream")) as (pilot, screen):
        await screen.run_action("every_guest")
        assert screen.answer_line.busy
        await pilot.press(key)
    assert pilot.app.return_code == 0
