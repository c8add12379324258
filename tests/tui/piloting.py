"""The app opened for a test, at a size, and how to wait for all that follows from a key."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from textual import events
from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from scenarios.case import Case
from scenarios.library import load_scenario
from scenarios.policy_library import load_policy
from tui.app import DebuggerApp
from tui.presenters.panels.side_by_side import told_alike
from tui.screens.compare import CompareScreen
from tui.screens.debugger import DebuggerScreen
from tui.session.comparison import Comparison
from tui.session.session import Session
from tui.widgets.panels.panel import Panel

HEADLINE = "secondary-stale-line"
SIZES = [(80, 24), (120, 40), (200, 60)]
WIDE = (160, 40)


def case(scenario: str = HEADLINE, policy: str = "vcpu0-only") -> Case:
    return Case.of(load_scenario(scenario), load_policy(policy))


def played(scenario: str = HEADLINE, policy: str = "vcpu0-only", at: int = 0) -> Session:
    return Session.play(case(scenario, policy)).seek(at)


@asynccontextmanager
async def running(app: DebuggerApp, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[None]]:
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        yield pilot


@asynccontextmanager
async def opened(
    session: Session | None = None, size: tuple[int, int] = (80, 24), **options: Any
) -> AsyncIterator[tuple[Pilot[None], DebuggerScreen]]:
    app = DebuggerApp(played() if session is None else session, **options)
    async with running(app, size) as pilot:
        assert isinstance(app.screen, DebuggerScreen)
        yield pilot, app.screen


@asynccontextmanager
async def compared(
    at: int = 0, other: str = "upstream", size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[Pilot[None], CompareScreen]]:
    app = DebuggerApp(Comparison.under(played(at=at), case(policy=other), told_alike))
    async with running(app, size) as pilot:
        assert isinstance(app.screen, CompareScreen)
        yield pilot, app.screen


async def settled(pilot: Pilot[None]) -> None:
    """Wait until nothing is under way, in threads neither."""
    await pilot.pause()
    while any(not worker.is_finished for worker in pilot.app.workers):
        # One that was cancelled meanwhile is finished too.
        with suppress(WorkerCancelled):
            await pilot.app.workers.wait_for_complete()
        await pilot.pause()


async def press(pilot: Pilot[None], keys: str) -> None:
    """Press keys, with blanks between them, and wait for what follows."""
    await pilot.press(*keys.split())
    await settled(pilot)


async def write(pilot: Pilot[None], text: str) -> None:
    """Write a text into the line that has the focus."""
    pilot.app.post_message(events.Paste(text))
    await pilot.pause()


async def type_line(pilot: Pilot[None], line: str, sign: str = ":") -> None:
    """Type a line at the prompt, and wait for what follows."""
    await pilot.press(sign)
    await write(pilot, line)
    await press(pilot, "enter")


def lines(pilot: Pilot[None]) -> list[str]:
    """Return what stands on the screen."""
    strips = pilot.app.screen._compositor.render_strips()
    return [strip.text.rstrip() for strip in strips]


def said(pilot: Pilot[None]) -> str:
    """Return what stands on the line above the footer."""
    return lines(pilot)[-2].strip()


def stops(screen: DebuggerScreen) -> list[str]:
    """Return each stop as it is listed, by the command that sets it."""
    setup = screen.now.setup
    return [
        f"{each.number}: {each.command(setup)}{'' if each.enabled else ', disabled'}"
        for each in screen.now.stops
    ]


def branches(screen: DebuggerScreen) -> dict[str, tuple[int, int]]:
    """Return each branch's step and how many it has."""
    every = (branch for branch in screen.now.branches)
    return {each.name: (each.timeline.cursor, len(each.timeline.steps)) for each in every}


def question(screen: DebuggerScreen) -> str:
    """Return what was last asked why, nothing where nothing was."""
    shown = screen.panes.why.answer
    return "" if shown is None else shown.question


def panel_lines(pilot: Pilot[None], panel: Panel) -> list[str]:
    """Return the lines of a panel that are not empty."""
    region = panel.region
    shown = lines(pilot)[region.y : region.bottom]
    return [line for each in shown if (line := each[region.x : region.right].rstrip())]
