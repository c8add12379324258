"""A run to be printed: what was asked for, what was played, and what it cost."""

from __future__ import annotations

import attrs

from engine.c.policy import Policy
from engine.machine.effects import Effect, FlushBegun, LineFlushed
from engine.machine.state import WalkPurpose
from scenarios.scenario import Scenario
from scenarios.schedule import Played
from tui.presenters.reports.checked import Words


@attrs.frozen(eq=False)
class Run:
    """A scenario played under a policy, both with the words by which the user asked for them."""

    scenario_spec: str
    policy_spec: str
    options: Words
    """How the policy was read, and on which hardware, in words of the command line."""
    scenario: Scenario
    policy: Policy
    played: Played

    @property
    def refuted(self) -> bool:
        """Say whether something was found."""
        return bool(self.played.timeline.findings)

    @property
    def flushes(self) -> int:
        """How often `stage2_flush_vm()` was called."""
        return sum(
            isinstance(effect, FlushBegun) and effect.purpose is WalkPurpose.FLUSH_VM
            for effect in self._effects
        )

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
