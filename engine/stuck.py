"""Whether a vCPU in KVM can ever move again, as far as running each actor alone can tell."""

from __future__ import annotations

from typing import Final

from engine.machine.effects import AccessFailed, FetchFailed, Filled, Loaded
from engine.machine.state import VMM, Actor, Machine
from engine.transition import actor_event, take

_CHANGING_NOTHING: Final = Loaded | Filled | AccessFailed | FetchFailed

LONGEST_LOOP: Final = 10_000
"""How many steps of a guest's loop are followed before it counts as going somewhere."""


def stuck_vcpu(machine: Machine) -> int | None:
    """Return the first vCPU that is in KVM for ever, or None.

    It is so when it cannot move, and every actor that can, run alone, stops or comes back to
    a state it was in (a guest that polls) without having changed anything but itself.
    """
    waiting = [
        index
        for index, vcpu in enumerate(machine.vcpus)
        if vcpu.stack and actor_event(machine, index) is None
    ]
    if not waiting:
        return None
    actors = (*range(len(machine.vcpus)), VMM)
    return waiting[0] if all(_goes_nowhere(machine, actor) for actor in actors) else None


def _goes_nowhere(machine: Machine, actor: Actor) -> bool:
    seen: set[Machine] = set()
    for _ in range(LONGEST_LOOP):
        event = actor_event(machine, actor)
        if event is None:
            return True
        if machine in seen:
            return True
        seen.add(machine)
        step = take(machine, event)
        if not all(isinstance(effect, _CHANGING_NOTHING) for effect in step.effects):
            return False
        machine = step.after
    return False
