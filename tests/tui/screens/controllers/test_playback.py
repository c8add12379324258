"""The run plays by itself: as fast as it is told, up to a stop or its end."""

from __future__ import annotations

import asyncio

import pytest
from textual.pilot import Pilot

from tests.tui.piloting import opened, played, press, said, type_line
from tui.files.configuration import FASTEST, SLOWEST, Configuration
from tui.files.remembered import Keeper
from tui.screens.debugger import DebuggerScreen
from tui.widgets.pace import USUAL


async def played_out(pilot: Pilot[None], screen: DebuggerScreen) -> None:
    """Wait until it plays no more."""
    async with asyncio.timeout(60):
        while screen.playback.pace.playing:
            await asyncio.sleep(0)
    await pilot.pause()


async def test_space_plays_to_the_finding_and_then_to_the_end() -> None:
    async with opened(configuration=Configuration(speed=FASTEST)) as (pilot, screen):
        await pilot.press("space")
        await played_out(pilot, screen)
        assert screen.now.timeline.cursor == 26
        assert said(pilot).startswith("finding: STALE: vcpu1 loads x = 0 at step 26")
        await press(pilot, "space")
        assert (screen.playback.pace.playing, said(pilot)) == (
            False,
            "The run ends here; g goes to the start.",
        )


async def test_it_stops_at_breakpoints_and_goes_on_from_there() -> None:
    async with opened(configuration=Configuration(speed=FASTEST)) as (pilot, screen):
        for line in ("break skip", "watch cache[x]"):
            await type_line(pilot, line)
        stopped = []
        for _ in range(3):
            await pilot.press("space")
            await played_out(pilot, screen)
            stopped.append((screen.now.timeline.cursor, said(pilot)[:12]))
        assert stopped == [(14, "watch 2, cac"), (20, "breakpoint 1"), (26, "finding: STA")]


async def test_without_a_finding_it_plays_to_the_end() -> None:
    async with opened(played(policy="upstream"), configuration=Configuration(speed=FASTEST)) as (
        pilot,
        screen,
    ):
        await pilot.press("space")
        await played_out(pilot, screen)
        assert (screen.now.timeline.cursor, said(pilot)) == (27, "The run ends here.")


@pytest.mark.parametrize("key", ["space", "escape"])
async def test_it_can_be_stopped(key: str) -> None:
    async with opened(configuration=Configuration(speed=SLOWEST)) as (pilot, screen):
        await press(pilot, "space")
        assert screen.playback.pace.playing
        assert said(pilot) == "Playing, 0.5 steps a second; Space stops, + and - change it."
        await press(pilot, key)
        assert (screen.playback.pace.playing, said(pilot)) == (False, "Playing stopped.")
        assert pilot.app.screen is screen


async def test_plus_and_minus_change_the_speed_up_to_its_limits() -> None:
    async with opened() as (pilot, screen):
        told = []
        for keys in ("plus", "equals_sign", "minus minus minus", "minus minus minus minus"):
            await press(pilot, keys)
            told.append(said(pilot))
        assert told == [
            "8 steps a second",
            "16 steps a second",
            "2 steps a second",
            "0.5 steps a second",
        ]
        assert screen.playback.pace.speed == SLOWEST
        await press(pilot, " ".join(["plus"] * 12))
        assert screen.playback.pace.speed == FASTEST


async def test_while_it_plays_it_can_be_sped_up() -> None:
    async with opened(configuration=Configuration(speed=SLOWEST)) as (pilot, screen):
        await press(pilot, "space plus")
        assert (said(pilot), screen.playback.pace.playing) == ("1 steps a second", True)
        await pilot.press(*["plus"] * 10)
        await played_out(pilot, screen)
        assert screen.now.timeline.cursor == 26


async def test_the_speed_is_remembered_unless_the_configuration_says_another() -> None:
    async with opened(keeper=Keeper.of_user()) as (pilot, screen):
        assert screen.playback.pace.speed == USUAL
        await press(pilot, "plus plus")
    async with opened(keeper=Keeper.of_user()) as (_, screen):
        assert screen.playback.pace.speed == 4 * USUAL
    configured = Configuration(speed=3)
    async with opened(keeper=Keeper.of_user(), configuration=configured) as (_, screen):
        assert screen.playback.pace.speed == 3


async def test_one_can_step_while_it_plays() -> None:
    async with opened(configuration=Configuration(speed=SLOWEST)) as (pilot, screen):
        await press(pilot, "space x")
        assert (screen.playback.pace.playing, screen.now.timeline.cursor) == (True, 24)
        await press(pilot, "G")
        await pilot.press(*["plus"] * 10)
        await played_out(pilot, screen)
        assert screen.now.timeline.cursor == 26


async def test_it_stops_at_a_breakpoint_that_is_set_while_it_plays() -> None:
    async with opened(configuration=Configuration(speed=SLOWEST)) as (pilot, screen):
        await press(pilot, "space")
        await type_line(pilot, "break skip")
        screen.playback.pace.change(FASTEST)
        await played_out(pilot, screen)
        assert (screen.now.timeline.cursor, said(pilot)) == (20, "breakpoint 1, skip")


async def test_it_stops_at_the_end_of_a_shorter_run_that_is_taken_meanwhile() -> None:
    async with opened(played(at=14), configuration=Configuration(speed=SLOWEST)) as (pilot, screen):
        await press(pilot, "space")
        await type_line(pilot, "take evict x")
        shorter = len(screen.now.timeline.steps)
        await press(pilot, "h")
        screen.playback.pace.change(FASTEST)
        await played_out(pilot, screen)
        assert (screen.now.timeline.cursor, shorter) == (15, 15)


async def test_nothing_is_played_that_is_not_seen() -> None:
    async with opened(configuration=Configuration(speed=SLOWEST)) as (pilot, screen):
        await press(pilot, "space question_mark")
        assert not screen.playback.pace.playing
        await press(pilot, "escape")
        assert (screen.now.timeline.cursor, said(pilot)) == (0, "Playing stopped.")
