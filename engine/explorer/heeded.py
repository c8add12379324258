"""Heeded effects: what of a step's effects the judge is told, and who signals to whom."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from engine.machine.actors import VMM, Actor
from engine.machine.effects import (
    Effect,
    InterruptInjected,
    InterruptTaken,
    Kicked,
    KickNoticed,
    Loaded,
    PoweredOn,
    Stored,
    VcpuInitialised,
)
from engine.memory.line import Version


def told(effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    """Return the effects that the judge heeds, without the values that it does not."""
    told: list[Effect] = []
    for effect in effects:
        match effect:
            case Loaded() | Stored():
                told.append(attrs.evolve(effect, version=Version(effect.version.number, 0)))
            case (
                PoweredOn()
                | VcpuInitialised()
                | Kicked()
                | KickNoticed()
                | InterruptInjected()
                | InterruptTaken()
            ):
                told.append(effect)
            case _:
                pass
    return tuple(told)


def signals_of(effects: tuple[Effect, ...]) -> Iterator[tuple[Actor, Actor]]:
    """Yield who hands whom what it is entitled to."""
    for effect in effects:
        match effect:
            case PoweredOn(vcpu, by):
                yield by, vcpu
            case Kicked(vcpu):
                yield vcpu, VMM
            case VcpuInitialised(vcpu) | InterruptInjected(vcpu):
                yield VMM, vcpu
            case _:
                pass
