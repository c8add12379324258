"""Findings: what the judge holds against a run, with the steps to look at; and the verdict."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, unique
from typing import TypeAlias

import attrs

from engine.machine.actors import Actor
from engine.machine.effects import AccessFailure
from engine.memory.line import Version


@unique
class Verdict(Enum):
    """The answer to whether a run, or every run, is free of findings."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    UNDETERMINED = "undetermined"


@unique
class Kind(Enum):
    """What went wrong."""

    STALE = "stale"
    """A load returned a version older than the loader was entitled to."""
    LOST = "lost"
    """The newest version of a word is neither in RAM nor in a cache."""
    STUCK = "stuck"
    """Some vCPU is in KVM and never comes out of it again, whatever anybody does."""
    FAULT = "fault"
    """An access hit no guest RAM, or a program went where it has no instruction."""


@unique
class Lead(Enum):
    """What a step that is not a finding itself is to one."""

    CAUSE = "cause"
    EXACT_STEP = "exact step"


Role: TypeAlias = Lead | Kind
"""What a step is to a finding: what led to it, or the finding itself, of its kind."""


@attrs.frozen
class Finding:
    """One thing that went wrong in a run; steps count from 1, step 0 is the initial state."""

    kind: Kind
    step: int
    """The load, the step that lost the version, the first after which somebody is stuck, or the
    access or branch that faults."""
    actor: Actor | None
    """The loader, the writer of the lost version, the vCPU that is stuck in KVM, or whose access
    or program it is that faults."""
    word: int | None
    exact: int | None
    """The earliest step from which on the loader, in the guest, saw the stale version."""
    cause: int | None
    """The step that decided it: a flush skipped, an untrapped toggle, or an access."""
    version: Version | None
    """The version that was returned, or the one that was lost."""
    entitled: int | None
    """The number of the oldest version the loader was entitled to."""
    address: int | None = None
    """Where an access hit no guest RAM, or could not be made; None where a program has no
    instruction."""
    failure: AccessFailure | None = None
    """What is wrong with the address, if there is one."""
    alias: int | None = None
    """The alias by whose address a stale load was."""

    @property
    def shown_at(self) -> int:
        """The step to look at: the exact step where there is one, else the finding's own."""
        return self.step if self.exact is None else self.exact


def roles(findings: Iterable[Finding]) -> dict[int, tuple[Role, ...]]:
    """Return the steps that findings speak of, each with what it is to them, one after the other.

    What a step is to several findings alike is there as often.
    """
    found: dict[int, tuple[Role, ...]] = {}
    for finding in findings:
        leads = ((finding.cause, Lead.CAUSE), (finding.exact, Lead.EXACT_STEP))
        for step, role in (*leads, (finding.step, finding.kind)):
            if step is not None:
                found[step] = (*found.get(step, ()), role)
    return found
