"""A picture of the debugger's screen, made without a terminal."""

from __future__ import annotations

from typing import Final

from tui.presenters.exports.screenshot import self_contained
from tui.presenters.reports.plain import printable
from tui.session.session import Session

SIZE: Final = (120, 40)
"""Columns and rows, if nothing else is asked for."""


def picture(session: Session, size: tuple[int, int] = SIZE) -> str:
    """Return the debugger's screen of a session at its step, as SVG."""
    # Most who import this module only say in their help how large a picture is.
    import asyncio

    from tui.app import DebuggerApp

    timeline, case = session.timeline, session.case
    title = printable(
        f"{case.scenario.name} under {case.policy.name}, "
        f"step {timeline.cursor} of {len(timeline.steps)}"
    )
    app = DebuggerApp(session)
    app.animation_level = "none"

    async def shot() -> str:
        async with app.run_test(size=size) as pilot:
            await app.workers.wait_for_complete()
            await pilot.pause()
            await pilot.wait_for_scheduled_animations()
            return app.export_screenshot(title=title)

    return self_contained(asyncio.run(shot()))
