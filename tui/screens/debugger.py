"""The debugger: a run that can be asked, explored, branched, compared, kept and passed on."""

from __future__ import annotations

from asyncio import sleep
from collections.abc import Iterable
from functools import partial
from time import monotonic
from typing import Final

from textual import events
from textual.app import ComposeResult

from engine.explorer.limits import Limits
from engine.machine.actors import actors
from engine.refusal import RefusedError
from scenarios.run import run_of
from scenarios.schedule import Playing, ScheduleError
from tui.collector import leave_alone
from tui.commands.command import Lines
from tui.commands.prompt import command_named
from tui.commands.run import next_stop, stop_reasons
from tui.commands.search import KIND_NAMES
from tui.keys.command import Command
from tui.presenters.cells import as_many_as_fit
from tui.presenters.layout import Arrangement, Pane
from tui.presenters.panels.answers import Answer
from tui.presenters.words import who
from tui.screens.choice import ChoiceScreen
from tui.screens.controllers.arrangement import Arranger
from tui.screens.controllers.foresight import Foresight
from tui.screens.controllers.guest_asker import GuestAsker
from tui.screens.controllers.playback import Playback
from tui.screens.controllers.prompt_line import PromptLine
from tui.screens.controllers.requests import Requests
from tui.screens.run_screen import RunScreen
from tui.session.history import Visits
from tui.session.requests import Request
from tui.session.session import Session
from tui.widgets.answer_line import Explored
from tui.widgets.prompt import Offered, Prompt

SLICE: Final = 0.01
"""Seconds for which a schedule is played before the screen has its turn."""
PIECE: Final = 50
"""Steps that are played between two looks at the clock."""
TELL_EVERY: Final = 0.25
"""Seconds between two words on how far it is."""
CHANGED: Final = "The run that was explored is not the one that is shown: explore once more."
ENDS: Final = "The run ends here; {start} goes to the start."
ENDED: Final = "The run ends here."
_NOTHING_CHOSEN: Final = (
    "Choose a value first: click one, or {focus} to vCPUs or memory, then arrows."
)
_EVERYBODY: Final = "everybody, and for {own-step} whoever moved last"
_WHICH_EVENTS: Final = "Which events do {next-event} and {previous-event} go to?"
_PLAYING: Final = "The schedule is being played:"


class DebuggerScreen(RunScreen):
    """Shows a session, and does what its commands ask for."""

    to_play: Playing | None = None
    """What is still to be played of the scenario's own schedule."""

    _explored: Explored | None = None
    """What is to be shown as soon as nothing is typed any more."""

    def __init__(
        self,
        session: Session,
        commands: Iterable[Command],
        limits: Limits | None = None,
        arrangement: Arrangement | None = None,
    ) -> None:
        super().__init__(session, commands, limits)
        self.prompt: Final = Prompt()
        self.prompt_line: Final = self.controlled_by(PromptLine(self, self.prompt))
        self.playback: Final = self.controlled_by(Playback(self, _Steps(self)))
        self._arranger: Final = self.controlled_by(Arranger(self, arrangement))
        self._foresight: Final = Foresight(self)
        self.requests: Final = self.controlled_by(
            Requests(self, self.prompt_line, self._arranger, self._foresight)
        )
        self.controlled_by(GuestAsker(self, limits))
        self._visits = Visits()
        self.ways_out = (
            self.answer_line.try_leave,
            self.playback.try_leave,
            self._arranger.try_leave,
            *self.ways_out,
        )

    def compose(self) -> ComposeResult:
        """Yield the run, and the prompt that takes the place of answers."""
        yield from super().compose()
        yield self.prompt

    def on_mount(self) -> None:
        """Play the rest of the schedule, and find out what can follow, once the screen is there."""
        self._arranger.begin()
        self.answer("", ())
        if self.to_play is None:
            self.call_after_refresh(self._foresight.look_ahead)
        else:
            self.heading.pending = _PLAYING
            self.run_worker(self._play_rest(self.to_play), group="scheduling")

    async def take(self, event: events.Key | events.Paste) -> bool:
        """Type what is typed while the prompt is open; else do the command of a key.

        What is typed behind a command that brings a pane forward is meant for that pane.
        """
        await self._arranger.arranged()
        line = self.prompt.line
        typing = self.prompt.display and self.focused is line
        return await (line.take(event) if typing else super().take(event))

    def watch_session(self, before: Session | None, session: Session | None) -> None:
        """Play and look ahead in another run, or in this one with other stops."""
        if before is None or session is None:
            return
        were, are = before.timeline.steps, session.timeline.steps
        if (
            self.is_mounted
            and self.playback.pace.playing
            and (were is not are or before.stops is not session.stops or self.playback.overtaken)
        ):
            self.playback.look_ahead()
        if were is not are:
            if were != are[: len(were)]:
                self.panes.why.answer = None
            self._foresight.look_ahead()

    def on_screen_suspend(self) -> None:
        """Play nothing that is not seen."""
        self.playback.try_leave()

    def on_offered(self, offered: Offered) -> None:
        """Show what could complete the line."""
        begun = self.prompt.line.value.rfind(" ") + 1
        words = [line[begun:] for line in offered.lines]
        self.command_bar.offered = as_many_as_fit(words, self.size.width - 2)

    def on_whole_wanted(self) -> None:
        """Show the whole of the line that was clicked."""
        self.prompt_line.action_whole_line()

    def perform(self, line: str) -> None:
        """Do a line of the prompt, and note where it leads away from.

        What asks why is answered in the pane for it.
        """
        word, _, argument = line.strip().partition(" ")
        try:
            asks_why = bool(word) and command_named(word).name == "why"
        except RefusedError:
            asks_why = False
        if asks_why:
            self._explain(argument.strip())
            return
        before = self.now
        super().perform(line)
        left = self.now.setup is before.setup and self.now.branch.name != before.branch.name
        if left and before.branch.name in self.now.branches.names:
            self._visits = self._visits.leave(before)

    def grant(self, request: Request) -> None:
        """Do what a command asks for."""
        self.requests.do(request)

    def show(self, session: Session) -> None:
        """Show another run in place of this one, to which `former` leads back."""
        self._visits = self._visits.leave(self.now)
        super().show(session)

    def bring(self, pane: Pane) -> None:
        """Bring a pane to the front of its deck, and let that be remembered."""
        self._arranger.bring(pane)

    def answer(self, line: str, lines: Lines) -> None:
        """Say what a line has printed; on a page of its own what was typed and is long."""
        if self.prompt_line.needs_page(self.news(lines), self.size.width):
            self.prompt_line.show_page(lines)
        else:
            super().answer(line, lines)

    def complain(self, text: str) -> None:
        """Say what is wrong; on a page of its own with what was typed, where that is long."""
        if self.prompt_line.needs_page((text,), self.size.width - 2):
            self.prompt_line.show_page((text,))
        else:
            super().complain(text)

    def action_show(self, name: str) -> None:
        """Bring a pane forward; with the choices, say where what can follow is not known."""
        self._arranger.show(Pane(name))
        if name == Pane.CHOICES.value and self._foresight.remark:
            self.tell(self._foresight.remark)

    def action_former(self) -> None:
        """Go back to the run that was shown before."""
        self._visit(self._visits.back(self.now), "No run was shown before this one.")

    def action_later(self) -> None:
        """Go forward again to the run that was gone back from."""
        self._visit(self._visits.forward(self.now), "No run was gone back from.")

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
        self.prompt_line.action_prompt_for(f"break {self.panes.source.stop_at_hand}".rstrip() + " ")

    def action_explore_here(self) -> None:
        """Explore every interleaving from the cursor on."""
        self.answer_line.explore(self.now.timeline, self.now.timeline.cursor)

    def action_explore_all(self) -> None:
        """Explore every interleaving of the scenario."""
        self.answer_line.explore(self.now.timeline, 0)

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
        except RefusedError as error:
            self.complain(str(error))
            return
        asked = argument or "the finding at hand"
        question = f"{asked}, at step {self.now.timeline.cursor}"
        self.panes.why.answer = Answer(question, lines)
        self._arranger.show(Pane.WHY, remember=False)
        self.tell("")

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

    def _visit(self, there: tuple[Session, Visits] | None, otherwise: str) -> None:
        if there is None:
            self.tell(otherwise)
        else:
            self.session, self._visits = there
            self.answer("", ())

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


class _Steps:
    """The steps of a run, to be played to the next stop."""

    unit = "steps"
    ends = ENDS

    def __init__(self, screen: RunScreen) -> None:
        self._screen = screen

    @property
    def at(self) -> int:
        return self._screen.now.timeline.cursor

    @property
    def last(self) -> int:
        return len(self._screen.now.timeline.steps)

    def next_stop(self) -> int:
        stop = next_stop(self._screen.now, forward=True)
        return self.last if stop is None else stop

    def go(self, place: int) -> None:
        self._screen.session = self._screen.now.seek(place)

    def why_stopped(self) -> str:
        return "; ".join(stop_reasons(self._screen.now)) or ENDED


def _play_for(playing: Playing, seconds: float) -> None:
    until = monotonic() + seconds
    while monotonic() < until:
        playing.advance(PIECE)
