"""The debugger: a run that can be asked, explored, branched, compared, kept and passed on."""

from __future__ import annotations

from asyncio import sleep
from collections.abc import Awaitable, Callable
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Final

from engine.explorer.limits import Limits, Progress
from engine.explorer.prospects.outlook import NoReturn
from engine.machine.actors import actors
from engine.machine.setup import Setup
from engine.query.errors import QueryError
from scenarios.run import run_of
from scenarios.schedule import Playing, ScheduleError
from tui.collector import leave_alone
from tui.commands.prompt import command_named
from tui.commands.search import KIND_NAMES
from tui.presenters.layout import Pane
from tui.presenters.panels.answers import Answer
from tui.presenters.panels.choices import FORESEEN, TOO_MANY, no_return_lines
from tui.presenters.words import who
from tui.screens.choice import ChoiceScreen
from tui.screens.fulfilling_screen import STILL_BUSY, FulfillingScreen
from tui.session.errors import CommandError
from tui.session.requests import Foresee, Request
from tui.session.session import Session
from tui.widgets.answer_line import Explored
from tui.widgets.search_thread import SearchThread

if TYPE_CHECKING:
    from engine.explorer.prospects.prospects import Prospects

SLICE: Final = 0.01
"""Seconds for which a schedule is played before the screen has its turn."""
PIECE: Final = 50
"""Steps that are played between two looks at the clock."""
TELL_EVERY: Final = 0.25
"""Seconds between two words on how far it is."""
LOOKING: Final = "looking ahead"
CHANGED: Final = "The run that was explored is not the one that is shown: explore once more."
_NOTHING_CHOSEN: Final = (
    "Choose a value first: click one, or {focus} to vCPUs or memory, then arrows."
)
_EVERYBODY: Final = "everybody, and for {own-step} whoever moved last"
_WHICH_EVENTS: Final = "Which events do {next-event} and {previous-event} go to?"
_PLAYING: Final = "The schedule is being played:"


class DebuggerScreen(FulfillingScreen):
    """Shows a session, and does what its commands ask for."""

    to_play: Playing | None = None
    """What is still to be played of the scenario's own schedule."""

    _known: tuple[Setup, Prospects] | None = None
    """What can follow every state of a machine."""
    _foreseen_for: Setup | None = None
    """The machine whose future is known or looked for."""
    _explored: Explored | None = None
    """What is to be shown as soon as nothing is typed any more."""

    def on_mount(self) -> None:
        """Play the rest of the schedule, and find out what can follow, once the screen is there."""
        self.answer("", ())
        if self.to_play is None:
            self.call_after_refresh(self._foresee)
        else:
            self.heading.pending = _PLAYING
            self.run_worker(self._play_rest(self.to_play), group="scheduling")

    def watch_session(self, before: Session | None, session: Session | None) -> None:
        """Mark the point of no return of another run."""
        super().watch_session(before, session)
        if before is None or session is None:
            return
        were, are = before.timeline.steps, session.timeline.steps
        if were is not are:
            if were != are[: len(were)]:
                self.panes.why.answer = None
            self._foresee()

    def perform(self, line: str) -> None:
        """Do a line of the prompt; what asks why is answered in the pane for it."""
        word, _, argument = line.strip().partition(" ")
        try:
            asks_why = bool(word) and command_named(word).name == "why"
        except CommandError:
            asks_why = False
        if asks_why:
            self._explain(argument.strip())
            return
        super().perform(line)

    def fulfil(self, request: Request) -> None:
        """Do what a command wishes for, and with the choices tell where there is no return."""
        super().fulfil(request)
        if isinstance(request, Foresee):
            found = self.panes.scrubber.no_return
            self.tell(self.panes.choices.remark if found is None else _sentence(found))

    def action_show(self, name: str) -> None:
        """Bring a pane forward; with the choices, say where what can follow is not known."""
        super().action_show(name)
        remark = self.panes.choices.remark
        if name == Pane.CHOICES.value and remark not in ("", LOOKING):
            self.tell(remark)

    def action_why(self) -> None:
        """Say why the chosen value is what it is; with none chosen, the finding at hand."""
        asks = self.panes.vcpus.asks or self.panes.memory.asks
        if not asks and not self.now.timeline.findings:
            self.complain(self.key_names.fill(_NOTHING_CHOSEN))
            return
        self._explain(asks)

    def action_choose_actor(self) -> None:
        """Ask whose steps to go by."""
        every = actors(self.now.setup)
        lines = (self.key_names.fill(_EVERYBODY), *(who(actor) for actor in every))
        names = ("all", *(f"vcpu{actor}" if actor >= 0 else "vmm" for actor in every))
        actor = self.now.prompt.actor
        at = 1 + every.index(actor) if actor in every else 0

        def take_up(chosen: int | None) -> None:
            if chosen is not None:
                self.perform(f"vcpu {names[chosen]}")

        self.app.push_screen(ChoiceScreen("Whose steps to go by?", lines, at), take_up)

    def action_choose_kind(self) -> None:
        """Ask which kind of event n and p go to."""
        names = tuple(KIND_NAMES)
        width = max(map(len, names))
        lines = tuple(f"{name:{width}}  {meaning}" for name, meaning in KIND_NAMES.items())

        def take_up(chosen: int | None) -> None:
            if chosen is not None:
                self.perform(f"kind {names[chosen]}")

        at = names.index(self.now.prompt.kind)
        self.app.push_screen(ChoiceScreen(self.key_names.fill(_WHICH_EVENTS), lines, at), take_up)

    def action_breakpoint(self) -> None:
        """Set a breakpoint on the chosen line, or take it away; else ask where."""
        for panel in (self.panes.source, *self.panes.programs.panels):
            if panel.stop:
                self.perform(f"toggle {panel.stop}")
                return
        self.action_prompt_for(f"break {self.panes.source.stop_at_hand}".rstrip() + " ")

    def action_explore_here(self) -> None:
        """Explore every interleaving from the cursor on."""
        self._explore(self.now.timeline.cursor)

    def action_explore_all(self) -> None:
        """Explore every interleaving of the scenario."""
        self._explore(0)

    def on_explored(self, explored: Explored) -> None:
        """Show the counterexample, or ask which one if there are several; never while one types."""
        if self.prompt.display:
            self._explored = explored
            return
        timeline, start, known = explored.timeline, explored.start, explored.known
        show = partial(self._show_counterexample, explored)
        from tui.presenters.status.exploring import found_runs

        if self.now.sharing(timeline, start) is None:
            self.complain(CHANGED)
        elif len(known.counterexamples) > 1:
            lines = found_runs(timeline, start, known)
            self.app.push_screen(ChoiceScreen("Which run shall be shown?", lines), show)
        elif known.counterexamples:
            show(0)

    def on_closed(self) -> None:
        """Show the counterexample that was found while one typed."""
        explored, self._explored = self._explored, None
        if explored is not None:
            self.on_explored(explored)

    def _explain(self, argument: str) -> None:
        from tui.commands.why import answer

        try:
            lines = answer(self.now, argument)
        except (CommandError, QueryError) as error:
            self.complain(str(error))
            return
        asked = argument or "the finding at hand"
        question = f"{asked}, at step {self.now.timeline.cursor}"
        self.panes.why.answer = Answer(question, lines)
        self.show_pane(Pane.WHY, remember=False)
        self.tell("")

    def _explore(self, start: int) -> None:
        if self.answer_line.busy:
            self.complain(self.key_names.fill(STILL_BUSY))
        else:
            self.answer_line.explore(self.now.timeline, start)

    def _show_counterexample(self, explored: Explored, chosen: int | None) -> None:
        if chosen is None:
            return
        from tui.presenters.status.exploring import counter_run, counter_title

        known, start = explored.known, explored.start
        there = self.now.sharing(explored.timeline, start)
        if there is None:
            self.complain(CHANGED)
            return
        found = known.counterexamples[chosen]
        title = counter_title(start, found, shortest=known.reason is None)
        run = counter_run(explored.timeline, start, found)
        stem = found.finding.kind.value
        self.show(there.fork(run, start, stem=stem, title=title))

    async def _play_rest(self, playing: Playing) -> None:
        """Play on, a little at a time, so that the screen can be used meanwhile."""
        told = monotonic()
        try:
            while not playing.done:
                _play_for(playing, SLICE)
                if monotonic() > told + TELL_EVERY:
                    told = monotonic()
                    self.heading.pending = f"{_PLAYING} {len(playing):,} steps so far"
                await sleep(SLICE / 4)
        except ScheduleError as error:
            self.complain(str(error))
        self.to_play = None
        self.heading.pending = ""
        self.session = self.now.grown(run_of(self.now.case, playing.played))
        leave_alone()

    def _foresee(self) -> None:
        """Find out what can follow every state of this machine, unless that is known already."""
        setup = self.now.setup
        looked_for, self._foreseen_for = self._foreseen_for, setup
        if self._known is not None and self._known[0] is setup:
            self._beside(self._tell_foreseen)
        elif looked_for is not setup:
            self.panes.choices.known = None
            self.panes.choices.remark = LOOKING
            self.panes.scrubber.no_return = None
            self._beside(self._look_ahead)

    def _beside(self, work: Callable[[], Awaitable[None]]) -> None:
        """Look ahead beside all else, in place of what was looked for before."""
        self.run_worker(work, group="foreseeing", exclusive=True)

    async def _look_ahead(self) -> None:
        setup = self.now.setup
        machine = self.now.timeline.initial

        def search(progress: Progress) -> Prospects | None:
            from engine.explorer.prospects.prospects import prospects

            return prospects(machine, limits=Limits(FORESEEN), progress=progress)

        known = await SearchThread(search).answer()
        if self.now.setup is not setup:
            return
        if known is None or isinstance(known, str):
            self.panes.choices.remark = known or TOO_MANY
        else:
            self._known = (setup, known)
            await self._tell_foreseen()

    async def _tell_foreseen(self) -> None:
        """Label the choices, and mark the point of no return of the run that is shown."""
        timeline = self.now.timeline
        if self._known is None or self._known[0] is not self.now.setup:
            return
        known = self._known[1]
        self.panes.choices.known = self._known
        self.panes.choices.remark = ""
        self.panes.scrubber.no_return = None

        def search(_: Progress) -> NoReturn:
            from engine.explorer.prospects.prospects import no_return

            return no_return(timeline, known)

        found = await SearchThread(search).answer()
        if isinstance(found, NoReturn) and self.now.timeline.steps is timeline.steps:
            self.panes.scrubber.no_return = found


def _sentence(found: NoReturn) -> str:
    text = "; ".join(no_return_lines(found))
    return f"{text[0].upper()}{text[1:]}."


def _play_for(playing: Playing, seconds: float) -> None:
    until = monotonic() + seconds
    while monotonic() < until:
        playing.advance(PIECE)
