"""The one transition function: which events can happen now, and what each leads to."""

from __future__ import annotations

import attrs

from engine.guest import can_execute_guest, execute_guest
from engine.kvm.exits import can_continue, continue_exit
from engine.machine.actors import VMM, Actor
from engine.machine.effects import Effect, Outcome
from engine.machine.events import Event, GuestExecutes, KvmExecutes, VmmExecutes, event_name
from engine.machine.hardware import HardwareEvent, hardware_events
from engine.machine.state import Initialisation, Machine
from engine.vmm import can_execute_vmm, continue_ioctl, execute_vmm


class NotEnabledError(ValueError):
    """An event was asked for that cannot happen in this state."""


@attrs.frozen
class Step:
    """One move of the machine: from where, why, to where, and what that established."""

    before: Machine = attrs.field(repr=False)
    event: Event
    after: Machine = attrs.field(repr=False)
    effects: tuple[Effect, ...]


def enabled(machine: Machine) -> tuple[Event, ...]:
    """List what can happen now: the vCPUs, the VMM, then each line's fills and evictions."""
    actors = (actor_event(machine, actor) for actor in (*range(len(machine.vcpus)), VMM))
    return (*(event for event in actors if event is not None), *hardware_events(machine))


def movers(machine: Machine) -> tuple[Actor, ...]:
    """Return who can move, the hardware apart: nobody, if the run is complete."""
    actors = (*range(len(machine.vcpus)), VMM)
    return tuple(actor for actor in actors if actor_event(machine, actor) is not None)


def actor_event(machine: Machine, actor: Actor) -> Event | None:
    """Return the one event by which an actor can move now, or None if it cannot."""
    if actor == VMM:
        if machine.vmm.stack:
            return KvmExecutes(VMM)
        return VmmExecutes() if can_execute_vmm(machine) else None
    if _being_initialised(machine, actor):
        return None
    if machine.vcpus[actor].stack:
        return KvmExecutes(actor) if can_continue(machine, actor) else None
    return GuestExecutes(actor) if can_execute_guest(machine, actor) else None


def take(machine: Machine, event: Event) -> Step:
    """Return the step that `event` makes.

    Raises:
        NotEnabledError: the event cannot happen in this state.
    """
    if not is_enabled(machine, event):
        raise NotEnabledError(f"{event_name(machine, event)} cannot happen now")
    after, effects = outcome_of(machine, event)
    return Step(machine, event, after, effects)


def is_enabled(machine: Machine, event: Event) -> bool:
    """Say whether `event` can happen now."""
    match event:
        case GuestExecutes(actor) | KvmExecutes(actor):
            return actor_event(machine, actor) == event
        case VmmExecutes():
            return actor_event(machine, VMM) == event
        case HardwareEvent():
            return event.can_happen(machine)


def outcome_of(machine: Machine, event: Event) -> Outcome:
    """Return what an event that is known to be enabled leads to, and establishes."""
    match event:
        case GuestExecutes(vcpu):
            return execute_guest(machine, vcpu)
        case KvmExecutes(actor):
            return continue_ioctl(machine) if actor == VMM else continue_exit(machine, actor)
        case VmmExecutes():
            return execute_vmm(machine)
        case HardwareEvent():
            return event.happen(machine)


def _being_initialised(machine: Machine, vcpu: int) -> bool:
    return any(
        isinstance(frame, Initialisation) and frame.vcpu == vcpu for frame in machine.vmm.stack
    )
