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

HEADLINE = "secondary-stale-line"
SIZES = [(80, 24), (120, 40), (200, 60)]


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
