"""What a run of one actor alone has changed of the machine, its own call stack apart."""

from __future__ import annotations

from typing import TypeAlias

import attrs

from engine.kvm.auxiliary import Auxiliaries
from engine.kvm.scope import MachineScope, local_address
from engine.machine.actors import Actor
from engine.machine.state import Machine
from engine.policy.addresses import Region, parts
from engine.policy.frame import CFrame

ChangedSlots: TypeAlias = frozenset[tuple[int, int]]
"""Addresses, and what they hold by now where that is not what they held at first."""


@attrs.define
class Footprint:
    """What a run has written, auxiliary variables and the actor's own stack apart."""

    auxiliary: Auxiliaries
    first: dict[int, int] = attrs.Factory(dict)
    """What each address that has been written held before the run."""

    def changes(self, machine: Machine, actor: Actor) -> ChangedSlots:
        """Return what the run has changed, and not changed back."""
        if not self.first:
            return frozenset()
        scope = MachineScope(machine, actor, local_address(actor, 0, 0), [])
        now = ((where, scope.load(where)) for where in self.first)
        return frozenset((where, value) for where, value in now if value != self.first[where])


@attrs.define
class NotingScope(MachineScope):
    """The scope of one step of a run, which notes what the step writes."""

    footprint: Footprint = attrs.field(kw_only=True)
    wrote: bool = False
    """The step has written something that belongs into a footprint."""

    @classmethod
    def begin(cls, machine: Machine, actor: Actor, footprint: Footprint) -> NotingScope:
        """Return the scope of an actor's next step."""
        stack = machine.stack(actor)
        frame = stack[-1]
        slots = list(frame.slots) if isinstance(frame, CFrame) else []
        here = local_address(actor, len(stack) - 1, 0)
        return cls(machine, actor, here, slots, footprint=footprint)

    def store(self, where: int, value: int) -> None:
        """Change what an address holds; OopsError where it cannot be written."""
        region, owner, _, _ = parts(where)
        own = region == Region.LOCAL and owner == self.actor + 1
        if not own and not self.footprint.auxiliary.holds(where):
            self.footprint.first.setdefault(where, MachineScope.load(self, where))
            self.wrote = True
        MachineScope.store(self, where, value)
