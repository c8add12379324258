"""What is shared of a run, and the questions that every form of it asks."""

from __future__ import annotations

import attrs

from engine.machine.effects import Effect, FlushBegun, LineFlushed
from engine.machine.state import WalkPurpose
from engine.policy.policy import Policy
from engine.timeline import Timeline
from scenarios.case import Case, Words
from scenarios.event_list import SEPARATOR
from scenarios.scenario import Expectation, Scenario
from scenarios.schedule import Played
from tui.presenters.reports.checked import Checked


@attrs.frozen(eq=False)
class SharedRun:
    """A run of a case: what was played, and what it cost."""

    case: Case
    played: Played
    events: tuple[str, ...] | None = None
    """The events that make the run, by name; None where the scenario's own schedule does."""
    asked: Words = ()
    """What makes the run instead of its events, such as `--counterexample stale`."""
    known: Checked | None = None
    """What every interleaving of the case comes to, where that is known."""

    @property
    def public(self) -> SharedRun:
        """The same, with files named as the readers of a mail have them."""
        return attrs.evolve(self, case=self.case.public)

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        return self.case.scenario

    @property
    def policy(self) -> Policy:
        """The policy."""
        return self.case.policy

    @property
    def expectation(self) -> Expectation | None:
        """What the scenario expects of the policy over every interleaving."""
        return self.case.expectation

    @property
    def met(self) -> bool | None:
        """Whether that is so; one run can show no more than that it is not."""
        if self.expectation is None:
            return None
        kinds = (finding.kind for finding in self.played.timeline.findings)
        return self.expectation.met(kinds, complete=False)

    @property
    def flushes(self) -> int:
        """How often `stage2_flush_vm()` was called."""
        return sum(isinstance(effect, FlushBegun) and effect.flushes_vm for effect in self._effects)

    @property
    def lines_flushed(self) -> int:
        """How many lines these calls cleaned and invalidated."""
        return sum(
            isinstance(effect, LineFlushed) and effect.purpose is WalkPurpose.FLUSH_VM
            for effect in self._effects
        )

    @property
    def _effects(self) -> tuple[Effect, ...]:
        return tuple(effect for step in self.played.timeline.steps for effect in step.effects)


def step_to_show(timeline: Timeline) -> int:
    """Return the step to look at: of the first finding the exact step or itself, else the last."""
    for finding in timeline.findings:
        return finding.shown_at
    return len(timeline.steps)


def replay_words(run: SharedRun, at: int) -> Words:
    """Return the command that opens the debugger on the run at a step, in groups of words."""
    events = () if run.events is None else (("--events", SEPARATOR.join(run.events)),)
    return run.case.words(*(run.asked or events), ("--at", str(at)))
