from __future__ import annotations

from collections.abc import Callable

import attrs
from textual.app import App

from engine.timeline import Timeline
from tui.app import DebuggerApp
from tui.presenters.heading import Subject
from tui.presenters.runs import NO_NOTES, Run
from tui.screens.debugger import DebuggerScreen
from tui.widgets.event_list import EventList

LONG = 100_000


def stretched(timeline: Timeline) -> Timeline:
    """A timeline of `LONG` steps, the same few over and over."""
    steps, ghosts = timeline.steps, timeline.ghosts
    rounds = LONG // len(steps) + 1
    return attrs.evolve(
        timeline,
        steps=(steps * rounds)[:LONG],
        ghosts=(ghosts[:1] + ghosts[1:] * rounds)[: LONG + 1],
        cursor=0,
    )


async def test_of_a_hundred_thousand_steps_only_those_in_sight_are_made_into_rows(
    run: Callable[..., Timeline], screen_text: Callable[[App[None]], str]
) -> None:
    subject = Subject("long", "A long run", "vcpu0-only")
    screen = DebuggerScreen(Run(stretched(run("secondary-stale-line")), subject, NO_NOTES))
    app = DebuggerApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(screen)
        await pilot.pause()
        events = screen.query_one(EventList)
        for key in ("G", "left", "pageup", "g", "right"):
            await pilot.press(key)
        await pilot.press("G")
        assert screen.here.cursor == LONG
        assert ">100000 vcpu0" in screen_text(app)
        assert len(events._kept) < 100
