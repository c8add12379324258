"""The app: which screen is shown, and what every screen can do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum, unique
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar

from rich.console import RenderableType
from textual import events
from textual.app import App, SystemCommand
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.css.query import NoMatches
from textual.driver import Driver
from textual.filter import LineFilter
from textual.screen import Screen
from textual.theme import ThemeProvider
from textual.widgets import OptionList
from textual.worker import WorkerFailed

from engine.explorer.limits import Limits
from engine.policy.policy import Policy
from engine.refusal import RefusedError
from scenarios.case import Asked, Case
from scenarios.schedule import Playing, ScheduleError
from tui.files.configuration import Configuration
from tui.files.remembered import Keeper
from tui.keys.keymap import Keymap
from tui.screens.controllers.arrangement import Rearranged
from tui.screens.controllers.playback import SpeedChosen
from tui.screens.controllers.prompt_line import LineTyped
from tui.screens.debugger import DebuggerScreen
from tui.screens.help import HelpScreen
from tui.screens.keyed import KeyedScreen
from tui.screens.palette import Chosen, Palette
from tui.screens.run_screen import RunScreen
from tui.session.session import Session
from tui.terminal.driver import TerminalDriver
from tui.terminal.line_filter import Printable
from tui.terminal.themes import DARK, THEMES
from tui.widgets.messages import ComparisonWanted, RunWanted
from tui.widgets.pace import USUAL

if TYPE_CHECKING:
    from tui.screens.compare import CommandWanted, SideOpened
    from tui.screens.picker import Picked
    from tui.session.comparison import Comparison

PICKER: Final = "picker"
MOST_RUNS: Final = 12
"""As many can lie over each other: each keeps all of its screen."""
BACK: Final = "{leave} goes back to the one below"
_LONG: Final = 30.0
"""Seconds for what is to be read once, before anything else is done."""
_PRINTABLE: Final = Printable()
_D = TypeVar("_D", bound=DebuggerScreen)


@unique
class Mode(Enum):
    """How a scenario is opened."""

    DEBUGGER = "debugger"
    TOUR = "tour"
    QUIZ = "quiz"


class DebuggerApp(App[None]):
    """Opens a session or a comparison, or the picker when there is neither."""

    TITLE = "kvmcache-tui"
    CSS_PATH = "debugger.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-cramped"), (60, "-wide")]  # noqa: RUF012 - declared so by App
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012 - declared so by App
        (0, "-flat"),
        (18, "-low"),
        (32, "-tall"),
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "quit", "Quit", show=False, priority=True),
    ]

    def __init__(
        self,
        opened: Session | Comparison | None = None,
        *,
        policy: Policy | None = None,
        asked: Asked | None = None,
        mode: Mode = Mode.DEBUGGER,
        limits: Limits | None = None,
        configuration: Configuration | None = None,
        keeper: Keeper | None = None,
        to_play: Playing | None = None,
    ) -> None:
        """Be about to open what is given.

        `policy` is the one that the picker begins with, `asked` how the user asked for it, and
        `to_play` the rest of the schedule that the session is a run of.
        """
        super().__init__()
        self.configuration: Final = Configuration() if configuration is None else configuration
        self.keeper: Final = Keeper() if keeper is None else keeper
        self.keymap: Final = Keymap(self.configuration.keys)
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = self._first_theme()
        self.kept: list[str] = []
        """The files that hold what was not saved."""
        self.lost: list[str] = []
        """Why it could not be kept, where it could not."""
        self._runs: list[RunScreen] = []
        """The runs that were opened."""
        self._ends = False
        self._opened = opened
        self._policy = policy
        self._asked = asked
        self._mode = mode
        self._limits = limits
        self._to_play = to_play

    def get_driver_class(self) -> type[Driver]:
        """Return what drives the terminal, unless the environment names another driver."""
        chosen = super().get_driver_class()
        return TerminalDriver if issubclass(TerminalDriver, chosen) else chosen

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return what every line of the screen goes through."""
        return (*super().get_line_filters(), _PRINTABLE)

    def on_ready(self) -> None:
        """Open what was asked for, and say where its files have changed since."""
        session = self._opened if isinstance(self._opened, Session) else None
        for line in () if session is None else session.case.changed:
            self.notify(line, severity="warning", timeout=_LONG, markup=False)
        if self._opened is None:
            self._open(self._picker())
        elif isinstance(self._opened, Session):
            self._open(self._screen_of(self._opened))
        else:
            self._open(self._screen_of(self._opened.left))
            self._show_comparison(self._opened)

    def _open(self, screen: Screen[None]) -> None:
        """Show a screen, with the classes that go with its size: it need not be laid out twice."""
        width, height = self.size
        for size, steps in (
            (width, self.HORIZONTAL_BREAKPOINTS),
            (height, self.VERTICAL_BREAKPOINTS),
        ):
            screen.add_class(max(step for step in steps if step[0] <= size)[1])
        if isinstance(screen, RunScreen):
            self._runs.append(screen)
        if isinstance(self.screen, Palette):
            # It was opened over what is left behind, before that was left.
            self.pop_screen()
        self.push_screen(screen)

    def pop_screen(self) -> AwaitComplete:
        """Leave a screen, and let nothing be kept of what it has shown."""
        shown = tuple(self.screen.walk_children(with_self=True))
        popped = super().pop_screen()

        def forget() -> None:
            # Textual keeps what styled a widget, and with it all its strips unless they are void.
            for widget in shown:
                widget.refresh()

        self.call_later(forget)
        return popped

    def _screen_of(self, session: Session) -> RunScreen:
        match self._mode:
            case Mode.DEBUGGER:
                debugger = self.debugger(session)
                debugger.to_play = self._to_play
                return debugger
            case Mode.TOUR:
                from tui.screens.tour import TourScreen

                keys, arrangement = self.keymap.tour, self.keeper.arrangement
                return self._equipped(TourScreen(session, keys, self._limits, arrangement))
            case Mode.QUIZ:
                from tui.screens.quiz import QuizScreen

                return QuizScreen(session, self.keymap.quiz)

    def debugger(self, session: Session) -> DebuggerScreen:
        """Return the debugger's screen of a session, arranged as it was last time."""
        keys, arrangement = self.keymap.debugger, self.keeper.arrangement
        return self._equipped(DebuggerScreen(session, keys, self._limits, arrangement))

    def _equipped(self, screen: _D) -> _D:
        screen.playback.pace.speed = self._speed
        screen.prompt_line.history = self.keeper.history
        screen.requests.directory = self.keeper.directory
        return screen

    async def on_event(self, event: events.Event) -> None:
        """Do what is typed in its order: the command of a key before the next key is looked at.

        The command may open a line for what is typed next, which can have been typed already.
        """
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self.app_focus = True
            screen = self.screen if self.screen_stack else None
            if isinstance(screen, KeyedScreen) and await screen.take(event):
                return
        if isinstance(event, events.InputEvent | events.Paste):
            if not self.screen_stack:
                # The screens are gone, as the program ends.
                return
            # Asked again of a key that nobody below took: the list may have lost its place since.
            if isinstance(event, events.Key) and self._turns_unseen_page(event.key):
                return
        await super().on_event(event)

    def _turns_unseen_page(self, key: str) -> bool:
        """Say whether a key would turn the page of a list that has no place yet: it has none."""
        return key in ("pageup", "pagedown") and any(
            not each.scrollable_content_region for each in self.screen.query(OptionList)
        )

    def exit(
        self, result: None = None, return_code: int = 0, message: RenderableType | None = None
    ) -> None:
        """End; the first code that is no 0 stays, so that nothing that went wrong ends well."""
        self._ends = True
        super().exit(result, self.return_code or return_code, message)

    def _handle_exception(self, error: Exception) -> None:
        """Pass over what a screen misses on itself as everything ends.

        Nothing is put any more on a screen that is opened then, and what lay on the others goes
        before those that still work there hear of it.
        """
        cause = error.error if isinstance(error, WorkerFailed) else error
        if not (self._ends and isinstance(cause, NoMatches)):
            super()._handle_exception(error)

    def on_unmount(self) -> None:
        """Keep what was not saved, however it comes that the program ends."""
        for screen in self._runs:
            self._keep(screen)

    def _keep(self, screen: RunScreen) -> None:
        """Keep what was made of a run and not saved."""
        if not screen.now.unsaved:
            return
        try:
            self.kept.append(self.keeper.keep_unsaved(screen.now))
        except RefusedError as error:
            self.lost.append(str(error))
        else:
            screen.set_reactive(RunScreen.session, screen.now.kept())

    def action_picker(self) -> None:
        """Go back to the run below, else to the list of scenarios, if need be by opening it."""
        left, below = self.screen, self.screen_stack[:-1]
        if any(screen.id == PICKER or isinstance(screen, RunScreen) for screen in below):
            if isinstance(left, RunScreen):
                self._keep(left)
                if left.now.unsaved:
                    self.notify(f"Not kept: {self.lost[-1]}", severity="error", markup=False)
                self._runs.remove(left)
            self.pop_screen()
        elif isinstance(left, RunScreen):
            self._open(self._picker(left.now.case))

    def action_leave_picker(self) -> None:
        """Go back from the list of scenarios to the run that it lies over, if there is one."""
        if len(self.screen_stack) > 1 and isinstance(self.screen_stack[-2], RunScreen):
            self.pop_screen()

    def _picker(self, case: Case | None = None) -> Screen[None]:
        """Return the list of scenarios, with a case picked already."""
        from tui.screens.picker import PickerScreen

        policy = self._policy if case is None else case.policy
        scenario = "" if case is None else case.scenario.name
        return PickerScreen(self.keymap.picker, policy, scenario, id=PICKER)

    def on_picked(self, picked: Picked) -> None:
        """Open the debugger on what was picked, once: keys can be faster than it opens."""
        if self._asking is None or self._asking.id != PICKER:
            return
        if self._asked is not None and picked.policy is self._policy:
            case = self._asked.on(picked.scenario, picked.policy)
        else:
            case = Case.of(picked.scenario, picked.policy)
        try:
            session = Session.play(case)
        except ScheduleError as error:
            self.notify(f"{picked.scenario.name}: {error}", severity="error", markup=False)
            return
        screen = self.debugger(session)
        self._open(screen)
        if picked.compare:
            screen.perform("compare upstream")

    def on_run_wanted(self, wanted: RunWanted) -> None:
        """Open a run of another scenario over the one that is shown, which stays below."""
        left = self._asking
        if not isinstance(left, DebuggerScreen) or left is not wanted.over:
            # Keys can be faster than it opens.
            return
        if len(self._runs) >= MOST_RUNS:
            left.tell(f"{MOST_RUNS} runs lie over each other; {left.key_names.fill(BACK)}.")
        else:
            self._open(self.debugger(wanted.session))

    def on_comparison_wanted(self, wanted: ComparisonWanted) -> None:
        """Show two runs beside each other."""
        self._show_comparison(wanted.comparison)

    def _show_comparison(self, comparison: Comparison) -> None:
        from tui.screens.compare import CompareScreen

        screen = CompareScreen(comparison, self.keymap.compare)
        screen.playback.pace.speed = self._speed
        self._open(screen)

    def on_line_typed(self, typed: LineTyped) -> None:
        """Remember a line that was typed."""
        self.keeper.add_line(typed.line)

    def on_speed_chosen(self, chosen: SpeedChosen) -> None:
        """Remember how fast runs play."""
        self.keeper.choose_speed(chosen.speed)

    def on_rearranged(self, rearranged: Rearranged) -> None:
        """Remember how the panes are arranged."""
        self.keeper.arrange(rearranged.arrangement)

    def on_side_opened(self, opened: SideOpened) -> None:
        """Open one side of a comparison in its place, in the debugger below if it is from there."""
        from tui.screens.compare import CompareScreen

        left = self._asking
        if not isinstance(left, CompareScreen):
            # Keys can be faster than the side opens that the first of them asked for.
            return
        below = self.screen_stack[self.screen_stack.index(left) - 1]
        known = isinstance(below, DebuggerScreen) and below.now.setup is opened.session.setup
        if not known and len(self._runs) >= MOST_RUNS:
            left.tell(f"{MOST_RUNS} runs lie over each other; {left.key_names.fill(BACK)}.")
            return
        if left is not self.screen:
            self.pop_screen()
        self.pop_screen()
        if isinstance(below, DebuggerScreen) and known:
            below.show(opened.session)
        else:
            self._open(self.debugger(opened.session))

    def on_command_wanted(self, wanted: CommandWanted) -> None:
        """Copy the command that opens a comparison."""
        from tui.files.outside_work import COPIED_COMMAND, compare_command, copied

        try:
            command = compare_command(wanted.comparison)
        except RefusedError as error:
            wanted.tell(str(error))
            return
        self.copy_to_clipboard(command)
        said = copied(command, self.keeper.directory, COPIED_COMMAND)
        wanted.tell(f"{said}: {command}")

    def action_command_palette(self) -> None:
        """Show the palette, unless it is shown."""
        if not isinstance(self.screen, Palette):
            self.push_screen(Palette())

    def search_themes(self) -> None:
        """Show the themes in a palette."""
        if not isinstance(self.screen, Palette):
            self.push_screen(Palette([ThemeProvider], placeholder="Search for themes…"))

    def action_help(self) -> None:
        """Explain the screen, unless it is being explained."""
        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.keymap))

    def watch_theme(self, theme: str) -> None:
        """Remember the theme that is chosen."""
        if self.is_running:
            self.keeper.choose_theme(theme)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Yield the palette's entries: the commands of the screen, and the themes."""
        if isinstance(screen, KeyedScreen):
            for command in screen.commands:
                yield SystemCommand(
                    command.title,
                    f"Keys: {', '.join(command.spelled)}; in the configuration: {command.name}",
                    Chosen(command, screen),
                )
        yield SystemCommand("Theme", "Other colours, light or dark", self.action_change_theme)

    @property
    def _asking(self) -> Screen[Any] | None:
        """The screen that is shown, below the palette where that lies over it; None at the end."""
        below = [each for each in self.screen_stack if not isinstance(each, Palette)]
        return below[-1] if below else None

    @property
    def _speed(self) -> float:
        return self.configuration.speed or self.keeper.remembered.speed or USUAL

    def _first_theme(self) -> str:
        names = [theme.name for theme in THEMES]
        wanted = (self.configuration.theme, self.keeper.remembered.theme)
        return next((name for name in wanted if name in names), DARK.name)
