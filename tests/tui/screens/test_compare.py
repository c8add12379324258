"""Two runs in lock-step on one screen: stepped with one key, their differences marked."""

from __future__ import annotations

import asyncio

import pytest
from textual import events

from engine.timeline import Timeline
from tests.tui.commands.typed import after
from tests.tui.piloting import (
    HEADLINE,
    case,
    compared,
    lines,
    played,
    press,
    running,
    said,
    settled,
)
from tui.app import DebuggerApp
from tui.files.configuration import FASTEST, SLOWEST
from tui.presenters.panels.side_by_side import told_alike
from tui.screens.compare import CompareScreen
from tui.screens.debugger import DebuggerScreen
from tui.screens.picker import PickerScreen
from tui.session.comparison import Comparison
from tui.widgets.panels.pair_list import PairList

MOVES = {
    "l": (1, 1),
    "right right left h": (0, 0),
    "5 l": (5, 4),
    "1 2 l": (12, 11),
    "2 h": (0, 0),
    "j": (1, 1),
    "j j j k": (13, 12),
    "down": (1, 1),
    "s s": (4, 4),
    "G S": (23, 24),
    "pagedown": (10, 9),
    "end pageup": (18, 17),
    "1 2 G": (12, 11),
    "1 2 g": (12, 11),
    "G g": (0, 0),
    "9 9 G": (26, 27),
    "d": (5, 4),
    "d d": (20, 20),
    "d d d": (5, 4),
    "G d": (5, 4),
    "n n": (20, 19),
    "n n n n n": (26, 27),
    "G p": (20, 20),
    "n n p": (5, 4),
    "x": (24, 25),
    "G x": (24, 25),
    "f": (26, 27),
    "G F": (26, 27),
}


async def test_one_key_moves_both_sides() -> None:
    async with compared() as (pilot, screen):
        reached = {}
        for keys in MOVES:
            for key in ("g", *keys.split()):
                pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
            await pilot.pause()
            reached[keys] = (screen.now.left.timeline.cursor, screen.now.right.timeline.cursor)
        assert reached == MOVES


async def test_where_there_is_nothing_to_go_to_it_says_so() -> None:
    async with compared() as (pilot, _):
        told = {}
        for keys in ("p", "F", "G n", "g k", "G s", "1 2"):
            await press(pilot, keys)
            told[keys] = said(pilot)
        assert told == {
            "p": "No difference begins before this row.",
            "F": "No finding before this row.",
            "G n": "No difference begins after this row.",
            "g k": "No instruction before this row.",
            "G s": "No statement of a policy after this row.",
            "1 2": "12: count for the next command; with g or G, the row to go to",
        }


async def test_it_opens_where_the_driving_side_is() -> None:
    async with compared(at=24) as (pilot, screen):
        assert (screen.now.row, screen.now.left.timeline.cursor) == (26, 24)
        assert lines(pilot)[0].endswith("row 26 of 28")


async def test_both_memories_are_on_the_screen_and_what_differs_is_marked() -> None:
    async with compared(at=24, size=(120, 40)) as (pilot, _):
        rows = [line for line in lines(pilot) if "cached copy" in line or line.startswith(" x")]
    assert rows == [
        " A word  RAM         cached copy held by       vcpu0 sees ≥due         vcpu1 sees ≥due",
        " x       1 v1       ≠0 v0 latent≠clean pcpu0  ≠0 v0 ≥v0               ≠0 v0 ≥v1 STALE",
        " B word  RAM         cached copy held by       vcpu0 sees ≥due         vcpu1 sees ≥due",
        " x       1 v1       ≠-          ≠-            ≠1 v1 ≥v0               ≠1 v1 ≥v1",
    ]


async def test_where_nothing_differs_nothing_is_marked() -> None:
    async with compared(at=3) as (pilot, _):
        memory = [line for line in lines(pilot) if line.startswith(" x")]
        shown = " x       0 v0        -           -             0 v0 ≥v0 KVM     0 v0 ≥v0"
        assert memory == [shown, shown]


async def test_the_heading_says_where_they_part_and_where_their_memory_does() -> None:
    async with compared() as (pilot, _):
        told = [lines(pilot)[0].split(": ")[1].split("   ")[0]]
        for _ in range(2):
            await press(pilot, "d")
            told.append(said(pilot))
    assert told == [
        "A and B part at row 5, in memory at 21",
        "Here they part; d again goes to where their memory does.",
        "Here their memory begins to differ.",
    ]


async def test_where_memory_never_differs_there_is_but_one_divergence() -> None:
    session = played("dc-ivac", "upstream")
    made = Comparison.under(session, case("dc-ivac", "never"), told_alike)
    async with running(DebuggerApp(made)) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, CompareScreen)
        assert "A and B part at row 3, not in memory" in lines(pilot)[0]
        for _ in range(2):
            await press(pilot, "d")
            assert (screen.now.row, said(pilot)) == (3, "Here they part.")


async def test_a_policy_compared_with_itself_differs_nowhere() -> None:
    async with compared(other="vcpu0-only") as (pilot, screen):
        assert "A and B are the same to the end" in lines(pilot)[0]
        await press(pilot, "d")
        assert (said(pilot), screen.now.row) == ("Both sides are the same to the end.", 0)


async def test_where_no_side_has_a_finding_there_is_no_exact_step() -> None:
    app = DebuggerApp(
        Comparison.under(played(policy="upstream"), case(policy="upstream"), told_alike)
    )
    async with running(app) as pilot:
        await press(pilot, "x")
        assert said(pilot) == "No finding of either side has an exact step."


async def test_a_click_on_a_row_or_enter_on_one_goes_there() -> None:
    async with compared(size=(120, 40)) as (pilot, screen):
        await pilot.click(PairList, offset=(10, 4))
        await settled(pilot)
        assert screen.now.row == 3
        await press(pilot, "tab tab tab tab tab down down enter")
        assert screen.now.row == 5


@pytest.mark.parametrize(
    ("key", "policy", "step"), [("a", "vcpu0-only", 24), ("b", "upstream", 25)]
)
async def test_one_side_is_opened_in_the_debugger(key: str, policy: str, step: int) -> None:
    async with compared(at=24) as (pilot, _):
        await press(pilot, key)
        screen = pilot.app.screen
        assert isinstance(screen, DebuggerScreen)
        assert (screen.now.case.policy.name, screen.now.timeline.cursor) == (policy, step)
        await press(pilot, "l h")
        assert screen.now.timeline.cursor == step


async def test_the_other_side_can_drive() -> None:
    async with compared(at=24) as (pilot, screen):
        await press(pilot, "i")
        assert screen.now.names == ("upstream", "vcpu0-only")
        assert screen.now.left.timeline.cursor == 25
        assert [line[:13] for line in lines(pilot)[1:4:2]] == [" A upstream: ", " B vcpu0-only"]
        await press(pilot, "i")
        assert screen.now.names == ("vcpu0-only", "upstream")


async def test_y_copies_the_command_that_opens_the_comparison() -> None:
    async with compared(at=24, size=(200, 40)) as (pilot, _):
        await press(pilot, "y")
        command = f"kvmcache-tui {HEADLINE} --policy vcpu0-only --policy upstream --at 24"
        sent = "Sent to the terminal's clipboard; without a home, or XDG_STATE_HOME, to no file"
        assert (pilot.app.clipboard, said(pilot)) == (command, f"{sent}: {command}")


async def test_a_click_on_a_value_says_where_it_is_answered() -> None:
    async with compared(at=24) as (pilot, _):
        await pilot.click("#memory-a", offset=(9, 1))
        await settled(pilot)
        assert said(pilot) == "a or b opens one side in the debugger, which can say why."


async def test_both_sides_play_to_the_end() -> None:
    async with compared() as (pilot, screen):
        screen.playback.pace.speed = FASTEST
        await pilot.press("space")
        async with asyncio.timeout(60):
            while screen.playback.pace.playing:
                await asyncio.sleep(0)
        await pilot.pause()
        assert screen.now.row == screen.now.last == 28
        assert said(pilot) == "Both runs end here."


async def test_it_plays_to_the_end_that_both_have_when_the_other_side_drives() -> None:
    made = Comparison.under(
        played("false-sharing"), case("false-sharing", policy="upstream"), told_alike
    )
    async with running(DebuggerApp(made)) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, CompareScreen)
        screen.playback.pace.speed = SLOWEST
        await press(pilot, "space i")
        assert (made.last, screen.now.last) == (28, 27)
        screen.playback.pace.change(FASTEST)
        async with asyncio.timeout(60):
            while screen.playback.pace.playing:
                await asyncio.sleep(0)
        assert screen.now.row == 27


async def test_it_says_that_it_plays_and_where_it_ends() -> None:
    async with compared(at=24) as (pilot, screen):
        screen.playback.pace.speed = SLOWEST
        told = []
        for keys in ("space", "plus", "space", "G space"):
            await press(pilot, keys)
            told.append((screen.playback.pace.playing, said(pilot)))
        assert told == [
            (True, "Playing, 0.5 rows a second; Space stops, + and - change it."),
            (True, "1 rows a second"),
            (False, "Playing stopped."),
            (False, "Both runs end here; g goes to the start."),
        ]


async def test_what_is_said_of_playing_stays_while_it_goes_on() -> None:
    async with compared() as (pilot, screen):
        await pilot.press("space")
        async with asyncio.timeout(60):
            while not screen.now.row:
                await asyncio.sleep(0)
        assert said(pilot) == "Playing, 4 rows a second; Space stops, + and - change it."


async def test_escape_stops_playing_then_gives_the_arrows_back_then_leaves() -> None:
    async with compared() as (pilot, screen):
        await press(pilot, "tab space escape")
        assert (screen.playback.pace.playing, said(pilot)) == (False, "Playing stopped.")
        assert screen.focused is not None
        await press(pilot, "escape")
        assert (screen.focused, pilot.app.screen) == (None, screen)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, DebuggerScreen)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, PickerScreen)


async def test_branches_are_compared_by_their_names() -> None:
    session = played(at=14)
    other = session.fork(Timeline.replay(session.timeline.initial, session.timeline.events), 14)
    async with running(DebuggerApp(Comparison.of_branches(other, "main", told_alike))) as pilot:
        assert [line[:12] for line in lines(pilot)[1:4:2]] == [" A branch1: ", " B main: thi"]
        screen = pilot.app.screen
        assert isinstance(screen, CompareScreen)
        await press(pilot, "i")
        assert screen.now.names == ("main", "branch1")


@pytest.mark.parametrize("size", [(60, 18), (80, 24), (120, 40), (200, 60)], ids=str)
async def test_at_every_size_both_sides_are_seen(size: tuple[int, int]) -> None:
    async with compared(at=24, size=size) as (pilot, screen):
        for name in ("#memory-a", "#memory-b", "#source-a", "#source-b", "#pairs"):
            region = screen.query_one(name).region
            assert region.height >= 2, name
            assert region.bottom <= size[1] - 2, name
        text = "\n".join(lines(pilot))
        for sign in ("STALE", "row 26 of 28", "≠", "step 24", "step 25"):
            assert sign in text, sign


async def test_a_terminal_too_small_is_told_so() -> None:
    async with compared(size=(59, 40)) as (pilot, _):
        assert "".join(lines(pilot)).strip() == "Too small: the comparison needs 60 x 18."
        await pilot.resize_terminal(60, 18)
        await settled(pilot)
        assert lines(pilot)[0].endswith("row 0 of 28")


async def test_to_let_the_other_side_drive_and_back_keeps_what_was_made_of_both() -> None:
    session = after(played(at=14), "break skip", "mark here", "take evict x", "switch main")
    async with running(
        DebuggerApp(Comparison.under(session, case(policy="upstream"), told_alike))
    ) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, CompareScreen)
        before = screen.now.left
        await press(pilot, "i i")
        left = screen.now.left
        assert (left.bookmarks, left.stops) == (before.bookmarks, before.stops)
        assert before.branches.names == ("main", "branch1")
        assert left.branches.names[:2] == ("main", "branch1")


@pytest.mark.parametrize("key", ["a", "b"])
async def test_from_a_side_that_was_opened_one_goes_back_to_the_first_run(key: str) -> None:
    async with compared(at=24) as (pilot, _):
        first = pilot.app.screen_stack[-2]
        await press(pilot, f"{key} l")
        opened = pilot.app.screen
        assert isinstance(opened, DebuggerScreen)
        assert (opened is first) == (key == "a")
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, PickerScreen if key == "a" else DebuggerScreen)
        assert key == "a" or pilot.app.screen is first


async def test_escape_gives_up_letting_the_other_side_drive() -> None:
    async with compared() as (pilot, screen):
        before = screen.now
        screen.action_swap()
        assert screen.answer_line.busy
        await screen.action_leave()
        await settled(pilot)
        assert (screen.answer_line.busy, pilot.app.screen) == (False, screen)
        assert screen.now is before or screen.now.names == ("upstream", "vcpu0-only")
