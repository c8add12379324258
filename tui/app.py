"""The app: which screen is shown, and what every screen can do."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, unique
from functools import partial
from typing import Any, ClassVar, Final

import attrs
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from engine.c.policy import Policy
from engine.explorer.limits import Limits
from engine.timeline import Timeline
from scenarios.scenario import Scenario
from scenarios.schedule import ScheduleError
from tui.keys import EVERYWHERE
from tui.presenters.runs import played_run, prepared_run
from tui.screens.commands import bindings
from tui.screens.debugger import DebuggerScreen
from tui.screens.help import HelpScreen
from tui.screens.picker import Picked, PickerScreen
from tui.screens.quiz import QuizScreen
from tui.screens.run_screen import RunScreen
from tui.screens.tour import TourScreen
from tui.themes import DARK, LIGHT

BAD_INPUT: Final = 2


@unique
class Mode(Enum):
    """How a scenario is opened."""

    DEBUGGER = "debugger"
    TOUR = "tour"
    QUIZ = "quiz"


class DebuggerApp(App[None]):
    """Opens a scenario under a policy at a step, or the picker when there is no scenario.

    A timeline given beside them is opened instead of the scenario's own schedule; `limits` are
    those of an exploration.
    """

    TITLE = "kvmcache-tui"
    CSS_PATH = "debugger.tcss"
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - declared so by App
        (0, "-cramped"),
        (60, "-narrow"),
        (100, "-wide"),
        (160, "-vast"),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012 - declared so by App
        (0, "-flat"),
        (18, "-low"),
        (32, "-tall"),
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(EVERYWHERE),
        Binding("ctrl+c", "quit", "Quit", show=False, priority=True),
    ]

    def __init__(
        self,
        scenario: Scenario | None = None,
        policy: Policy | None = None,
        at: int | None = None,
        timeline: Timeline | None = None,
        mode: Mode = Mode.DEBUGGER,
        limits: Limits | None = None,
    ) -> None:
        super().__init__()
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = DARK.name
        self._scenario = scenario
        self._policy = policy
        self._at = at
        self._timeline = timeline
        self._mode = mode
        self._limits = limits

    def on_mount(self) -> None:
        """Open what was asked for; the picker lies below, for the way back."""
        self.push_screen(PickerScreen(self._policy))
        if self._scenario is None or self._policy is None:
            return
        try:
            screen = self._first_screen(self._scenario, self._policy)
        except ScheduleError as error:
            self.exit(return_code=BAD_INPUT, message=f"{self._scenario.name}: {error}")
        else:
            self.push_screen(screen)

    def _first_screen(self, scenario: Scenario, policy: Policy) -> RunScreen:
        """Return the screen of the run that was prepared, else of the scenario's schedule."""
        if self._timeline is None:
            run = played_run(scenario, policy)
        else:
            run = prepared_run(scenario, policy, self._timeline)
        run = attrs.evolve(run, timeline=run.timeline.seek(self._at or 0))
        match self._mode:
            case Mode.DEBUGGER:
                return DebuggerScreen(run, self._limits)
            case Mode.TOUR:
                return TourScreen(run, scenario.teaches, self._limits)
            case Mode.QUIZ:
                return QuizScreen(run)

    def on_picked(self, picked: Picked) -> None:
        """Open the debugger on what was picked."""
        try:
            run = played_run(picked.scenario, picked.policy)
        except ScheduleError as error:
            self.notify(f"{picked.scenario.name}: {error}", severity="error", markup=False)
        else:
            self.push_screen(DebuggerScreen(run, self._limits))

    def action_help(self) -> None:
        """Explain the screen, unless it is being explained."""
        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen())

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Yield the palette's entries: the commands of the screen, and the themes."""
        own = screen.commands if isinstance(screen, RunScreen | PickerScreen) else ()
        for command in (*own, *EVERYWHERE):
            node = self if command in EVERYWHERE else screen
            yield SystemCommand(
                command.title,
                f"Keys: {', '.join(command.spelled)}",
                partial(node.run_action, command.action),
            )
        yield SystemCommand("Theme", "Other colours, light or dark", self.action_change_theme)
