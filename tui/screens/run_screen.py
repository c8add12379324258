"""One run at one of its steps: the panels, and the ways to go through it."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Container
from textual.reactive import reactive
from textual.screen import Screen
from textual.widgets import Static

from engine.machine.effects import ConditionDecided, StatementExecuted
from engine.machine.events import GuestExecutes, VmmExecutes
from engine.timeline import Timeline
from engine.transition import Step
from tui.keys import EVERYWHERE, LEAPS, MOVES, Command
from tui.presenters.actors import actors
from tui.presenters.heading import Subject
from tui.presenters.runs import NO_NOTES, Notes, Run
from tui.screens.commands import bindings
from tui.widgets.actor_panel import ActorPanel
from tui.widgets.command_bar import CommandBar
from tui.widgets.event_list import EventList
from tui.widgets.flush_panel import FlushPanel
from tui.widgets.happening import Happening
from tui.widgets.heading import Heading
from tui.widgets.memory_panel import MemoryPanel
from tui.widgets.programs import Programs
from tui.widgets.source_panel import SourcePanel
from tui.widgets.step_chosen import StepChosen


class RunScreen(Screen[None]):
    """Shows a timeline at its cursor; every command moves the cursor."""

    BINDINGS = bindings((*MOVES, *LEAPS))
    AUTO_FOCUS = ""
    commands: ClassVar[tuple[Command, ...]] = (*MOVES, *LEAPS)
    tells_verdict: ClassVar[bool] = True
    """Whether the heading says from the start what the run is found guilty of."""
    timeline: reactive[Timeline | None] = reactive(None, repaint=False)
    subject: reactive[Subject] = reactive(Subject("", "", ""), repaint=False)
    notes: reactive[Notes] = reactive(NO_NOTES, repaint=False)

    def __init__(self, run: Run) -> None:
        super().__init__()
        self.set_reactive(RunScreen.timeline, run.timeline)
        self.set_reactive(RunScreen.subject, run.subject)
        self.set_reactive(RunScreen.notes, run.notes)

    def compose(self) -> ComposeResult:
        """Yield the picture, from what is run at the top to the keys at the bottom."""
        initial, bind = self.here.initial, RunScreen.timeline
        yield Heading(judges=self.tells_verdict).data_bind(bind, RunScreen.subject)
        yield from self.compose_story()
        with Container(id="panels"):
            yield ActorPanel(id="actors").data_bind(bind)
            yield MemoryPanel(id="memory").data_bind(bind)
            yield SourcePanel(id="source").data_bind(bind)
            yield Programs(len(actors(initial.setup)), id="programs").data_bind(bind)
            yield FlushPanel(id="flushes").data_bind(bind)
            yield EventList(id="events").data_bind(bind)
        yield CommandBar((*self.commands, *EVERYWHERE))
        yield Static("Too small: the debugger needs 60 x 18.", id="too-small", markup=False)

    def compose_story(self) -> ComposeResult:
        """Yield what stands between the heading and the panels."""
        yield Happening().data_bind(RunScreen.timeline, RunScreen.notes)

    @property
    def here(self) -> Timeline:
        """The timeline at its cursor."""
        assert self.timeline is not None
        return self.timeline

    def on_step_chosen(self, chosen: StepChosen) -> None:
        """Go to a step that was clicked."""
        self.timeline = self.here.seek(chosen.step)

    def action_forward(self) -> None:
        """Go one step forward."""
        self._seek(self.here.cursor + 1)

    def action_back(self) -> None:
        """Go one step back."""
        self._seek(self.here.cursor - 1)

    def action_ten_forward(self) -> None:
        """Go ten steps forward."""
        self._seek(self.here.cursor + 10)

    def action_ten_back(self) -> None:
        """Go ten steps back."""
        self._seek(self.here.cursor - 10)

    def action_start(self) -> None:
        """Go to the start."""
        self._seek(0)

    def action_end(self) -> None:
        """Go to the last step."""
        self._seek(len(self.here.steps))

    def action_next_instruction(self) -> None:
        """Go to the next instruction of a guest or the VMM."""
        self._next(_is_instruction, "guest instruction")

    def action_previous_instruction(self) -> None:
        """Go to the previous instruction of a guest or the VMM."""
        self._previous(_is_instruction, "guest instruction")

    def action_next_statement(self) -> None:
        """Go to the next statement or condition of the policy."""
        self._next(_is_statement, "statement of KVM's policy")

    def action_previous_statement(self) -> None:
        """Go to the previous statement or condition of the policy."""
        self._previous(_is_statement, "statement of KVM's policy")

    def action_next_finding(self) -> None:
        """Go to the next finding."""
        steps = [one.step for one in self.here.findings if one.step > self.here.cursor]
        self._go(min(steps, default=None), "No finding after this step.")

    def action_previous_finding(self) -> None:
        """Go to the previous finding."""
        steps = [one.step for one in self.here.findings if one.step < self.here.cursor]
        self._go(max(steps, default=None), "No finding before this step.")

    def action_exact(self) -> None:
        """Go to the exact step of the next finding that has one, after the last of the first."""
        steps = sorted(one.exact for one in self.here.findings if one.exact is not None)
        after = [step for step in steps if step > self.here.cursor]
        self._go(min(after or steps, default=None), "No finding of this run has an exact step.")

    def action_leave(self) -> None:
        """Go back to the picker, which lies below."""
        self.dismiss()

    def _seek(self, step: int) -> None:
        there = self.here.seek(step)
        if there.cursor != self.here.cursor:
            self.timeline = there

    def _next(self, wanted: Callable[[Step], bool], what: str) -> None:
        there = self.here.next(wanted)
        self._go(None if there is None else there.cursor, f"No {what} after this step.")

    def _previous(self, wanted: Callable[[Step], bool], what: str) -> None:
        there = self.here.previous(wanted)
        self._go(None if there is None else there.cursor, f"No {what} before this step.")

    def _go(self, step: int | None, otherwise: str) -> None:
        if step is None:
            self.notify(otherwise, timeout=2)
        else:
            self._seek(step)


def _is_instruction(step: Step) -> bool:
    return isinstance(step.event, GuestExecutes | VmmExecutes)


def _is_statement(step: Step) -> bool:
    return any(isinstance(effect, StatementExecuted | ConditionDecided) for effect in step.effects)
