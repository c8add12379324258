"""The maintenance that did not happen while a copy of a word was behind its newest version."""

from __future__ import annotations

from collections.abc import Iterator

from engine.arm.registers import Hcr
from engine.machine.actors import VMM
from engine.machine.effects import Copy, FlushBegun, FlushSkipped, RegisterWritten, Trapped
from engine.machine.events import VmmExecutes
from engine.machine.state import RegisterWrite, SetWay, Walk
from engine.provenance.bits import bits_set
from engine.provenance.past import Past
from engine.provenance.reasons import (
    ControlRegister,
    FlushNotDone,
    NotDecidedYet,
    NotFlushedYet,
    NotTrapped,
    Reason,
    RegisterBits,
)


def behind_since(past: Past, at: int, word: int, copy: Copy) -> int | None:
    """Return the step since which a copy has been behind, 0 for the start, None if it is not."""

    def behind(when: int) -> bool:
        version = past.copy(when, word, copy)
        return version is not None and version.number < past.newest(when, word)

    return past.since(at, behind) if behind(at) else None


def missed(past: Past, word: int, begin: int | None, end: int) -> list[Reason]:
    """Return what could have brought a copy of a word up to date, and has not been done.

    That is: the flushes that KVM decided against and the toggles that it did not hear of after
    step `begin`, None for a copy that is not behind, up to `end`; and what it is about to do.
    """
    if begin is None:
        return []
    reasons: list[Reason] = []
    for when in range(begin + 1, end + 1):
        for effect in past.step(when).effects:
            if isinstance(effect, FlushSkipped):
                reasons.append(FlushNotDone(when, effect))
            elif isinstance(effect, RegisterWritten) and effect.toggles_caches:
                reasons += untrapped(past, when, effect)
    return [*reasons, *_not_yet(past, end, word)]


def untrapped(past: Past, at: int, written: RegisterWritten) -> list[Reason]:
    """Return that a write did not trap, if so, and the bit that let the guest's pass."""
    if written.trapped:
        return []
    reason = NotTrapped(at, written)
    if isinstance(past.step(at).event, VmmExecutes):
        return [reason]
    tvm = RegisterBits(written.vcpu, ControlRegister.HCR, Hcr.TVM)
    return [reason, *bits_set(past, at - 1, (tvm,))]


def _not_yet(past: Past, at: int, word: int) -> Iterator[Reason]:
    """Yield, per actor in KVM, the flush of a word's line that may still come."""
    if not at:
        return
    machine, line = past.state(at), past.line_of(word)
    for actor in (*range(len(machine.vcpus)), VMM):
        for frame in machine.stack(actor):
            if isinstance(frame, Walk) and line in frame.remaining:
                yield NotFlushedYet(at, actor, word, frame.purpose)
        if actor != VMM and _undecided(past, at, actor):
            yield NotDecidedYet(at, actor)


def _undecided(past: Past, at: int, vcpu: int) -> bool:
    """Say whether a vCPU has exited to KVM, which has neither begun a flush nor skipped one."""
    stack = past.state(at).vcpus[vcpu].stack
    if not stack or not isinstance(stack[0], RegisterWrite | SetWay):
        return False
    for when in range(at, 0, -1):
        for effect in past.step(when).effects:
            if isinstance(effect, FlushSkipped) and effect.vcpu == vcpu:
                return False
            if isinstance(effect, FlushBegun) and effect.actor == vcpu:
                return False
            if isinstance(effect, Trapped) and effect.vcpu == vcpu:
                return True
    return True
