"""Diagnosis: the exact step and the cause behind what the judge found in a run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import attrs

from engine.arm.registers import caches_enabled
from engine.findings import Finding, Kind
from engine.judge import Ghost, Staleness
from engine.machine.access import looked_at, seen
from engine.machine.actors import VMM, Actor
from engine.machine.effects import (
    AccessFailed,
    AccessFailure,
    Copy,
    Failed,
    FetchFailed,
    FlushBegun,
    FlushSkipped,
    Loaded,
    PoweredOn,
    RegisterWritten,
)
from engine.machine.events import event_actor
from engine.machine.state import Machine
from engine.memory.line import Line, Version
from engine.stuck import Watchman
from engine.transition import Step


def findings_of(
    steps: Sequence[Step],
    ghosts: Sequence[Ghost],
    stale: Iterable[Staleness],
    earlier: Sequence[Finding] = (),
    watchman: Watchman | None = None,
) -> tuple[Finding, ...]:
    """Return what the last of `steps` is found guilty of.

    `ghosts` holds the judge's state before the first step and after each; `stale` the last
    step's stale loads; `earlier` the findings of the steps before it, and a watchman has seen
    these steps: neither changes what is found.
    """
    found = [
        _same_again(steps, ghosts, each, earlier) or stale_finding(steps, ghosts, each)
        for each in stale
    ]
    found.extend(_lost(steps))
    found.extend(_stuck(steps, watchman or Watchman()))
    found.extend(_faults(steps))
    return tuple(found)


def stale_finding(steps: Sequence[Step], ghosts: Sequence[Ghost], stale: Staleness) -> Finding:
    """Return the finding that a stale load at the last of `steps` is, or would be."""
    load = stale.load
    exact = _exact_step(steps, ghosts, load)
    copy = load.source
    if exact < len(steps):
        copy = looked_at(steps[exact].before, load.actor, load.word, load.alias)
    return Finding(
        kind=Kind.STALE,
        step=len(steps),
        actor=load.actor,
        word=load.word,
        exact=exact,
        cause=_cause(steps[:exact], load.actor, load.word, copy),
        version=load.version,
        entitled=stale.entitled,
        alias=load.alias,
    )


def is_stale_for(
    machine: Machine, ghost: Ghost, actor: Actor, word: int, alias: int | None = None
) -> Version | None:
    """Return the version an actor sees although it is entitled to a newer one, or None.

    A vCPU that is off or in KVM loads nothing, so nothing is stale for it.
    """
    if not loads_now(machine, actor):
        return None
    version = seen(machine, actor, word, alias)
    return version if version.number < ghost.entitled[actor][word] else None


def loads_now(machine: Machine, actor: Actor) -> bool:
    """Say whether an actor could load: a vCPU in the guest, the VMM outside KVM."""
    return not machine.vmm.stack if actor == VMM else machine.vcpus[actor].in_guest


def _same_again(
    steps: Sequence[Step],
    ghosts: Sequence[Ghost],
    stale: Staleness,
    earlier: Sequence[Finding],
) -> Finding | None:
    """Return the finding of a load that repeats the loader's last one of the word, or None.

    A guest that polls a stale word for long would else have all of the run looked at each time.
    """
    load = stale.load
    who = (Kind.STALE, load.actor, load.word)
    last = next(
        (each for each in reversed(earlier) if (each.kind, each.actor, each.word) == who), None
    )
    if last is None or load not in steps[last.step - 1].effects:
        return None
    layout = steps[0].before.setup.layout
    index, slot = layout.line_of[load.word], layout.slot_of[load.word]
    for number in range(len(steps), last.step, -1):
        before = steps[number - 1].before
        if (
            is_stale_for(before, ghosts[number - 1], load.actor, load.word, load.alias)
            != load.version
            or not _is_behind(before.lines[index], slot, load.source)
            or _is_toggle(steps[number - 1], load.actor)
        ):
            return None
    return attrs.evolve(last, step=len(steps), entitled=stale.entitled)


def _exact_step(steps: Sequence[Step], ghosts: Sequence[Ghost], load: Loaded) -> int:
    """Return the step since which an actor has seen a version whenever it was in the guest.

    What happens while it is in KVM, or off, is not looked at by it, and moves nothing.
    """
    exact = len(steps)
    for number in range(len(steps) - 1, -1, -1):
        before = steps[number].before
        if not loads_now(before, load.actor):
            continue
        now = is_stale_for(before, ghosts[number], load.actor, load.word, load.alias)
        if now != load.version:
            break
        exact = number
    return exact


def _cause(steps: Sequence[Step], loader: Actor, word: int, copy: Copy) -> int | None:
    """Return the step to blame for a load that is stale from the last of `steps` on.

    `copy` is what the loader looks at then: where it looks later, what it sees is old already.
    KVM had a say only in a mismatch between the copies that was there when the loader's caches
    were last turned on or off, by a write that trapped. One that was there when they were turned
    without a trap is blamed on that: a direct write, KVM_SET_ONE_REG, or the reset by PSCI CPU_ON.
    One that came about later, or that outlived a flush, is blamed on the access that made it.
    """
    if not steps:
        return None
    access = _since(steps, word, lambda line, slot: _is_behind(line, slot, copy))
    toggle = _last_toggle(steps, loader)
    if toggle is None or (access is not None and access > _end_of_exit(steps, loader, toggle)):
        return access
    if not _trapped(steps[toggle - 1], loader):
        return toggle
    skipped = _skipped_flush(steps, loader, toggle)
    return access if skipped is None else skipped


def _since(steps: Sequence[Step], word: int, holds: Callable[[Line, int], bool]) -> int | None:
    """Return the step since which something has held of a word's line up to the last step."""
    layout = steps[0].before.setup.layout
    index, slot = layout.line_of[word], layout.slot_of[word]
    since = len(steps)
    while since and holds(steps[since - 1].before.lines[index], slot):
        since -= 1
    return since or None


def _is_behind(line: Line, slot: int, copy: Copy) -> bool:
    """Say whether the copy of a word in RAM, or the cached one, is older than the newest."""
    newest = line.newest[slot]
    match copy:
        case Copy.RAM:
            return line.ram[slot].number != newest
        case Copy.CACHE:
            return line.cached is not None and line.cached[slot].number != newest


def _is_overtaken(line: Line, slot: int) -> bool:
    """Say whether a write-back of the line would put an older version over the newest one."""
    return line.dirty and _is_behind(line, slot, Copy.CACHE)


def _is_only_cached(line: Line, slot: int) -> bool:
    """Say whether the newest version would be gone with the cached copy."""
    return _is_behind(line, slot, Copy.RAM)


def _last_toggle(steps: Sequence[Step], vcpu: Actor) -> int | None:
    numbers = range(len(steps), 0, -1)
    return next((number for number in numbers if _is_toggle(steps[number - 1], vcpu)), None)


def _is_toggle(step: Step, vcpu: Actor) -> bool:
    return any(
        isinstance(effect, RegisterWritten) and effect.vcpu == vcpu and effect.toggles_caches
        for effect in step.effects
    ) or resets_caches(step, vcpu)


def resets_caches(step: Step, vcpu: Actor) -> bool:
    """Say whether a step powers a vCPU on and so resets an SCTLR_EL1 that had its caches on."""
    return any(
        isinstance(effect, PoweredOn)
        and effect.vcpu == vcpu
        and caches_enabled(step.before.vcpus[vcpu].registers.sctlr_el1)
        and not caches_enabled(step.after.vcpus[vcpu].registers.sctlr_el1)
        for effect in step.effects
    )


def _trapped(step: Step, vcpu: Actor) -> bool:
    return any(
        isinstance(effect, RegisterWritten) and effect.vcpu == vcpu and effect.trapped
        for effect in step.effects
    )


def _end_of_exit(steps: Sequence[Step], vcpu: Actor, inside: int) -> int:
    """Return the step by which a vCPU that is in KVM after step `inside` is back in the guest."""
    end = inside
    while end < len(steps) and steps[end - 1].after.vcpus[vcpu].stack:
        end += 1
    return end


def _skipped_flush(steps: Sequence[Step], vcpu: Actor, toggle: int) -> int | None:
    skipped = None
    for number in range(toggle, _end_of_exit(steps, vcpu, toggle) + 1):
        if event_actor(steps[number - 1].event) != vcpu:
            continue
        for effect in steps[number - 1].effects:
            if isinstance(effect, FlushSkipped):
                skipped = number
            elif isinstance(effect, FlushBegun) and effect.flushes_vm:
                return None
    return skipped


def _lost(steps: Sequence[Step]) -> list[Finding]:
    step = steps[-1]
    if step.before.lines is step.after.lines:
        return []
    layout = step.after.setup.layout
    found: list[Finding] = []
    for word in range(len(layout.words)):
        index, slot = layout.line_of[word], layout.slot_of[word]
        before, after = step.before.lines[index], step.after.lines[index]
        if before is after or before.lost(slot) or not after.lost(slot):
            continue
        number = after.newest[slot]
        copies = (before.ram, *(() if before.cached is None else (before.cached,)))
        version = next(copy[slot] for copy in copies if copy[slot].number == number)
        found.append(
            Finding(
                kind=Kind.LOST,
                step=len(steps),
                actor=_writer(steps, word, number),
                word=word,
                exact=None,
                cause=_since(
                    steps, word, _is_overtaken if _is_overtaken(before, slot) else _is_only_cached
                ),
                version=version,
                entitled=None,
            )
        )
    return found


def _writer(steps: Sequence[Step], word: int, number: int) -> Actor | None:
    layout = steps[0].before.setup.layout
    index, slot = layout.line_of[word], layout.slot_of[word]
    for step in reversed(steps):
        if step.before.lines[index].newest[slot] < number:
            return event_actor(step.event)
    return None


def _stuck(steps: Sequence[Step], watchman: Watchman) -> list[Finding]:
    vcpu = watchman.stuck_after(steps[-1])
    if vcpu is None:
        return []
    return [Finding(Kind.STUCK, len(steps), vcpu, None, None, None, None, None)]


def _faults(steps: Sequence[Step]) -> list[Finding]:
    found: list[Finding] = []
    for failed in (effect for effect in steps[-1].effects if isinstance(effect, Failed)):
        match failed:
            case AccessFailed(actor, address, failure):
                found.append(_fault(steps, actor, address, failure))
            case FetchFailed(actor):
                found.append(_fault(steps, actor, None, None))
    return found


def _fault(
    steps: Sequence[Step], actor: Actor, address: int | None, failure: AccessFailure | None
) -> Finding:
    return Finding(Kind.FAULT, len(steps), actor, None, None, None, None, None, address, failure)
