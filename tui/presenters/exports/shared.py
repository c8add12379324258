"""What is shared of a run, and the questions that every form of it asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from engine.c.policy import Policy
from engine.findings import Finding
from engine.timeline import Timeline
from scenarios.scenario import Scenario
from scenarios.schedule import Played
from tui.presenters.reports.checked import Words
from tui.presenters.reports.plain import PROGRAM


class SharedRun(Protocol):
    """A scenario played under a policy, with the words by which the user asked for them."""

    @property
    def scenario_spec(self) -> str:
        """The scenario's name or path."""

    @property
    def policy_spec(self) -> str:
        """The policy's name or path."""

    @property
    def options(self) -> Words:
        """How the policy was read, and on which hardware."""

    @property
    def scenario(self) -> Scenario:
        """The scenario."""

    @property
    def policy(self) -> Policy:
        """The policy."""

    @property
    def played(self) -> Played:
        """The scenario's schedule, played under the policy."""


def step_to_show(timeline: Timeline) -> int:
    """Return the step to look at: of the first finding the exact step or itself, else the last."""
    for finding in timeline.findings:
        return finding.step if finding.exact is None else finding.exact
    return len(timeline.steps)


def replay_words(run: SharedRun, at: int) -> Words:
    """Return the command that opens the debugger on the run at a step, in groups of words."""
    return (
        (PROGRAM, run.scenario_spec),
        ("--policy", run.policy_spec),
        *run.options,
        ("--at", str(at)),
    )


def roles(findings: tuple[Finding, ...]) -> dict[int, tuple[str, ...]]:
    """Return the steps that findings speak of, each with what it is to them."""
    found: dict[int, tuple[str, ...]] = {}
    for step, role in _roles(findings):
        if role not in found.get(step, ()):
            found[step] = (*found.get(step, ()), role)
    return found


def _roles(findings: tuple[Finding, ...]) -> Iterator[tuple[int, str]]:
    for finding in findings:
        if finding.cause is not None:
            yield finding.cause, "CAUSE"
        if finding.exact is not None:
            yield finding.exact, "EXACT STEP"
        yield finding.step, finding.kind.value.upper()
