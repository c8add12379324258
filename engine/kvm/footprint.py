"""What a run of one actor alone touches of the machine, and what became of such runs.

How it goes on depends only on the actor's own stack and on what it touches outside of that, so
what became of it is remembered by these, for all machines that agree on them.
"""

from __future__ import annotations

from enum import Enum, unique
from typing import Final, TypeAlias

import attrs

from engine.c.addresses import Region, parts
from engine.c.evaluate import OopsError
from engine.c.expressions import Query
from engine.c.frame import CFrame
from engine.kvm.scope import MachineScope, local_address
from engine.machine.state import Actor, KvmFrame, Machine

MAX_REMEMBERED: Final = 50_000
"""Runs that are remembered at a time; beyond it all are forgotten."""

Stack: TypeAlias = tuple[KvmFrame, ...]
Thing: TypeAlias = int | Query
"""What can be touched: the object at an address, or the answer to a question."""
Changes: TypeAlias = frozenset[tuple[int, int | None]]
"""Addresses, and what they hold by now where that is not what they held at first."""


@unique
class End(Enum):
    """What becomes of a run that begins in a loop."""

    SPINS = "it comes round to where it began, having done nothing but wait, or never ends"
    MOVES = "it leaves the loop, waits elsewhere, or others can see what it does"
    HOLDS = "it would spin, but holds a lock where it began that it lets go elsewhere"


@attrs.define
class Footprint:
    """What a run has touched outside of the actor's own stack."""

    first: dict[Thing, int | None] = attrs.Factory(dict)
    """What each thing held before the run changed it; None where the kernel would oops."""
    written: dict[int, None] = attrs.Factory(dict)

    def changes(self, machine: Machine, actor: Actor) -> Changes:
        """Return what the run has changed, and not changed back."""
        if not self.written:
            return frozenset()
        scope = plain_scope(machine, actor)
        now = ((where, _value(scope, where)) for where in self.written)
        return frozenset((where, value) for where, value in now if value != self.first[where])


@attrs.define
class WatchingScope(MachineScope):
    """The scope of one step of a run, which notes what the step touches."""

    footprint: Footprint = attrs.field(kw_only=True)
    stored: bool = False
    """The step has written something outside of the actor's own stack."""

    @classmethod
    def begin(cls, machine: Machine, actor: Actor, footprint: Footprint) -> WatchingScope:
        """Return the scope of an actor's next step."""
        plain = plain_scope(machine, actor)
        return cls(machine, actor, plain.frame_address, plain.slots, footprint=footprint)

    def ask(self, query: Query) -> int:
        """Return what the hardware or the VM answers."""
        self.footprint.first.setdefault(query, MachineScope.ask(self, query))
        return MachineScope.ask(self, query)

    def load(self, where: int) -> int:
        """Return what an address holds; OopsError where no object is there."""
        self._touch(where)
        return MachineScope.load(self, where)

    def store(self, where: int, value: int) -> None:
        """Change what an address holds; OopsError where it cannot be written."""
        if self._touch(where):
            self.footprint.written[where] = None
            self.stored = True
        MachineScope.store(self, where, value)

    def _touch(self, where: int) -> bool:
        """Note what an address holds; False for the actor's own stack, which is known anyway."""
        region, owner, _, _ = parts(where)
        if region == Region.LOCAL and owner == self.actor + 1:
            return False
        if where not in self.footprint.first:
            self.footprint.first[where] = _value(self, where)
        return True


def plain_scope(machine: Machine, actor: Actor) -> MachineScope:
    """Return the scope of an actor's innermost frame, which notes nothing."""
    stack = machine.stack(actor)
    frame = stack[-1]
    slots = list(frame.slots) if isinstance(frame, CFrame) else []
    return MachineScope(machine, actor, local_address(actor, len(stack) - 1, 0), slots)


def _value(scope: MachineScope, thing: Thing) -> int | None:
    try:
        if isinstance(thing, Query):
            return MachineScope.ask(scope, thing)
        return MachineScope.load(scope, thing)
    except OopsError:
        return None


@attrs.frozen
class Fate:
    """What became of a run, and after how many steps that was known."""

    end: End
    steps: int


_Remembered: TypeAlias = dict[tuple[Thing, ...], dict[tuple[int | None, ...], Fate]]


@attrs.define
class Memory:
    """What became of runs: by the actor and its stack, by the things touched, by what they held."""

    fates: dict[tuple[Actor, Stack], _Remembered] = attrs.Factory(dict)
    count: int = 0

    def recall(self, machine: Machine, actor: Actor, footprint: Footprint) -> Fate | None:
        """Return what became of a run from here; what that depended on is added to a footprint."""
        remembered = self.fates.get((actor, machine.stack(actor)))
        if remembered is None:
            return None
        scope = plain_scope(machine, actor)
        for things, by_values in remembered.items():
            values = tuple(_value(scope, thing) for thing in things)
            fate = by_values.get(values)
            if fate is not None:
                for thing, value in zip(things, values, strict=True):
                    footprint.first.setdefault(thing, value)
                return fate
        return None

    def keep(
        self, actor: Actor, stack: Stack, footprint: Footprint, changes: Changes, fate: Fate
    ) -> None:
        """Remember what became of a run from a point at which it had made changes."""
        if self.count >= MAX_REMEMBERED:
            self.fates.clear()
            self.count = 0
        held: dict[Thing, int | None] = dict(footprint.first)
        held.update(changes)
        remembered = self.fates.setdefault((actor, stack), {})
        remembered.setdefault(tuple(held), {})[tuple(held.values())] = fate
        self.count += 1
