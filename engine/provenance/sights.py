"""Where what an actor sees comes from, and why it sees nothing newer."""

from __future__ import annotations

from engine.diagnosis import loads_now, resets_caches, stale_finding
from engine.findings import Finding, Kind
from engine.judge import Staleness
from engine.machine.access import access_type, looked_at, seen
from engine.machine.actors import Actor
from engine.machine.effects import Copy, FlushSkipped, LineFlushed, Loaded, RegisterWritten
from engine.provenance.bits import type_made
from engine.provenance.copies import made, way
from engine.provenance.missed import behind_since, missed, untrapped
from engine.provenance.past import Past
from engine.provenance.reasons import (
    Blamed,
    CachesReset,
    Entitled,
    FlushNotDone,
    NotDue,
    Reason,
    Sees,
    Visible,
    Written,
)


def sight(past: Past, at: int, actor: Actor, word: int, alias: int | None = None) -> Sees:
    """Return what an actor's load of a word would return now, and from which copy."""
    machine = past.state(at)
    version, kind = seen(machine, actor, word, alias), access_type(machine, actor, word, alias)
    copy = looked_at(machine, actor, word, alias)
    return Sees(at, actor, word, version, copy, kind, alias)


def reasons_of_sight(past: Past, sees: Sees) -> list[Reason]:
    """Return why an actor sees what it sees, and nothing newer."""
    at, actor, word = sees.step, sees.actor, sees.word
    reasons = seen_through(past, sees)
    due = past.ghost(at).entitled[actor][word]
    if sees.version.number < due:
        load = Loaded(actor, word, sees.version, sees.memory_type, sees.copy, sees.alias)
        return [*reasons, *_blame(past, at, Staleness(load, due))]
    newest = past.newest(at, word)
    if sees.version.number < newest:
        reasons += [*made(past, at, word, newest), NotDue(at, actor, word, due)]
    return reasons


def seen_through(past: Past, sees: Sees) -> list[Reason]:
    """Return what makes an actor look at a copy, and how its version came there."""
    made_so = type_made(past, sees.step, sees.actor, sees.word, sees.alias)
    return [*made_so, *way(past, sees.step, sees.word, sees.copy)]


def entitled(past: Past, at: int, actor: Actor, word: int, number: int) -> list[Reason]:
    """Return the newer version that an actor is entitled to, and how it came to be."""
    reasons = made(past, at, word, number)
    since = past.since(at, lambda when: past.ghost(when).entitled[actor][word] >= number)
    own = any(isinstance(each, Written) and each.stored.actor == actor for each in reasons)
    if since and not own:
        reasons.append(Entitled(since, actor, word, number))
    return reasons


def blamed(past: Past, finding: Finding, end: int) -> list[Reason]:
    """Return what the step that a finding blames did, and what KVM did not do about it.

    `end` is the state in which a load is, or would be, stale.
    """
    word, at = finding.word, finding.cause
    if word is None:
        return []
    if finding.kind is Kind.LOST:
        # Whatever flushes the dirty copy writes it back: no flush could have saved the version.
        return [] if at is None else [Blamed(at, word, Copy.CACHE, False)]
    assert finding.actor is not None
    exact = end if finding.exact is None else min(finding.exact, end)
    copy = looked_at(past.state(exact), finding.actor, word, finding.alias)
    not_done = missed(past, word, behind_since(past, exact, word, copy), end)
    if at is None:
        return not_done
    if resets_caches(past.step(at), finding.actor):
        return [CachesReset(at, finding.actor), *not_done]
    for effect in past.step(at).effects:
        if isinstance(effect, FlushSkipped):
            return [FlushNotDone(at, effect)]
        if isinstance(effect, RegisterWritten) and not effect.trapped:
            return [*untrapped(past, at, effect), *not_done]
    flushed = any(isinstance(effect, LineFlushed) for effect in past.step(at).effects)
    return [Blamed(at, word, copy, flushed or bool(not_done)), *not_done]


def _blame(past: Past, at: int, stale: Staleness) -> list[Reason]:
    """Return why an actor sees less than it is entitled to, as if it loaded the word now."""
    load = stale.load
    reasons = entitled(past, at, load.actor, load.word, stale.entitled)
    if not at:
        return reasons
    steps, ghosts = past.timeline.steps[:at], past.timeline.ghosts[: at + 1]
    finding = stale_finding(steps, ghosts, stale)
    reasons += blamed(past, finding, at)
    if finding.exact and loads_now(past.state(at), load.actor):
        reasons.append(Visible(finding.exact, load.actor, load.word, load.version))
    return reasons
