"""Counterexamples: runs that the search claims, replayed on the reference engine."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from engine.findings import Finding, Kind
from engine.judge import Ghost
from engine.machine.events import Event
from engine.machine.state import Machine
from engine.stuck import stuck_vcpu, undecided_vcpu
from engine.timeline import Timeline


@attrs.frozen
class Counterexample:
    """A run whose last step establishes a finding; the finding's steps count from its start."""

    finding: Finding
    events: tuple[Event, ...]


class ReplayError(AssertionError):
    """The reference engine does not confirm what the search claims: the explorer is wrong."""


def replayed(machine: Machine, ghost: Ghost, kind: Kind, events: Iterable[Event]) -> Counterexample:
    """Return the counterexample that a run is, once the reference engine has confirmed it.

    Raises:
        ReplayError: the run's last step establishes no finding of that kind.
        NotEnabledError: an event cannot happen when its turn comes.
    """
    start = Timeline(machine, (), (ghost,), ())
    timeline = start.extend(events)
    for finding in timeline.findings:
        if finding.kind is kind and finding.step == len(timeline.steps):
            return Counterexample(finding, timeline.events)
    if kind is Kind.STUCK and not any(each.kind is kind for each in timeline.findings):
        # The search has seen all that can follow; who looks at one state only need not know.
        end = timeline.machine
        known = stuck_vcpu(end)
        vcpu = undecided_vcpu(end) if known is None else known
        if vcpu is not None:
            finding = Finding(kind, len(timeline.steps), vcpu, None, None, None, None, None)
            return Counterexample(finding, timeline.events)
    raise ReplayError(f"no {kind.value} at step {len(timeline.steps)} of {timeline.events}")
