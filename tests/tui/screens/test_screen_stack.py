"""Screens over each other: each opened once, not too many, and forgotten once they are left."""

from __future__ import annotations

import gc

import pytest
from textual.events import Key
from textual.pilot import Pilot
from textual.strip import Strip

from tests.tui.piloting import (
    case,
    compared,
    opened,
    played,
    press,
    running,
    said,
    settled,
    type_line,
)
from tui import app as app_module
from tui.app import DebuggerApp
from tui.presenters.panels.side_by_side import told_alike
from tui.screens.compare import CompareScreen
from tui.session.comparison import Comparison

TIMES = 3
MOST_KEPT = 50
"""Lines: one that is blank for each widget, where a screen paints hundreds."""
CHARACTERS = {"enter": "\r", "escape": "\x1b"}


def stack(pilot: Pilot[None]) -> list[str]:
    """Return what lies over each other, above Textual's own screen."""
    return [type(screen).__name__ for screen in pilot.app.screen_stack[1:]]


async def burst(pilot: Pilot[None], keys: str) -> None:
    """Press keys at once, before anything could follow from the first."""
    for key in keys.split():
        character = key if len(key) == 1 else CHARACTERS.get(key)
        pilot.app.post_message(Key(key, character))
    await settled(pilot)


@pytest.mark.parametrize(
    ("keys", "left"),
    [
        ("enter", ["PickerScreen", "DebuggerScreen"]),
        ("enter enter enter", ["PickerScreen", "DebuggerScreen"]),
        ("d d", ["PickerScreen", "DebuggerScreen", "CompareScreen"]),
        ("d enter d", ["PickerScreen", "DebuggerScreen", "CompareScreen"]),
        ("enter ctrl+p", ["PickerScreen", "DebuggerScreen"]),
    ],
)
async def test_what_is_picked_opens_once_however_fast_the_keys_are(
    keys: str, left: list[str]
) -> None:
    app = DebuggerApp()
    async with running(app) as pilot:
        await burst(pilot, keys)
        assert (stack(pilot), len(app._runs)) == (left, 1)


@pytest.mark.parametrize(
    ("keys", "left"),
    [
        ("a a", ["DebuggerScreen"]),
        ("a b", ["DebuggerScreen"]),
        ("b b b", ["DebuggerScreen", "DebuggerScreen"]),
        ("b ctrl+p", ["DebuggerScreen", "DebuggerScreen"]),
    ],
)
async def test_a_side_opens_once_and_leaves_no_run_below_it_open(
    keys: str, left: list[str]
) -> None:
    app = DebuggerApp(Comparison.under(played(), case(policy="upstream"), told_alike))
    async with running(app) as pilot:
        await burst(pilot, keys)
        assert stack(pilot) == left
        assert app._runs == app.screen_stack[1:]


async def test_a_run_more_than_can_lie_over_each_other_is_not_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(app_module, "MOST_RUNS", 2)
    async with compared() as (pilot, _):
        await press(pilot, "b")
        await type_line(pilot, "compare never")
        assert isinstance(pilot.app.screen, CompareScreen)
        await press(pilot, "b")
        assert stack(pilot) == ["DebuggerScreen", "DebuggerScreen", "CompareScreen"]
        assert said(pilot) == "2 runs lie over each other; Esc goes back to the one below."
        await press(pilot, "a")
        assert stack(pilot) == ["DebuggerScreen", "DebuggerScreen"]


def strips() -> int:
    """Return how many painted lines there are in the memory."""
    gc.collect()
    return sum(type(each) is Strip for each in gc.get_objects())


@pytest.mark.parametrize("keys", ["escape escape", "P escape", "question_mark escape", "d enter a"])
async def test_next_to_nothing_of_what_was_painted_is_kept_of_screens_that_are_left(
    keys: str,
) -> None:
    async with opened(size=(120, 40)) as (pilot, screen):
        for _ in range(2):
            await press(pilot, keys)
        before = strips()
        for _ in range(TIMES):
            await press(pilot, keys)
        assert pilot.app.screen is screen
        assert strips() - before <= TIMES * MOST_KEPT
