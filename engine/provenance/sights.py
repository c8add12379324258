"""Where what an actor sees comes from, and why it sees nothing newer."""

from __future__ import annotations

from engine.arm.registers import Hcr
from engine.diagnosis import loads_now, stale_finding
from engine.findings import Finding
from engine.judge import Staleness
from engine.machine.access import access_type, seen
from engine.machine.effects import Copy, FlushSkipped, Loaded, RegisterWritten
from engine.machine.events import VmmExecutes
from engine.machine.setup import NonCacheable
from engine.machine.state import VMM, Actor
from engine.provenance.bits import bits_set, type_made
from engine.provenance.copies import made, way
from engine.provenance.past import Past
from engine.provenance.reasons import (
    Blamed,
    ControlRegister,
    Entitled,
    FlushNotDone,
    NotDue,
    NotTrapped,
    Reason,
    Sees,
    Visible,
    Written,
)


def sight(past: Past, at: int, actor: Actor, word: int) -> Sees:
    """Return what an actor's load of a word would return now, and from which copy."""
    machine = past.state(at)
    version, kind = seen(machine, actor, word), access_type(machine, actor)
    return Sees(at, actor, word, version, _looked_at(past, at, actor, word), kind)


def reasons_of_sight(past: Past, sees: Sees) -> list[Reason]:
    """Return why an actor sees what it sees, and nothing newer."""
    at, actor, word = sees.step, sees.actor, sees.word
    reasons = seen_through(past, sees)
    due = past.ghost(at).entitled[actor][word]
    if sees.version.number < due:
        load = Loaded(actor, word, sees.version, sees.memory_type, sees.copy)
        return [*reasons, *_blame(past, at, Staleness(load, due))]
    newest = past.newest(at, word)
    if sees.version.number < newest:
        reasons += [*made(past, at, word, newest), NotDue(at, actor, word, due)]
    return reasons


def seen_through(past: Past, sees: Sees) -> list[Reason]:
    """Return what makes an actor look at a copy, and how its version came there."""
    made_so = type_made(past, sees.step, sees.actor)
    return [*made_so, *way(past, sees.step, sees.word, sees.copy)]


def entitled(past: Past, at: int, actor: Actor, word: int, number: int) -> list[Reason]:
    """Return the newer version that an actor is entitled to, and how it came to be."""
    reasons = made(past, at, word, number)
    since = past.since(at, lambda when: past.ghost(when).entitled[actor][word] >= number)
    own = any(isinstance(each, Written) and each.stored.actor == actor for each in reasons)
    if since and not own:
        reasons.append(Entitled(since, actor, word, number))
    return reasons


def cause(past: Past, finding: Finding) -> list[Reason]:
    """Return what the step that a finding blames did, or did not do."""
    if finding.cause is None or finding.word is None:
        return []
    step = past.step(finding.cause)
    for effect in step.effects:
        if isinstance(effect, FlushSkipped):
            return [FlushNotDone(finding.cause, effect)]
        if isinstance(effect, RegisterWritten) and not effect.trapped:
            untrapped: Reason = NotTrapped(finding.cause, effect)
            if isinstance(step.event, VmmExecutes):
                return [untrapped]
            fields = (Hcr.TVM,)
            tvm = bits_set(past, finding.cause - 1, effect.vcpu, ControlRegister.HCR, fields)
            return [untrapped, *tvm]
    return [Blamed(finding.cause, finding.word)]


def _blame(past: Past, at: int, stale: Staleness) -> list[Reason]:
    """Return why an actor sees less than it is entitled to, as if it loaded the word now."""
    load = stale.load
    reasons = entitled(past, at, load.actor, load.word, stale.entitled)
    if not at:
        return reasons
    steps, ghosts = past.timeline.steps[:at], past.timeline.ghosts[: at + 1]
    finding = stale_finding(steps, ghosts, stale)
    reasons += cause(past, finding)
    if finding.exact and loads_now(past.state(at), load.actor):
        reasons.append(Visible(finding.exact, load.actor, load.word, load.version))
    return reasons


def _looked_at(past: Past, at: int, actor: Actor, word: int) -> Copy:
    """Return the copy that an actor's next load looks at; see `engine.machine.access.seen`."""
    machine = past.state(at)
    hardware, layout = machine.setup.hardware, machine.setup.layout
    cached = past.copy(at, word, Copy.CACHE)
    mapped = actor == VMM or machine.vm.mapped[layout.page_of[layout.line_of[word]]]
    if not mapped and not hardware.fwb:
        in_ram = past.copy(at, word, Copy.RAM) == seen(machine, actor, word)
        return Copy.RAM if in_ram else Copy.CACHE
    snoops = hardware.noncacheable is NonCacheable.SNOOPS
    looks = access_type(machine, actor).cacheable or snoops
    return Copy.CACHE if looks and cached is not None else Copy.RAM
