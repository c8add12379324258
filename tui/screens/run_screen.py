"""One run at one of its steps: the panes, and the ways to go through it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final

import attrs
from textual.app import ComposeResult
from textual.reactive import reactive
from textual.widgets import Static

from engine.explorer.limits import Limits
from engine.refusal import RefusedError
from scenarios.run import new_note_at
from tui.commands.command import Lines
from tui.commands.plain_text import here
from tui.commands.prompt import command_named, perform
from tui.keys.command import Command
from tui.presenters.cells import Said, Tone
from tui.presenters.help import COUNT
from tui.presenters.layout import EVERY, Pane
from tui.screens.keyed import KeyedScreen
from tui.session.requests import Request
from tui.session.session import Session
from tui.widgets.answer_line import AnswerLine
from tui.widgets.heading import Heading
from tui.widgets.messages import LineGiven, StepChosen, TabChosen
from tui.widgets.panels.panes import Panes
from tui.widgets.sentence_bar import Happening


class RunScreen(KeyedScreen):
    """Shows a session; every command makes another one of it."""

    counts: ClassVar[str] = COUNT
    tells_verdict: ClassVar[bool] = True
    """Whether the heading says from the start what the run is found guilty of."""
    offered: ClassVar[frozenset[Pane]] = EVERY
    """The panes that can be seen."""

    session: reactive[Session | None] = reactive(None, repaint=False)

    def __init__(
        self, session: Session, commands: Iterable[Command], limits: Limits | None = None
    ) -> None:
        super().__init__(commands)
        self.set_reactive(RunScreen.session, session)
        self.panes: Final = Panes(session, self.key_names, self.offered)
        self.heading: Final = Heading(session, judges=self.tells_verdict)
        self.answer_line: Final = AnswerLine(Limits() if limits is None else limits, self.key_names)

    def compose(self) -> ComposeResult:
        """Yield the picture, from what is run at the top to the keys at the bottom."""
        yield self.heading.data_bind(RunScreen.session)
        yield from self.compose_story()
        yield self.panes.data_bind(RunScreen.session)
        yield self.answer_line
        yield self.command_bar
        yield Static("Too small: the debugger needs 60 x 18.", id="too-small", markup=False)

    def compose_story(self) -> ComposeResult:
        """Yield what stands between the heading and the panes."""
        yield Happening(self.key_names).data_bind(RunScreen.session)

    @property
    def now(self) -> Session:
        """The session."""
        assert self.session is not None
        return self.session

    def on_step_chosen(self, chosen: StepChosen) -> None:
        """Go to a step that was chosen."""
        self.forget_count()
        self.session = self.now.seek(chosen.step)
        self.answer("", ())

    def on_line_given(self, given: LineGiven) -> None:
        """Do what a line of the prompt does, unless it was meant for what is no more."""
        self.forget_count()
        if given.of is None or given.of is self.now:
            self.perform(given.line)

    def on_tab_chosen(self, chosen: TabChosen) -> None:
        """Bring a pane to the front of its deck."""
        self.bring(chosen.pane)

    def bring(self, pane: Pane) -> None:
        """Bring a pane to the front of its deck."""
        self.panes.bring(pane)

    def action_do(self, line: str) -> None:
        """Do a line of the prompt, as often as the count says."""
        counts = " " not in line and command_named(line).counted
        self.perform(f"{line} {self.count}" if self.count and counts else line)

    def action_start(self) -> None:
        """Go to the start, or to the step that the count says."""
        self.perform(f"goto {self.count or 0}")

    def action_end(self) -> None:
        """Go to the last step, or to the step that the count says."""
        last = len(self.now.timeline.steps)
        self.perform(f"goto {last if self.count is None else self.count}")

    async def leave(self) -> None:
        """Go back to the run below, or to the picker."""
        await self.run_action("app.picker")

    def perform(self, line: str) -> None:
        """Do a line of the prompt, and answer."""
        try:
            session, lines = perform(self.now, line)
        except RefusedError as error:
            self.complain(str(error))
            return
        if session.over:
            self.call_later(self.run_action, "app.quit")
            return
        request = session.request
        if session is not self.now:
            self.session = session if request is None else attrs.evolve(session, request=None)
        if request is None:
            self.answer(line, lines)
        else:
            self.grant(request)

    def grant(self, request: Request) -> None:
        """Do what a command asks for; a run that is only gone through grants nothing."""
        self.complain("Not here: this run is only gone through.")

    def show(self, session: Session) -> None:
        """Show another run in place of this one."""
        self.session = session

    def complain(self, text: str) -> None:
        """Say what is wrong."""
        self.tell(text, Tone.SKIPPED)

    def answer(self, line: str, lines: Lines) -> None:
        """Say what a line has printed, but for what stands on the screen anyway."""
        self.tell("; ".join(self.news(lines)) or self._remark())

    def news(self, lines: Lines) -> Lines:
        """Return what of the lines does not stand on the screen anyway."""
        shown = here(self.now)
        return tuple(each for each in lines if each != shown)

    def _remark(self) -> str:
        """Return what is noted at the step at hand, where it has no place of its own."""
        session = self.now
        step = session.timeline.cursor
        if self.has_class("-tall") or not self.tells_verdict:
            return ""
        own = session.marked.get(step)
        return f"* {own}" if own else new_note_at(session.run.notes, step)

    def tell(self, text: str, tone: Tone = Tone.PLAIN) -> None:
        """Show a line above the footer."""
        self.answer_line.tell(Said(text, tone))
