"""Where the bits of control registers come from, and what they make of a vCPU's accesses."""

from __future__ import annotations

from typing import Final

from engine.arm.memory_type import MemoryType
from engine.arm.registers import Field, Hcr, Sctlr, SystemRegister
from engine.machine.access import access_type
from engine.machine.effects import (
    ConditionDecided,
    PoweredOn,
    RegisterWritten,
    Trapped,
    VcpuInitialised,
)
from engine.machine.events import VmmExecutes
from engine.machine.state import VMM, Actor, Machine
from engine.provenance.past import Past
from engine.provenance.reasons import (
    BitsSet,
    ControlRegister,
    Decided,
    HostMapping,
    Reason,
    RegisterBits,
    SetBy,
    TrappedAt,
)

_CACHE_FIELDS: Final = (Sctlr.M, Sctlr.C)


def value_of(machine: Machine, bits: RegisterBits) -> int:
    """Return the value of a control register, or of one bit of it."""
    vcpu = machine.vcpus[bits.vcpu]
    match bits.register:
        case ControlRegister.SCTLR:
            value = vcpu.registers.sctlr_el1
        case ControlRegister.HCR:
            value = vcpu.hcr_el2
    return value if bits.field is None else int(bits.field.get(value))


def type_made(past: Past, at: int, actor: Actor) -> list[Reason]:
    """Return the bits that make an actor's accesses what they are, and since when they do."""
    if actor == VMM:
        return [HostMapping(None)]
    machine = past.state(at)
    vcpu = machine.vcpus[actor]
    kind = access_type(machine, actor)
    if Hcr.FWB.get(vcpu.hcr_el2):
        return bits_set(past, at, actor, ControlRegister.HCR, (Hcr.FWB,), kind)
    if Sctlr.M.get(vcpu.registers.sctlr_el1):
        return bits_set(past, at, actor, ControlRegister.SCTLR, _CACHE_FIELDS, kind)
    reasons = bits_set(past, at, actor, ControlRegister.SCTLR, (Sctlr.M,), kind)
    if Hcr.DC.get(vcpu.hcr_el2):
        reasons += bits_set(past, at, actor, ControlRegister.HCR, (Hcr.DC,), kind)
    return reasons


def bits_set(
    past: Past,
    at: int,
    vcpu: int,
    register: ControlRegister,
    fields: tuple[Field, ...],
    makes: MemoryType | None = None,
) -> list[Reason]:
    """Return since when each of the fields is what it is, those of one step together."""
    since: dict[int, list[tuple[Field, bool]]] = {}
    for field in fields:
        bits = RegisterBits(vcpu, register, field)
        on = bool(value_of(past.state(at), bits))
        since.setdefault(_since(past, at, bits), []).append((field, on))
    return [
        BitsSet(when or None, vcpu, register, tuple(found), _by(past, when, vcpu, register), makes)
        for when, found in since.items()
    ]


def reasons_of_bits(past: Past, at: int, bits: RegisterBits) -> list[Reason]:
    """Return what made a control register, or one bit of it, what it is."""
    since = _since(past, at, bits)
    by = _by(past, since, bits.vcpu, bits.register)
    on = bool(value_of(past.state(at), bits))
    fields = () if bits.field is None else ((bits.field, on),)
    reasons: list[Reason] = [BitsSet(since or None, bits.vcpu, bits.register, fields, by, None)]
    match by:
        case SetBy.TRAP:
            reasons += _exit(past, since, bits.vcpu)[-1:]
        case SetBy.POLICY:
            reasons += _exit(past, since, bits.vcpu)
        case SetBy.GUEST:
            reasons += bits_set(past, since - 1, bits.vcpu, ControlRegister.HCR, (Hcr.TVM,))
        case SetBy.START | SetBy.VMM | SetBy.POWER_ON | SetBy.RESET:
            pass
    return reasons


def _exit(past: Past, at: int, vcpu: int) -> list[Reason]:
    """Return the condition that last decided in the exit a step is part of, and its trap."""
    reasons: list[Reason] = []
    for when in range(at, 0, -1):
        for effect in past.step(when).effects:
            if isinstance(effect, ConditionDecided) and effect.actor == vcpu and not reasons:
                reasons.append(Decided(when, effect))
            elif isinstance(effect, Trapped) and effect.vcpu == vcpu:
                return [*reasons, TrappedAt(when, effect)]
    return reasons


def _since(past: Past, at: int, bits: RegisterBits) -> int:
    return past.same_since(at, lambda when: value_of(past.state(when), bits))


def _by(past: Past, at: int, vcpu: int, register: ControlRegister) -> SetBy:
    if not at:
        return SetBy.START
    step = past.step(at)
    sctlr = register is ControlRegister.SCTLR
    for effect in step.effects:
        if isinstance(effect, VcpuInitialised) and effect.vcpu == vcpu:
            return SetBy.RESET
        if isinstance(effect, PoweredOn) and effect.vcpu == vcpu and sctlr:
            return SetBy.POWER_ON
        if isinstance(effect, RegisterWritten) and effect.vcpu == vcpu and sctlr:
            if effect.register is not SystemRegister.SCTLR_EL1:
                continue
            if isinstance(step.event, VmmExecutes):
                return SetBy.VMM
            return SetBy.TRAP if effect.trapped else SetBy.GUEST
    return SetBy.POLICY
