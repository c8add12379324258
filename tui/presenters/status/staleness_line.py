"""How things stand at a step: what is stale, for whom, since when, and because of what."""

from __future__ import annotations

from collections.abc import Iterator

from engine.findings import Finding, Kind
from engine.machine.actors import VMM
from engine.machine.effects import FlushSkipped
from engine.staleness import Stale, Standings
from engine.timeline import Timeline
from tui.presenters.cells import Cell, Row, Tone, fitted
from tui.presenters.verdict import cause_words
from tui.presenters.words import code, counted, in_values, number, truth, who

NOTHING_STALE = "nothing is stale"


def standing_row(timeline: Timeline, standings: Standings, width: int) -> Row:
    """Return the most important thing about the step at hand in one row."""
    texts, tone = _standing(timeline, standings)
    text = next((each for each in texts if len(each) + 1 <= width), texts[-1])
    return Row((Cell(fitted(f" {text}", width), tone),))


def _standing(timeline: Timeline, standings: Standings) -> tuple[tuple[str, ...], Tone]:
    """Return what is to be said, from the longest form to the shortest, and its tone."""
    found = standings.stale(timeline)
    before = (each for each in timeline.findings if each.step <= timeline.cursor)
    lasting = next((each for each in before if _still(timeline, each)), None)
    if found:
        more = f"; and {len(found) - 1} more" if len(found) > 1 else ""
        texts = tuple(f"{text}{more}" for text in _stale_texts(timeline, found[0]))
        if lasting is None:
            return texts, Tone.STALE
        # What is stale goes before what is lost, and what is lost goes first for want of room.
        also = f"; {lasting.kind.name} since step {lasting.step}"
        return tuple(each for text in texts for each in (f"{text}{also}", text)), Tone.STALE
    if lasting is not None:
        return _finding_texts(timeline, lasting), Tone.STALE
    latent = tuple(_latent(timeline))
    if latent:
        more = f"; and {counted(len(latent) - 1, 'more copy')}" if len(latent) > 1 else ""
        return (
            f"latent, harmless until it is loaded: {latent[0]}{more}",
            f"latent: {latent[0]}{more}",
        ), Tone.LATENT
    return (f"So far, at step {timeline.cursor}: {NOTHING_STALE}.",), Tone.FAINT


def _stale_texts(timeline: Timeline, stale: Stale) -> tuple[str, ...]:
    name = timeline.initial.setup.layout.words[stale.word].name
    whom = f"STALE for {who(stale.actor)} since step {stale.since}"
    sees = f"sees {name} = {number(stale.version.value)} (v{stale.version.number})"
    due = f"may rely on v{stale.due}"
    short = f"{name} = {number(stale.version.value)} v{stale.version.number}, due v{stale.due}"
    if stale.cause is None:
        return f"{whom}: {sees}, {due}", f"{whom}: {short}"
    long, brief, least = _because(timeline, stale.cause)
    return (
        f"{whom}: {sees}, {due}, because of step {stale.cause}: {long}",
        f"{whom}: {short}; step {stale.cause}: {long}",
        f"{whom}: {short}; step {stale.cause}: {brief}",
        f"{whom}: {short}; step {stale.cause}: {least}",
        f"{whom}: {short}; cause {stale.cause}",
    )


def _because(timeline: Timeline, cause: int) -> tuple[str, str, str]:
    """Return what the step to blame did, from the longest form to the shortest."""
    step = timeline.steps[cause - 1]
    words = cause_words(step)
    for effect in step.effects:
        if isinstance(effect, FlushSkipped) and effect.text is not None:
            values = in_values(effect.text, effect.operands)
            decided = f"{code(effect.text)} is {truth(effect.outcome)}"
            return f"{words}, {decided}, {values}", f"{words}, {values}", words
    return words, words, words


def _still(timeline: Timeline, finding: Finding) -> bool:
    """Say whether a finding of a step before is still so: a loss, who is stuck, who stopped."""
    match finding.kind:
        case Kind.LOST:
            assert finding.word is not None
            layout = timeline.initial.setup.layout
            line = timeline.machine.lines[layout.line_of[finding.word]]
            return line.lost(layout.slot_of[finding.word])
        case Kind.STUCK:
            return True
        case Kind.FAULT:
            return _has_stopped(timeline, finding)
        case Kind.STALE:
            return False


def _has_stopped(timeline: Timeline, finding: Finding) -> bool:
    """Say whether the actor that a fault stopped has not been reset or sent elsewhere since."""
    now, then = timeline.machine, timeline.machine_at(finding.step)
    assert finding.actor is not None
    if finding.actor == VMM:
        return True
    vcpu = now.vcpus[finding.actor]
    if finding.address is not None:
        return vcpu.fault is not None
    return vcpu.core == then.vcpus[finding.actor].core


def _finding_texts(timeline: Timeline, finding: Finding) -> tuple[str, ...]:
    if finding.kind is Kind.STUCK:
        assert finding.actor is not None
        return (f"STUCK since step {finding.step}: {who(finding.actor)} is in KVM for ever",)
    if finding.kind is Kind.FAULT:
        assert finding.actor is not None
        stopped = f"FAULT since step {finding.step}: {who(finding.actor)} has stopped"
        if finding.address is None or finding.failure is None:
            return f"{stopped}, where its program has no instruction", stopped
        return f"{stopped}: {finding.address:#x} is {finding.failure.value}", stopped
    assert finding.word is not None
    assert finding.version is not None
    name = timeline.initial.setup.layout.words[finding.word].name
    lost = f"LOST since step {finding.step}: {name} = {number(finding.version.value)}"
    text = f"{lost} is neither in RAM nor in a cache"
    if finding.cause is None:
        return text, lost
    long, _, brief = _because(timeline, finding.cause)
    return (
        f"{text}, because of step {finding.cause}: {long}",
        f"{lost}; step {finding.cause}: {brief}",
        f"{lost}; cause {finding.cause}",
    )


def _latent(timeline: Timeline) -> Iterator[str]:
    """Yield the copies that are older than the newest version."""
    layout = timeline.initial.setup.layout
    for line, words in zip(timeline.machine.lines, layout.lines, strict=True):
        for slot, word in enumerate(words):
            name, newest = layout.words[word].name, line.newest[slot]
            for where, copy in (("RAM", line.ram), ("a cache", line.cached)):
                if copy is not None and copy[slot].number < newest:
                    held = f"{number(copy[slot].value)} (v{copy[slot].number})"
                    yield f"{name} is {held} in {where}, the newest is v{newest}"
