"""What is said of a key is said of the key that the user has given, wherever it is said."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.pilot import Pilot

from tests.tui.piloting import case, lines, opened, played, press, running, said
from tui.app import DebuggerApp, Mode
from tui.files.configuration import Configuration
from tui.presenters.layout import Arrangement, Pane
from tui.presenters.panels.side_by_side import told_alike
from tui.screens.compare import CompareScreen
from tui.screens.debugger import DebuggerScreen
from tui.session.comparison import Comparison

OWN = Configuration(
    keys={
        "step": ("ctrl+n",),
        "exact": ("ctrl+x",),
        "help": ("f1",),
        "why": ("f2",),
        "breakpoint": ("f3",),
        "bookmark": ("f4",),
        "next-event": ("f6",),
        "own-step": ("f7",),
        "play": ("f8",),
        "faster": ("f9",),
        "start": ("f10",),
        "zoom": ("f11",),
        "focus": ("f12",),
        "open-left": ("A",),
        "next-question": ("N",),
    }
)


@asynccontextmanager
async def own_keys(at: int = 0) -> AsyncIterator[tuple[Pilot[None], DebuggerScreen]]:
    async with opened(played(at=at), (120, 40), configuration=OWN) as (pilot, screen):
        yield pilot, screen


def shown(pilot: Pilot[None]) -> str:
    return " ".join(" ".join(lines(pilot)).split())


async def test_the_start_says_how_to_begin() -> None:
    async with own_keys() as (pilot, _):
        assert (
            "The start: nothing has happened yet. Ctrl+N steps forward, left back; Ctrl+X goes to "
            "the exact step, F1 explains."
        ) in shown(pilot)


async def test_the_panes_say_how_they_are_filled() -> None:
    async with own_keys() as (pilot, screen):
        told = []
        for arrangement in (
            Arrangement(zoomed=Pane.WHY),
            Arrangement(zoomed=Pane.STOPS),
            Arrangement(),
        ):
            screen.panes.arrangement = arrangement
            await pilot.pause()
            told.append(shown(pilot))
        why, stops, events = told
        assert "choose one (F12, arrows) and press F2: where it comes from" in why
        assert "None yet: F3 sets a breakpoint, F4 a bookmark; :break" in stops
        assert f"F6 p: {screen.now.prompt.kind}" in events


async def test_the_answers_speak_of_the_keys() -> None:
    async with own_keys() as (pilot, _):
        told = {}
        for keys in ("f8 f8 G f8", "1 2", "escape f11"):
            await press(pilot, keys)
            told[keys] = said(pilot)
        await press(pilot, "f10 f8")
        told["f10 f8"] = said(pilot)
        await press(pilot, "f8")
        assert told == {
            "f8 f8 G f8": "The run ends here; F10 goes to the start.",
            "1 2": "12: count for the next command; with F10 or G, the step to go to",
            "escape f11": "F12 first chooses the panel to zoom.",
            "f10 f8": "Playing, 4 steps a second; F8 stops, F9 and - change it.",
        }


async def test_the_questions_speak_of_the_keys() -> None:
    async with own_keys() as (pilot, _):
        await press(pilot, "t")
        kinds = shown(pilot)
        await press(pilot, "escape a")
        assert "Which events do F6 and p go to?" in kinds
        assert "everybody, and for F7 whoever moved last" in shown(pilot)


async def test_the_help_and_the_palette_speak_of_the_keys() -> None:
    async with own_keys() as (pilot, screen):
        titles = [each.title for each in pilot.app.get_system_commands(screen)]
        assert "Choose the kind of event for F6 and p" in titles
        await press(pilot, "f1")
        assert "where? Ctrl+X goes to the exact step, f to the finding" in shown(pilot)


async def test_the_comparison_speaks_of_the_keys() -> None:
    app = DebuggerApp(
        Comparison.under(played(), case(policy="upstream"), told_alike), configuration=OWN
    )
    async with running(app) as pilot:
        screen = app.screen
        assert isinstance(screen, CompareScreen)
        told = {}
        for keys in ("G f8", "1 2"):
            await press(pilot, keys)
            told[keys] = said(pilot)
        await pilot.click("#memory-a", offset=(12, 1))
        told["click"] = said(pilot)
        assert told == {
            "1 2": "12: count for the next command; with F10 or G, the row to go to",
            "G f8": "Both runs end here; F10 goes to the start.",
            "click": "A or b opens one side in the debugger, which can say why.",
        }


async def test_the_quiz_speaks_of_the_keys() -> None:
    async with running(DebuggerApp(played(), mode=Mode.QUIZ, configuration=OWN)) as pilot:
        await press(pilot, "a")
        assert "N goes on." in shown(pilot)
        assert "p: flush" not in shown(pilot)
