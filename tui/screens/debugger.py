"""The debugger: a run that can be gone through, and explored in every interleaving."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult

from engine.explorer.limits import Limits
from engine.explorer.verdict import Exploration
from tui.keys import DEBUGGER, Command
from tui.presenters.exploring import choices
from tui.presenters.runs import Run, Runs, counter_run
from tui.screens.choice import ChoiceScreen
from tui.screens.commands import bindings
from tui.screens.run_screen import RunScreen
from tui.widgets.exploring_line import Explored, ExploringLine


class DebuggerScreen(RunScreen):
    """Shows a run; an exploration puts the shortest counterexample in its place."""

    BINDINGS = bindings(DEBUGGER)
    commands: ClassVar[tuple[Command, ...]] = DEBUGGER

    def __init__(self, run: Run, limits: Limits | None = None) -> None:
        super().__init__(run)
        self._runs = Runs(run)
        self._line = ExploringLine(Limits() if limits is None else limits)

    def compose(self) -> ComposeResult:
        """Yield the run, and the line that says what is explored."""
        yield from super().compose()
        yield self._line

    @property
    def runs(self) -> Runs:
        """The run on the screen, where it is now, and those before and after it."""
        return self._runs.at(self.here)

    def on_explored(self, explored: Explored) -> None:
        """Show the counterexample, or ask which one if there are several."""
        run, start, known = explored.run, explored.start, explored.known
        show = partial(self._show_counterexample, run, start, known)
        if len(known.counterexamples) > 1:
            question = "Which run shall be shown?"
            self.app.push_screen(ChoiceScreen(question, choices(run, start, known)), show)
        elif known.counterexamples:
            show(0)

    def action_explore_here(self) -> None:
        """Explore every interleaving from the cursor on."""
        self._explore(self.here.cursor)

    def action_explore_all(self) -> None:
        """Explore every interleaving of the scenario."""
        self._explore(0)

    def action_former_run(self) -> None:
        """Go back to the run that was shown before."""
        self._show(self.runs.undo(), "No run was shown before this one.")

    def action_later_run(self) -> None:
        """Go forward again to the run that was undone."""
        self._show(self.runs.redo(), "No run was undone.")

    def action_leave(self) -> None:
        """Cancel the exploration, or go back to the picker if there is none."""
        if self._line.exploring:
            self._line.cancel()
        else:
            super().action_leave()

    def _explore(self, start: int) -> None:
        if self._line.exploring:
            self.notify("Still exploring: Escape cancels.", timeout=2)
        else:
            self._line.explore(self.runs.shown, start)

    def _show_counterexample(
        self, run: Run, start: int, known: Exploration, chosen: int | None
    ) -> None:
        if chosen is not None:
            found = known.counterexamples[chosen]
            shortest = known.reason is None
            there = counter_run(run, start, found, shortest=shortest)
            self._show(self.runs.replace(there), "")

    def _show(self, runs: Runs | None, otherwise: str) -> None:
        if runs is None:
            self.notify(otherwise, timeout=2)
            return
        self._runs = runs
        self.subject, self.notes = runs.shown.subject, runs.shown.notes
        self.timeline = runs.shown.timeline
