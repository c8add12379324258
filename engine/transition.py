"""The one transition function: which events can happen now, and what each leads to."""

from __future__ import annotations

import attrs

from engine.guest import can_execute_guest, execute_guest, may_hit
from engine.kvm.exits import can_continue, continue_exit
from engine.machine.actors import VMM, Actor
from engine.machine.effects import Effect, Outcome
from engine.machine.events import (
    ActorChooses,
    Event,
    GuestExecutes,
    KvmExecutes,
    VmmExecutes,
    event_name,
)
from engine.machine.hardware import HardwareEvent, hardware_events
from engine.machine.state import Initialisation, Machine
from engine.options import choose, next_choice
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
    actors = (*range(len(machine.vcpus)), VMM)
    return (
        *(event for actor in actors for event in actor_events(machine, actor)),
        *hardware_events(machine),
    )


def movers(machine: Machine) -> tuple[Actor, ...]:
    """Return who can move, the hardware apart: nobody, if the run is complete."""
    actors = (*range(len(machine.vcpus)), VMM)
    return tuple(actor for actor in actors if can_move(machine, actor))


def can_move(machine: Machine, actor: Actor) -> bool:
    """Say whether an actor can move now."""
    return bool(actor_events(machine, actor))


def actor_event(machine: Machine, actor: Actor) -> Event | None:
    """Return the one event by which an actor can move now, None if it cannot or has to choose."""
    events = actor_events(machine, actor)
    return events[0] if len(events) == 1 else None


def actor_events(machine: Machine, actor: Actor) -> tuple[Event, ...]:
    """Return the events by which an actor can move now: several only at a choice, as it lists."""
    if actor == VMM:
        if machine.vmm.stack:
            return (KvmExecutes(VMM),)
        if not can_execute_vmm(machine):
            return ()
        return _choices(machine, VMM) or (VmmExecutes(),)
    if _being_initialised(machine, actor):
        return ()
    if machine.vcpus[actor].stack:
        return (KvmExecutes(actor),) if can_continue(machine, actor) else ()
    if not can_execute_guest(machine, actor):
        return ()
    if may_hit(machine, actor):
        return (GuestExecutes(actor, hits=True), GuestExecutes(actor, hits=False))
    return _choices(machine, actor) or (GuestExecutes(actor),)


def _choices(machine: Machine, actor: Actor) -> tuple[Event, ...]:
    program = machine.setup.vmm if actor == VMM else machine.setup.programs[actor]
    if program is None or not program.chooses:
        return ()
    choice = next_choice(machine, actor)
    return () if choice is None else tuple(ActorChooses(actor, each) for each, _ in choice.options)


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
        case GuestExecutes(actor) | KvmExecutes(actor) | ActorChooses(actor):
            return event in actor_events(machine, actor)
        case VmmExecutes():
            return event in actor_events(machine, VMM)
        case HardwareEvent():
            return event.can_happen(machine)


def outcome_of(machine: Machine, event: Event) -> Outcome:
    """Return what an event that is known to be enabled leads to, and establishes."""
    match event:
        case GuestExecutes(vcpu, hits):
            return execute_guest(machine, vcpu, hits=bool(hits))
        case KvmExecutes(actor):
            return continue_ioctl(machine) if actor == VMM else continue_exit(machine, actor)
        case VmmExecutes():
            return execute_vmm(machine)
        case ActorChooses(actor, label):
            return choose(machine, actor, label)
        case HardwareEvent():
            return event.happen(machine)


def _being_initialised(machine: Machine, vcpu: int) -> bool:
    return any(
        isinstance(frame, Initialisation) and frame.vcpu == vcpu for frame in machine.vmm.stack
    )
