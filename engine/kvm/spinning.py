"""Spinning: whether an actor alone would go round in a circle in the policy's C for ever."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import attrs

from engine.kvm.auxiliary import Auxiliaries, auxiliaries
from engine.kvm.counting import circle_points
from engine.kvm.execution import attempt, innermost
from engine.kvm.footprint import ChangedSlots, Footprint, NotingScope
from engine.machine.actors import Actor
from engine.machine.state import KvmFrame, Machine
from engine.policy.addresses import Region, parts
from engine.policy.c_types import LockType
from engine.policy.frame import CFrame
from engine.policy.operations import targets
from engine.policy.policy import Policy

LONGEST_CIRCLE: Final = 400
"""Steps of the longest circle that is found; who goes round in a longer one goes on."""


def spins(machine: Machine, actor: Actor) -> bool:
    """Say whether an actor in a loop goes round for ever if nobody else moves, and waits here.

    It does where it comes back to this very state, auxiliary variables apart. Where the loop takes
    locks and lets them go, it waits where it holds fewest. A loop that changes anything else that
    others can see, if only to change it back, is not waiting. A loop that has not come round after
    `LONGEST_CIRCLE` steps is not either: it may have a bound of its own.
    """
    policy, frame = machine.setup.policy, innermost(machine, actor)
    if frame.pc not in circle_points(policy)[frame.function]:
        return False
    return _Round.begin(machine, actor).comes_back()


@attrs.define
class _Round:
    """A run of one actor alone, from a point of a loop."""

    machine: Machine
    """Where it has come to."""
    actor: Actor
    auxiliary: Auxiliaries
    depth: int
    inside: frozenset[int]
    """The steps from which the one that it began at can be reached, at that depth of the stack."""
    footprint: Footprint

    @classmethod
    def begin(cls, machine: Machine, actor: Actor) -> _Round:
        """Return a run that begins here."""
        policy, frame = machine.setup.policy, innermost(machine, actor)
        auxiliary = auxiliaries(policy)
        inside = _loop(policy, frame.function, frame.pc)
        depth = len(machine.stack(actor))
        return cls(machine, actor, auxiliary, depth, inside, Footprint(auxiliary))

    def comes_back(self) -> bool:
        """Say whether it does nothing but wait until it is where it began."""
        begun = self._here()
        met = {begun}
        for _ in range(LONGEST_CIRCLE):
            if not self._step():
                return False
            here = self._here()
            if here in met:
                return here == begun
            met.add(here)
        return False

    def _step(self) -> bool:
        """Take a step; say whether it could be taken, stayed in the loop, and only waited."""
        scope = NotingScope.begin(self.machine, self.actor, self.footprint)
        outcome = attempt(scope)
        if outcome is None:
            return False
        self.machine = outcome[0]
        stack = self.machine.stack(self.actor)
        frame = stack[self.depth - 1] if len(stack) >= self.depth else None
        if not (isinstance(frame, CFrame) and frame.pc in self.inside):
            return False
        return isinstance(stack[-1], CFrame) and (not scope.wrote or self._only_locks())

    def _only_locks(self) -> bool:
        """Say whether nothing but locks has changed, and none of those held at the beginning."""
        return all(
            _is_lock(self.machine.setup.policy, where)
            and abs(now) >= abs(self.footprint.first[where])
            for where, now in self.footprint.changes(self.machine, self.actor)
        )

    def _here(self) -> tuple[tuple[KvmFrame, ...], ChangedSlots]:
        stack = self.auxiliary.erased(self.machine.stack(self.actor))
        return stack, self.footprint.changes(self.machine, self.actor)


def _is_lock(policy: Policy, where: int) -> bool:
    region, _, _, slot = parts(where)
    if region == Region.STATIC:
        return isinstance(policy.statics[slot].type, LockType)
    if region == Region.FIELD:
        return isinstance(policy.fields[slot].type, LockType)
    return region == Region.MMU_LOCK


@lru_cache(maxsize=256)  # pure: a policy never changes
def _loop(policy: Policy, function: int, head: int) -> frozenset[int]:
    """Return the steps from which a loop's head can be reached."""
    operations = policy.functions[function].operations
    inside = {head}
    changed = True
    while changed:
        changed = False
        for index, operation in enumerate(operations):
            if index not in inside and any(target in inside for target in targets(operation)):
                inside.add(index)
                changed = True
    return frozenset(inside)
