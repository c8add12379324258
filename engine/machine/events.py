"""Events: the causes that move the machine, one a step, and their stable names."""

from __future__ import annotations

from typing import TypeAlias

import attrs

from engine.machine.actors import VMM, Actor, actor_name
from engine.machine.hardware import HardwareEvent
from engine.machine.state import Machine


@attrs.frozen
class GuestExecutes:
    """A vCPU in the guest executes its next instruction.

    Where that is a load that may hit a copy or go around it, one of two events is it.
    """

    vcpu: int
    hits: bool | None = None
    """The load hits the cached copy; None of an instruction that has no such two ways."""


@attrs.frozen
class KvmExecutes:
    """KVM takes its next step on behalf of a vCPU that has exited, or of the VMM's ioctl."""

    actor: Actor


@attrs.frozen
class VmmExecutes:
    """The VMM executes its next instruction in user space."""


@attrs.frozen
class ActorChooses:
    """An actor at a `choose` of its program goes on at one of the labels."""

    actor: Actor
    label: str


Event: TypeAlias = GuestExecutes | KvmExecutes | VmmExecutes | ActorChooses | HardwareEvent


def event_name(machine: Machine, event: Event) -> str:
    """Return the stable name under which schedules, choices and traces know an event."""
    match event:
        case GuestExecutes(vcpu, None):
            return actor_name(vcpu)
        case GuestExecutes(vcpu, hits):
            return f"{actor_name(vcpu)} {'hits' if hits else 'misses'}"
        case KvmExecutes(actor):
            return actor_name(actor)
        case VmmExecutes():
            return actor_name(VMM)
        case ActorChooses(actor, label):
            return f"{actor_name(actor)} chooses {label}"
        case HardwareEvent():
            return event.name(machine.setup.layout)


def event_actor(event: Event) -> Actor | None:
    """Return who moves in an event, or None for the hardware."""
    match event:
        case GuestExecutes(actor) | KvmExecutes(actor) | ActorChooses(actor):
            return actor
        case VmmExecutes():
            return VMM
        case HardwareEvent():
            return None
