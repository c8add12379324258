"""Whatever is pressed, typed and clicked, at whatever size: the app lives, its runs are valid."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import chdir
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st
from textual import events
from textual.pilot import Pilot

from engine.timeline import Timeline
from engine.transition import take
from scenarios.case import Case
from scenarios.library import load_scenario
from scenarios.policy_library import load_policy
from tui.app import DebuggerApp, Mode
from tui.files.remembered import Keeper
from tui.keys.declared import COMPARE, DEBUGGER, EVERYWHERE, MORE, OF_QUIZ, OF_TOUR, PICKER
from tui.presenters.panels.side_by_side import told_alike
from tui.screens.compare import CompareScreen
from tui.screens.run_screen import RunScreen
from tui.session.comparison import Comparison
from tui.session.session import Session

DECLARED = (*DEBUGGER, *COMPARE, *PICKER, *OF_TOUR, *OF_QUIZ, MORE, *EVERYWHERE)
QUIT = {key for command in DECLARED if command.action == "app.quit" for key in command.keys}
MORE_KEYS = {*"0123456789", "tab", "shift+tab", "enter", "escape", "delete", "backspace"}
MORE_KEYS |= {"ctrl+l", "ctrl+p"}
KEYS = sorted({key for command in DECLARED for key in command.keys} - QUIT | MORE_KEYS)
LINES = [
    *("step 3", "back vcpu1", "until stale[vcpu1][x]", "watch ram[x]", "break skip", "delete"),
    *("take 1", "take 2", "switch main", "switch branch1", "rename rescued", "compare branch1"),
    *("mark here it is", "unmark", "info memory", "why sees[1][x]", "why finding 1", "vcpu vmm"),
    *("compare never", "policy upstream", "policy never", "foresee", "copy mail", "save a.session"),
    *("export itf a.json", "kind fill", "list 12", "goto 99", "step 1e9", "print (", "help", "é ["),
]
HEADLINE = "secondary-stale-line"
SIZES = [(80, 24), (120, 40), (61, 18), (30, 8)]


@attrs.frozen
class Typed:
    """A line at the prompt, if that opens."""

    line: str


@attrs.frozen
class Clicked:
    """A click, or a drag from there to another place: in shares of the width and the height."""

    x: float
    y: float
    to: float | None


@attrs.frozen
class Resized:
    """Another size of the terminal."""

    size: tuple[int, int]


@attrs.frozen
class Burst:
    """Keys that come at once, before anything could follow from the first."""

    keys: tuple[str, ...]


@attrs.frozen
class LookedAway:
    """Another window is looked at, and then this one again."""


Doing: TypeAlias = str | Typed | Clicked | Resized | Burst | LookedAway
"""Something that a user does: a key, or more than that."""

shares = st.floats(0, 1, exclude_max=True)
doings = st.one_of(
    st.sampled_from(KEYS),
    st.sampled_from(KEYS),
    st.sampled_from(LINES).map(Typed),
    st.builds(Clicked, shares, shares, st.none() | shares),
    st.sampled_from(SIZES).map(Resized),
    st.lists(st.sampled_from(KEYS), min_size=2, max_size=6).map(tuple).map(Burst),
    st.just(LookedAway()),
)


def session(policy: str, scenario: str = HEADLINE) -> Session:
    return Session.play(case(policy, scenario))


@cache
def case(policy: str, scenario: str = HEADLINE) -> Case:
    return Case.of(load_scenario(scenario), load_policy(policy))


OPENED: dict[str, Callable[[Keeper], DebuggerApp]] = {
    "debugger": lambda keeper: DebuggerApp(session("vcpu0-only"), keeper=keeper),
    "upstream": lambda keeper: DebuggerApp(session("upstream"), keeper=keeper),
    "false sharing": lambda keeper: DebuggerApp(session("never", "false-sharing"), keeper=keeper),
    "off and on": lambda keeper: DebuggerApp(
        session("vcpu0-only", "psci-off-and-on"), keeper=keeper
    ),
    "compare": lambda keeper: DebuggerApp(
        Comparison.under(session("vcpu0-only"), case("upstream"), told_alike), keeper=keeper
    ),
    "tour": lambda keeper: DebuggerApp(session("vcpu0-only"), mode=Mode.TOUR, keeper=keeper),
    "quiz": lambda keeper: DebuggerApp(session("vcpu0-only"), mode=Mode.QUIZ, keeper=keeper),
    "picker": lambda keeper: DebuggerApp(keeper=keeper),
}


def valid(timeline: Timeline) -> bool:
    states = [timeline.initial, *(step.after for step in timeline.steps)]
    again = [timeline.initial]
    for event in timeline.events:
        again.append(take(again[-1], event).after)
    return (
        again == states
        and 0 <= timeline.cursor <= len(timeline.steps)
        and timeline.machine is states[timeline.cursor]
        and [step.before for step in timeline.steps] == states[:-1]
        and len(timeline.ghosts) == len(states)
    )


def timelines(app: DebuggerApp) -> Iterator[Timeline]:
    for screen in app.screen_stack:
        if isinstance(screen, RunScreen):
            yield from (branch.timeline for branch in screen.now.branches)
        elif isinstance(screen, CompareScreen):
            yield from (screen.now.left.timeline, screen.now.right.timeline)


async def do(pilot: Pilot[None], doing: Doing) -> None:
    match doing:
        case str():
            await pilot.press(doing)
        case Typed(line):
            await pilot.press("colon")
            pilot.app.post_message(events.Paste(line))
            await pilot.press("enter")
        case Clicked(x, y, to):
            width, height = pilot.app.size
            there = (int(x * width), int(y * height))
            if to is None:
                await pilot.click(offset=there)
            else:
                await pilot.mouse_down(offset=there)
                await pilot._post_mouse_events(
                    [events.MouseMove], offset=(int(to * width), there[1])
                )
                await pilot.mouse_up(offset=(int(to * width), there[1]))
        case Burst(keys):
            for key in keys:
                pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
            await pilot.pause()
        case LookedAway():
            for event in (events.AppBlur(), events.AppFocus()):
                pilot.app.post_message(event)
                await pilot.pause()
        case Resized(size):
            await pilot.resize_terminal(*size)
            await pilot.pause()


async def use(opened: str, size: tuple[int, int], doings: list[Doing]) -> None:
    with TemporaryDirectory() as directory, chdir(directory):
        kept = Path(directory)
        app = OPENED[opened](Keeper(kept / "screen.json", kept / "history", kept))
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            for doing in doings:
                await do(pilot, doing)
                if app.return_code is not None:  # The footer's last word was clicked.
                    break
            await pilot.pause()
            assert app.is_running or app.return_code is not None
            assert all(map(valid, timelines(app)))
        assert app.return_code in (0, None)


# The same few each time, so that a run of all tests says the same twice; more by hand.
@settings(max_examples=6, deadline=None, derandomize=True)
@given(
    opened=st.sampled_from(sorted(OPENED)),
    size=st.sampled_from(SIZES),
    doings=st.lists(doings, min_size=10, max_size=25),
)
def test_whatever_is_done_leaves_the_app_alive_and_every_run_valid(
    opened: str, size: tuple[int, int], doings: list[Doing]
) -> None:
    asyncio.run(use(opened, size, doings))
