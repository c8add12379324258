"""Actors: who can move, the vCPUs and the VMM, and their stable names."""

from __future__ import annotations

from typing import Final, TypeAlias

from engine.machine.setup import Setup

Actor: TypeAlias = int
"""A vCPU's index, or `VMM`."""

VMM: Final[Actor] = -1
"""The host's user-space thread."""


def actors(setup: Setup) -> tuple[Actor, ...]:
    """Return who can move: the vCPUs, then the VMM if it has a program."""
    vcpus = tuple(range(len(setup.programs)))
    return vcpus if setup.vmm is None else (*vcpus, VMM)


def actor_name(actor: Actor) -> str:
    """Return an actor's stable name, as schedules and reports spell it."""
    return "vmm" if actor == VMM else f"vcpu{actor}"
