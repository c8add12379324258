"""Flushes that KVM decides against: skipped where its caches are toggled, not due elsewhere."""

from __future__ import annotations

from engine.arm.registers import SystemRegister, caches_enabled
from engine.machine.effects import FlushSkipped
from engine.machine.state import RegisterWrite
from engine.transition import Step


def at_toggle(step: Step, effect: FlushSkipped) -> bool:
    """Say whether KVM decided against a flush while a vCPU turns its caches on or off."""
    frame = step.before.vcpus[effect.vcpu].stack[0]
    return (
        isinstance(frame, RegisterWrite)
        and frame.register is SystemRegister.SCTLR_EL1
        and caches_enabled(frame.value) != frame.was_enabled
    )


def skips_flush(step: Step) -> bool:
    """Say whether a step decides against a flush while a vCPU turns its caches on or off."""
    return any(
        isinstance(effect, FlushSkipped) and at_toggle(step, effect) for effect in step.effects
    )
