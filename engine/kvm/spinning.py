"""Spinning: whether an actor alone would go round in a loop of the policy's C for ever."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import attrs

from engine.c.addresses import Region, parts
from engine.c.flow import targets
from engine.c.frame import CFrame
from engine.c.policy import Policy
from engine.c.types import LockType
from engine.kvm.execution import attempt, innermost
from engine.kvm.footprint import (
    Changes,
    End,
    Fate,
    Footprint,
    Memory,
    Stack,
    WatchingScope,
)
from engine.machine.state import Actor, Machine

MAX_LOOP_STEPS: Final = 20_000
"""Steps after which a loop that an actor does not leave when run alone counts as endless."""


def spins(machine: Machine, actor: Actor) -> bool:
    """Say whether an actor in a loop goes round for ever if nobody else moves, and waits here.

    It does where it comes back to this very state, or goes round for `MAX_LOOP_STEPS`. Where the
    loop takes locks and lets them go, it waits where it holds fewest. A loop that changes
    anything else that others can see, if only to change it back, is not waiting.
    """
    policy, frame = machine.setup.policy, innermost(machine, actor)
    if not policy.functions[frame.function].may_spin[frame.pc]:
        return False
    memory = _memory(policy)
    fate = memory.recall(machine, actor, Footprint())
    if fate is None:
        fate = _LookAhead.of(machine, actor, memory).fate()
    return fate.end is End.SPINS


@lru_cache(maxsize=16)
def _memory(_: Policy) -> Memory:
    return Memory()


@attrs.define
class _LookAhead:
    """A run of one actor alone, from a point of a loop."""

    machine: Machine
    """Where it has come to."""
    actor: Actor
    memory: Memory
    depth: int
    head: int
    """The step it began at, in the function at that depth of the stack."""
    inside: frozenset[int]
    """The steps of that function from which the head can be reached."""
    footprint: Footprint = attrs.Factory(Footprint)
    met: dict[tuple[Stack, Changes], int] = attrs.Factory(dict)
    """The states at points where it may spin, and after how many steps; first where it began."""
    seen: bool = False
    """At some step others could have seen that it has changed something."""
    fewest: bool = True
    """No lock that was held at the beginning has been let go."""

    @classmethod
    def of(cls, machine: Machine, actor: Actor, memory: Memory) -> _LookAhead:
        """Return a look-ahead that begins here."""
        frame = innermost(machine, actor)
        inside = _loop(machine.setup.policy, frame.function, frame.pc)
        return cls(machine, actor, memory, len(machine.stack(actor)), frame.pc, inside)

    def fate(self) -> Fate:
        """Return what becomes of it, and remember that of every point it comes by."""
        turned = 0
        self.met[self._here()] = 0
        for taken in range(1, MAX_LOOP_STEPS + 1):
            if not self._step():
                return self._moves(taken)
            if not self._may_spin():
                continue
            here = self._here()
            if here in self.met:
                return self._came_round(here, taken)
            if self._at_head():
                turned = taken
                known = self.memory.recall(self.machine, self.actor, self.footprint)
                steps = taken + (MAX_LOOP_STEPS if known is None else known.steps)
                if known is not None and known.end is End.MOVES and steps <= MAX_LOOP_STEPS:
                    return self._moves(steps)
            self.met[here] = taken
        # Where it has long not come by the head, it is another loop inside that does not end.
        endless = turned > MAX_LOOP_STEPS // 2
        return self._began(self._waiting() if endless else End.MOVES, MAX_LOOP_STEPS)

    def _step(self) -> bool:
        """Take a step; say whether that could be done, and led to another step of the loop."""
        scope = WatchingScope.begin(self.machine, self.actor, self.footprint)
        outcome = attempt(scope)
        if outcome is None:
            return False
        self.machine = outcome[0]
        stack = self.machine.stack(self.actor)
        frame = stack[self.depth - 1] if len(stack) >= self.depth else None
        if not (isinstance(frame, CFrame) and frame.pc in self.inside):
            return False
        if scope.stored:
            self._look_at_changes()
        return isinstance(stack[-1], CFrame)

    def _look_at_changes(self) -> None:
        for where, now in self.footprint.changes(self.machine, self.actor):
            if not _is_lock(self.machine.setup.policy, where):
                self.seen = True
            elif abs(self.footprint.first[where] or 0) > abs(now or 0):
                self.fewest = False

    def _here(self) -> tuple[Stack, Changes]:
        return self.machine.stack(self.actor), self.footprint.changes(self.machine, self.actor)

    def _may_spin(self) -> bool:
        frame = innermost(self.machine, self.actor)
        return self.machine.setup.policy.functions[frame.function].may_spin[frame.pc]

    def _at_head(self) -> bool:
        stack = self.machine.stack(self.actor)
        return len(stack) == self.depth and innermost(self.machine, self.actor).pc == self.head

    def _came_round(self, again: tuple[Stack, Changes], steps: int) -> Fate:
        """Return the fate of a run that goes round in a circle, which it began in or came into."""
        met = self.met[again]
        if met == 0 and not self.seen:
            return self._began(self._waiting(), steps)
        for point, taken in self.met.items():
            if taken < met:
                self._keep(point, Fate(End.MOVES, steps - taken))
            elif met == 0:
                self._keep(point, Fate(End.MOVES, steps))
        return Fate(End.MOVES, steps)

    def _waiting(self) -> End:
        return End.SPINS if self.fewest else End.HOLDS

    def _moves(self, steps: int) -> Fate:
        """Return the fate of a run that does not spin, nor does from any point that it met."""
        for point, taken in self.met.items():
            self._keep(point, Fate(End.MOVES, steps - taken))
        return Fate(End.MOVES, steps)

    def _began(self, end: End, steps: int) -> Fate:
        """Return the fate of a run where nothing follows for the points that it met later."""
        return self._keep(next(iter(self.met)), Fate(end, steps))

    def _keep(self, point: tuple[Stack, Changes], fate: Fate) -> Fate:
        stack, changes = point
        self.memory.keep(self.actor, stack, self.footprint, changes, fate)
        return fate


def _is_lock(policy: Policy, where: int) -> bool:
    region, _, _, slot = parts(where)
    if region == Region.STATIC:
        return isinstance(policy.statics[slot].type, LockType)
    if region == Region.FIELD:
        return isinstance(policy.fields[slot].type, LockType)
    return region == Region.MMU_LOCK


@lru_cache(maxsize=256)
def _loop(policy: Policy, function: int, head: int) -> frozenset[int]:
    """Return the steps from which a loop's head can be reached."""
    steps = policy.functions[function].steps
    inside = {head}
    changed = True
    while changed:
        changed = False
        for index, step in enumerate(steps):
            if index not in inside and any(target in inside for target in targets(step)):
                inside.add(index)
                changed = True
    return frozenset(inside)
