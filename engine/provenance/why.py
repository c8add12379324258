"""Why a value is what it is: what is asked about first, then its reasons in order of steps."""

from __future__ import annotations

from collections.abc import Iterable

from engine.arm.a64.exclusives import AtomicUpdate, CompareAndSwap, LoadExclusive, StoreExclusive
from engine.arm.a64.maintenance import CleanByVa, ZeroBlock
from engine.arm.a64.memory import Load, Store
from engine.findings import Finding, Kind
from engine.guest import next_instruction
from engine.machine.actors import VMM
from engine.machine.effects import Copy
from engine.policy.c_types import LockType
from engine.provenance.bits import reasons_of_bits, value_of
from engine.provenance.copies import made, mover, reasons_of_cached, reasons_of_ram, way
from engine.provenance.past import Past
from engine.provenance.reasons import (
    BitsSet,
    CachedWord,
    Dropped,
    Found,
    Holds,
    LedThere,
    LockHeld,
    PointsThere,
    RamWord,
    Reads,
    Reason,
    RegisterBits,
    SeenWord,
    Visible,
    Waits,
    WhySubject,
    WroteBack,
)
from engine.provenance.sights import blamed, entitled, reasons_of_sight, seen_through, sight
from engine.timeline import Timeline
from engine.vmm import next_vmm_instruction


def why(timeline: Timeline, subject: WhySubject) -> tuple[Reason, ...]:
    """Return where a value comes from, as it is at the cursor; a finding, at its own step."""
    past, at = Past(timeline), timeline.cursor
    match subject:
        case RamWord(word):
            ram = Holds(at, word, Copy.RAM, past.copy(at, word, Copy.RAM))
            return _told(ram, reasons_of_ram(past, at, word))
        case CachedWord(word):
            cached = Holds(at, word, Copy.CACHE, past.copy(at, word, Copy.CACHE))
            return _told(cached, reasons_of_cached(past, at, word))
        case SeenWord(actor, word):
            sees = sight(past, at, actor, word)
            return _told(sees, reasons_of_sight(past, sees))
        case RegisterBits():
            reads = Reads(at, subject, value_of(past.state(at), subject))
            return _told(reads, reasons_of_bits(past, at, subject))
        case Finding():
            return _told(Found(subject.step, subject), _of_finding(past, subject))


def _told(head: Reason, reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Return the head, then each reason once, what was so from the start before all."""
    once = dict.fromkeys(reasons)
    concluding = [each for each in once if isinstance(each, BitsSet) and each.makes]
    told = (each for each in once if not any(_says_more(more, each) for more in concluding))
    return (head, *sorted(told, key=lambda reason: reason.step or 0))


def _says_more(more: BitsSet, reason: Reason) -> bool:
    """Say whether bits that conclude something tell of those of a reason that does not."""
    return (
        isinstance(reason, BitsSet)
        and reason.makes is None
        and (reason.step, reason.by) == (more.step, more.by)
        and set(reason.bits) <= set(more.bits)
    )


def _of_finding(past: Past, finding: Finding) -> list[Reason]:
    match finding.kind:
        case Kind.STALE:
            return _of_stale(past, finding)
        case Kind.LOST:
            return _of_lost(past, finding)
        case Kind.STUCK:
            return _of_stuck(past, finding)
        case Kind.FAULT:
            return _of_fault(past, finding)


def _of_stale(past: Past, finding: Finding) -> list[Reason]:
    actor, word, version = finding.actor, finding.word, finding.version
    assert actor is not None
    assert word is not None
    assert version is not None
    assert finding.entitled is not None
    before = finding.step - 1
    reasons = seen_through(past, sight(past, before, actor, word, finding.alias))
    reasons += entitled(past, before, actor, word, finding.entitled)
    reasons += blamed(past, finding, before)
    if finding.exact:
        reasons.append(Visible(finding.exact, actor, word, version))
    return reasons


def _of_lost(past: Past, finding: Finding) -> list[Reason]:
    word, version, at = finding.word, finding.version, finding.step
    assert word is not None
    assert version is not None
    reasons = [*made(past, at, word, version.number), *blamed(past, finding, at)]
    after = past.copy(at, word, Copy.RAM)
    assert after is not None
    if after == past.copy(at - 1, word, Copy.RAM):
        return [*reasons, Dropped(at, word, mover(past, at, word))]
    overwritten = WroteBack(at, word, after, mover(past, at, word))
    return [*reasons, *way(past, at - 1, word, Copy.CACHE), overwritten]


def _of_stuck(past: Past, finding: Finding) -> list[Reason]:
    vcpu, at = finding.actor, finding.step
    assert vcpu is not None
    reasons: list[Reason] = [Waits(at, vcpu)] if at else []
    for slot, variable in enumerate(past.timeline.initial.setup.policy.statics):
        if isinstance(variable.type, LockType):
            held = _held_since(past, at, slot)
            reasons += [] if held is None else [LockHeld(held or None, variable.name)]
    return reasons


def _of_fault(past: Past, finding: Finding) -> list[Reason]:
    actor, before = finding.actor, finding.step - 1
    assert actor is not None
    if finding.address is None:
        return [LedThere(finding.step)]
    machine = past.state(before)
    match next_vmm_instruction(machine) if actor == VMM else next_instruction(machine, actor):
        case (
            Load(base=base)
            | Store(base=base)
            | AtomicUpdate(base=base)
            | CompareAndSwap(base=base)
            | LoadExclusive(base=base)
            | StoreExclusive(base=base)
            | CleanByVa(base=base)
            | ZeroBlock(base=base)
        ):
            pass
        case other:
            raise AssertionError(f"{other} accesses nothing")

    def value(when: int) -> int:
        then = past.state(when)
        return (then.vmm.core if actor == VMM else then.vcpus[actor].core).read(base)

    since = past.same_since(before, value)
    return [PointsThere(since or None, actor, base, value(before))]


def _held_since(past: Past, at: int, slot: int) -> int | None:
    """Return the step since which a lock has been held, 0 for the start, None if it is free."""

    def held(when: int) -> bool:
        return bool(past.state(when).vm.statics[slot])

    return past.since(at, held) if held(at) else None
