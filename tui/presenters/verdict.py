"""One line that says what a run is found guilty of, and where to look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.findings import Finding, Kind
from engine.machine.effects import (
    Effect,
    Evicted,
    Filled,
    FlushSkipped,
    LineFlushed,
    Loaded,
    Maintained,
    RegisterWritten,
    Stored,
)
from engine.machine.state import actor_name
from engine.timeline import Timeline
from engine.transition import Step
from tui.presenters.words import counted, number, who

_CAUSES: Final[Mapping[type[Effect], str]] = {
    RegisterWritten: "write not trapped",
    Stored: "the store",
    Filled: "the fill",
    Evicted: "the eviction",
    Maintained: "the maintenance",
    LineFlushed: "the flush",
    Loaded: "the load",
}


def verdict(timeline: Timeline) -> str:
    """Return the verdict over the whole of a timeline, wherever its cursor is."""
    if not timeline.findings:
        return f"holds on this schedule: no finding in {counted(len(timeline.steps), 'step')}"
    first, *others = timeline.findings
    text = describe(timeline, first)
    return f"{text}; and {counted(len(others), 'more finding')}" if others else text


def describe(timeline: Timeline, finding: Finding) -> str:
    """Return one finding of a timeline: what happened, to whom, and the steps to look at."""
    match finding.kind:
        case Kind.STALE:
            return f"STALE: {_stale(timeline, finding)}; {_places(timeline, finding)}"
        case Kind.LOST:
            return f"LOST: {_lost(timeline, finding)}; {_places(timeline, finding)}"
        case Kind.STUCK:
            assert finding.actor is not None
            return (
                f"STUCK: {actor_name(finding.actor)} is in KVM for ever from step "
                f"{finding.step} on: nothing can change any more"
            )


def cause_words(step: Step) -> str:
    """Return what kind of step a cause is, in two or three words."""
    skipped = any(isinstance(effect, FlushSkipped) for effect in step.effects)
    if skipped:
        return "flush skipped"
    words = (_CAUSES[type(effect)] for effect in step.effects if type(effect) in _CAUSES)
    return next(words, "where the copies came to differ")


def _stale(timeline: Timeline, finding: Finding) -> str:
    assert finding.actor is not None
    assert finding.word is not None
    assert finding.version is not None
    name = _word_name(timeline, finding.word)
    return (
        f"{who(finding.actor)} loads {name} = {number(finding.version.value)} "
        f"at step {finding.step} but {_due(timeline, finding)}"
    )


def _due(timeline: Timeline, finding: Finding) -> str:
    """Return what a stale load should have returned at least, and why."""
    for at, step in enumerate(timeline.steps[: finding.step], 1):
        for effect in step.effects:
            if not isinstance(effect, Stored) or effect.word != finding.word:
                continue
            if effect.version.number == finding.entitled:
                value = number(effect.version.value)
                if effect.actor == finding.actor:
                    return f"wrote {value}"
                return f"may rely on {value}, which {who(effect.actor)} wrote at step {at}"
    return f"may rely on the newest at the start (v{finding.entitled})"


def _lost(timeline: Timeline, finding: Finding) -> str:
    assert finding.word is not None
    assert finding.version is not None
    name = _word_name(timeline, finding.word)
    writer = "" if finding.actor is None else f" that {who(finding.actor)} wrote"
    return (
        f"{name} = {number(finding.version.value)}{writer} is neither in RAM nor in a cache "
        f"from step {finding.step} on"
    )


def _places(timeline: Timeline, finding: Finding) -> str:
    exact = None if finding.exact is None else f"exact step {finding.exact}"
    cause = (
        None
        if finding.cause is None
        else f"cause step {finding.cause} ({cause_words(timeline.steps[finding.cause - 1])})"
    )
    return ", ".join(part for part in (exact, cause) if part) or "no cause in this run"


def _word_name(timeline: Timeline, word: int) -> str:
    return timeline.initial.setup.layout.words[word].name
