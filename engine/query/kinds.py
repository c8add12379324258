"""Kinds of events that a reader looks for, declared once with their names and meanings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import attrs

from engine.findings import Kind, Lead, Role, roles
from engine.machine.effects import (
    AccessFailed,
    ChoiceMade,
    ConditionDecided,
    Effect,
    Evicted,
    FaultTaken,
    FetchFailed,
    Filled,
    FlushBegun,
    FlushEnded,
    FlushSkipped,
    InterruptInjected,
    InterruptTaken,
    Invalidated,
    Kicked,
    KickNoticed,
    Loaded,
    Maintained,
    PoweredOff,
    PoweredOn,
    RegisterWritten,
    ReturnedToGuest,
    StatementExecuted,
    Stored,
    Trapped,
    TvmArmed,
    TvmCleared,
    VcpuInitialised,
    WrittenBack,
)
from engine.machine.state import WalkPurpose
from engine.timeline import Timeline


@attrs.frozen
class EventKind:
    """A kind of step: what a step must have done, or what a finding must say of it."""

    name: str
    meaning: str
    effects: tuple[type[Effect], ...] = ()
    only: Callable[[Effect], bool] | None = None
    """What else must hold of one of these effects."""

    def test(self, timeline: Timeline) -> Callable[[int], bool]:
        """Return what says of steps of a run, from 1, whether they are of this kind."""
        if not self.effects:
            marked = marked_steps(timeline, self.name)
            return lambda at: at in marked
        return lambda at: any(map(self._is_one, timeline.steps[at - 1].effects))

    def _is_one(self, effect: Effect) -> bool:
        return isinstance(effect, self.effects) and (self.only is None or self.only(effect))


def marked_steps(timeline: Timeline, role: str) -> frozenset[int]:
    """Return the steps that findings speak of in a role: `finding`, `exact` or `cause`."""
    meant = _ROLES[role]
    found = roles(timeline.findings).items()
    return frozenset(step for step, parts in found if step and not meant.isdisjoint(parts))


_ROLES: Final[Mapping[str, frozenset[Role]]] = {
    "finding": frozenset(Kind),
    "exact": frozenset({Lead.EXACT_STEP}),
    "cause": frozenset({Lead.CAUSE}),
}


def _of_flush(effect: Effect) -> bool:
    return isinstance(effect, FlushBegun | FlushEnded) and effect.purpose is WalkPurpose.FLUSH_VM


def _toggles(effect: Effect) -> bool:
    return isinstance(effect, RegisterWritten) and effect.toggles_caches


KINDS: Final = (
    EventKind("flush", "stage2_flush_vm() begins", (FlushBegun,), _of_flush),
    EventKind("flushed", "stage2_flush_vm() ends", (FlushEnded,), _of_flush),
    EventKind("skip", "the policy takes the road on which nothing is flushed", (FlushSkipped,)),
    EventKind("trap", "a register write or DC by set/way exits to KVM", (Trapped,)),
    EventKind("abort", "an access to a page that stage 2 does not map", (FaultTaken,)),
    EventKind(
        "fault",
        "an access hits no guest RAM, or a program goes where it has no instruction",
        (AccessFailed, FetchFailed),
    ),
    EventKind("choice", "an actor goes on at a label of a `choose`", (ChoiceMade,)),
    EventKind("return", "KVM returns to the guest", (ReturnedToGuest,)),
    EventKind("toggle", "a vCPU's caches are turned on or off", (RegisterWritten,), _toggles),
    EventKind("register", "an EL1 register is written", (RegisterWritten,)),
    EventKind("tvm", "HCR_EL2.TVM is armed or cleared", (TvmArmed, TvmCleared)),
    EventKind("statement", "a statement of the policy", (StatementExecuted, ConditionDecided)),
    EventKind("condition", "a condition of the policy", (ConditionDecided,)),
    EventKind("load", "a load", (Loaded,)),
    EventKind("store", "a store", (Stored,)),
    EventKind("fill", "a line comes into a cache", (Filled,)),
    EventKind("evict", "a line leaves a cache by itself", (Evicted,)),
    EventKind("writeback", "a dirty line is written to RAM", (WrittenBack,)),
    EventKind("invalidate", "maintenance drops a cached copy", (Invalidated,)),
    EventKind("maintenance", "a DC by address", (Maintained,)),
    EventKind(
        "power", "a vCPU is started, stopped or reset", (PoweredOn, PoweredOff, VcpuInitialised)
    ),
    EventKind("kick", "a vCPU kicks the VMM, or it notices", (Kicked, KickNoticed)),
    EventKind(
        "interrupt", "an interrupt is injected or taken", (InterruptInjected, InterruptTaken)
    ),
    EventKind("finding", "a stale load, a lost version, a vCPU stuck, or a fault"),
    EventKind("exact", "the step from which on what a finding's load returns is stale"),
    EventKind("cause", "the step that a finding is blamed on"),
)

BY_NAME: Final = {kind.name: kind for kind in KINDS}
