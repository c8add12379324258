"""The debugger: one run of a scenario under a policy, at one of its steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual.app import ComposeResult
from textual.containers import Container
from textual.reactive import reactive
from textual.screen import Screen
from textual.widgets import Static

from engine.c.policy import Policy
from engine.machine.effects import ConditionDecided, StatementExecuted
from engine.machine.events import GuestExecutes, VmmExecutes
from engine.timeline import Timeline
from engine.transition import Step
from scenarios.scenario import Scenario
from scenarios.schedule import play
from tui.keys import DEBUGGER, EVERYWHERE
from tui.presenters.actors import actors
from tui.presenters.heading import Subject
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


class DebuggerScreen(Screen[None]):
    """Shows a timeline at its cursor; every command moves the cursor."""

    BINDINGS = bindings(DEBUGGER)
    AUTO_FOCUS = ""
    commands = DEBUGGER
    timeline: reactive[Timeline | None] = reactive(None, repaint=False)

    def __init__(
        self,
        timeline: Timeline,
        *,
        subject: Subject,
        notes: Mapping[int, tuple[str, ...]],
    ) -> None:
        super().__init__()
        self._subject = subject
        self._notes = notes
        self.set_reactive(DebuggerScreen.timeline, timeline)

    @classmethod
    def play(cls, scenario: Scenario, policy: Policy, at: int = 0) -> DebuggerScreen:
        """Return the screen of a scenario's own schedule under a policy, at step `at`.

        Raises:
            ScheduleError: the schedule does not end.
        """
        played = play(scenario.machine(policy), scenario.schedule)
        return cls(
            played.timeline.seek(at),
            subject=Subject(scenario.name, scenario.title, policy.name),
            notes=played.notes(scenario.notes),
        )

    def compose(self) -> ComposeResult:
        """Yield the picture, from what is run at the top to the keys at the bottom."""
        timeline = self.timeline
        assert timeline is not None
        bind = DebuggerScreen.timeline
        yield Heading(self._subject).data_bind(bind)
        yield Happening(self._notes).data_bind(bind)
        with Container(id="panels"):
            yield ActorPanel(id="actors").data_bind(bind)
            yield MemoryPanel(id="memory").data_bind(bind)
            yield SourcePanel(id="source").data_bind(bind)
            yield Programs(len(actors(timeline.initial.setup)), id="programs").data_bind(bind)
            yield FlushPanel(id="flushes").data_bind(bind)
            yield EventList(id="events").data_bind(bind)
        yield CommandBar((*DEBUGGER, *EVERYWHERE))
        yield Static("Too small: the debugger needs 60 x 18.", id="too-small", markup=False)

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

    def action_picker(self) -> None:
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
