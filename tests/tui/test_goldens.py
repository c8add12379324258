"""The headline on the screen, at three sizes: as it is gone through, asked, compared, taught."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.app import App

from tests.tui.piloting import SIZES, case, played, press, running
from tui.app import DebuggerApp, Mode
from tui.presenters.panels.side_by_side import told_alike
from tui.session.comparison import Comparison


def at(step: int, mode: Mode = Mode.DEBUGGER) -> DebuggerApp:
    return DebuggerApp(played(at=step), mode=mode)


def beside(step: int) -> DebuggerApp:
    return DebuggerApp(Comparison.under(played(at=step), case(policy="upstream"), told_alike))


OPENED: dict[str, Callable[[], DebuggerApp]] = {
    "headline-start": lambda: at(0),
    "headline-cause": lambda: at(20),
    "headline-exact": lambda: at(24),
    "headline-finding": lambda: at(26),
    "headline-why": lambda: at(24),
    "headline-choices": lambda: at(14),
    "headline-compare": lambda: beside(24),
    "tour": lambda: at(0, Mode.TOUR),
    "quiz": lambda: at(0, Mode.QUIZ),
}
KEYS = {
    "headline-why": "w",
    "headline-choices": "r",
    "tour": "space space space space",
    "quiz": "b space a",
}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}")
@pytest.mark.parametrize("name", OPENED)
async def test_the_screen_looks_as_it_did(
    name: str,
    size: tuple[int, int],
    golden: Callable[[str, str], None],
    screen_text: Callable[[App[None]], str],
) -> None:
    async with running(OPENED[name](), size) as pilot:
        await press(pilot, KEYS.get(name, ""))
        golden(f"{name}-{size[0]}x{size[1]}", screen_text(pilot.app))
