"""Where the bits of control registers come from, and what they make of a vCPU's accesses."""

from __future__ import annotations

from collections.abc import Iterable

from engine.arm.memory_type import MemoryType, translates
from engine.arm.registers import Hcr, Sctlr, SystemRegister
from engine.machine.access import access_type
from engine.machine.actors import VMM, Actor
from engine.machine.effects import (
    ConditionDecided,
    PoweredOn,
    RegisterWritten,
    Trapped,
    VcpuInitialised,
)
from engine.machine.events import VmmExecutes
from engine.machine.state import Machine
from engine.provenance.past import Past
from engine.provenance.reasons import (
    BitsSet,
    ControlRegister,
    Decided,
    HostMapping,
    PageMapping,
    Reason,
    RegisterBits,
    SetBy,
    TrappedAt,
)


def value_of(machine: Machine, bits: RegisterBits) -> int:
    """Return the value of a control register, or of one bit of it."""
    vcpu = machine.vcpus[bits.vcpu]
    match bits.register:
        case ControlRegister.SCTLR:
            value = vcpu.registers.sctlr_el1
        case ControlRegister.HCR:
            value = vcpu.hcr_el2
    return value if bits.field is None else int(bits.field.get(value))


def type_made(
    past: Past, at: int, actor: Actor, word: int, alias: int | None = None
) -> list[Reason]:
    """Return what makes an actor's accesses of a word what they are, and since when.

    That is bits of its control registers, and its own mapping of the page where that has a say.
    """
    if actor == VMM:
        return [HostMapping(None)]
    machine = past.state(at)
    vcpu = machine.vcpus[actor]
    fwb = RegisterBits(actor, ControlRegister.HCR, Hcr.FWB)
    dc = RegisterBits(actor, ControlRegister.HCR, Hcr.DC)
    m = RegisterBits(actor, ControlRegister.SCTLR, Sctlr.M)
    c = RegisterBits(actor, ControlRegister.SCTLR, Sctlr.C)
    kind = access_type(machine, actor, word, alias)
    if Hcr.FWB.get(vcpu.hcr_el2):
        return bits_set(past, at, (fwb,), kind)
    if not translates(vcpu.registers.sctlr_el1, vcpu.hcr_el2):
        return bits_set(past, at, (m, dc), kind)
    layout = machine.setup.layout
    page = layout.page_of[layout.line_of[word]]
    attribute = machine.setup.stage1.attribute(actor, page, alias)
    if attribute is MemoryType.WRITE_BACK:
        return bits_set(past, at, (m, c), kind)
    mapping = PageMapping(None, actor, word, alias, attribute)
    decisive = (m,) if attribute is MemoryType.DEVICE else (m, c)
    return [*bits_set(past, at, decisive, kind), mapping]


def bits_set(
    past: Past, at: int, asked: Iterable[RegisterBits], makes: MemoryType | None = None
) -> list[Reason]:
    """Return since when each bit is what it is, those of one step together.

    What all of them make, they make since the latest of the steps.
    """
    machine = past.state(at)
    since: dict[tuple[int, SetBy], list[tuple[RegisterBits, int]]] = {}
    for bits in asked:
        when = _since(past, at, bits)
        found = (bits, value_of(machine, bits))
        since.setdefault((when, _by(past, when, bits)), []).append(found)
    latest = max(since, key=lambda key: key[0])
    return [
        BitsSet(key[0] or None, tuple(found), key[1], makes if key == latest else None)
        for key, found in since.items()
    ]


def reasons_of_bits(past: Past, at: int, bits: RegisterBits) -> list[Reason]:
    """Return what made a control register, or one bit of it, what it is."""
    since = _since(past, at, bits)
    by = _by(past, since, bits)
    reasons = bits_set(past, at, (bits,))
    match by:
        case SetBy.TRAP:
            reasons += _exit(past, since, bits.vcpu)[-1:]
        case SetBy.POLICY:
            reasons += _exit(past, since, bits.vcpu)
        case SetBy.GUEST:
            tvm = RegisterBits(bits.vcpu, ControlRegister.HCR, Hcr.TVM)
            reasons += bits_set(past, since - 1, (tvm,))
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


def _by(past: Past, at: int, bits: RegisterBits) -> SetBy:
    if not at:
        return SetBy.START
    step, vcpu = past.step(at), bits.vcpu
    sctlr = bits.register is ControlRegister.SCTLR
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
