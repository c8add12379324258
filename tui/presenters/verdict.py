"""One line that says what this one run is found to be, and where to look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from engine.findings import Finding, Kind, Verdict
from engine.machine.actors import actor_name
from engine.machine.effects import (
    Effect,
    Evicted,
    Filled,
    FlushSkipped,
    LineFlushed,
    Loaded,
    Maintained,
    PoweredOn,
    RegisterWritten,
    Stored,
)
from engine.timeline import Timeline
from engine.transition import Step, movers
from tui.presenters.cells import Tone
from tui.presenters.words import counted, listed, number, who

THIS_RUN: Final = "this run"
"""Whose verdict it is: never that of every interleaving."""

_CAUSES: Final[Mapping[type[Effect], str]] = {
    # The first that applies: a store may come with a fill.
    PoweredOn: "reset by CPU_ON",
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
    return verdicts(timeline)[0]


def verdicts(timeline: Timeline) -> tuple[str, ...]:
    """Return the verdict from its longest form to its shortest; all name the steps to look at."""
    word, steps = timeline.verdict.value, counted(len(timeline.steps), "step")
    match timeline.verdict:
        case Verdict.SAFE:
            return f"{THIS_RUN}: {word}, no finding in {steps}", f"{THIS_RUN}: {word}"
        case Verdict.UNDETERMINED:
            left = movers(timeline.machine_at(len(timeline.steps)))
            if not left:
                gap = timeline.initial.setup.policy.coverage.gap
                if gap is None:
                    still = "somebody is in KVM who may never come out"
                    return f"{THIS_RUN}: {word}, nothing broken in {steps}, but {still}", still
                return (
                    f"{THIS_RUN}: {word}, nothing broken in {steps}, but {gap}",
                    f"{THIS_RUN}: {word}, nothing broken in {steps}, but not all was judged",
                    f"{THIS_RUN}: {word}, not all was judged",
                )
            return (
                f"{THIS_RUN}: {word}, nothing broken so far in {steps}: not finished, "
                f"{listed(map(who, left))} can go on",
                f"{THIS_RUN}: {word}, nothing broken so far in {steps}: not finished",
                f"{THIS_RUN}: {word}, not finished",
            )
        case Verdict.UNSAFE:
            return tuple(_unsafe(timeline))


def _unsafe(timeline: Timeline) -> Iterator[str]:
    first, *others = timeline.findings
    long, *shorter = _forms(timeline, first)
    more = f"; and {counted(len(others), 'more finding')}" if others else ""
    yield f"{THIS_RUN}: {Verdict.UNSAFE.value}, {long}{more}"
    more = f"; {len(others)} more" if others else ""
    yield from (f"{THIS_RUN}: {form}{more}" for form in (long, *shorter))
    yield f"{shorter[-1]}{more}"


def verdict_in_brief(timeline: Timeline) -> str:
    """Return what is found in a run in a word or two, for a list of runs."""
    match timeline.verdict:
        case Verdict.SAFE:
            return "no finding"
        case Verdict.UNDETERMINED:
            finished = not movers(timeline.machine_at(len(timeline.steps)))
            return "not all judged" if finished else "not finished"
        case Verdict.UNSAFE:
            return ", ".join(dict.fromkeys(finding.kind.value for finding in timeline.findings))


def verdict_tone(timeline: Timeline) -> Tone:
    """Return what the verdict means to a reader."""
    match timeline.verdict:
        case Verdict.SAFE:
            return Tone.GOOD
        case Verdict.UNDETERMINED:
            return Tone.SKIPPED
        case Verdict.UNSAFE:
            return Tone.STALE


def found(timeline: Timeline, finding: Finding) -> str:
    """Return one finding as the verdict on the run that it is in."""
    return f"{THIS_RUN}: {timeline.verdict.value}, {describe(timeline, finding)}"


def describe(timeline: Timeline, finding: Finding) -> str:
    """Return one finding of a timeline: what happened, to whom, and the steps to look at."""
    return _forms(timeline, finding)[0]


def cause_words(step: Step) -> str:
    """Return what kind of step a cause is, in two or three words."""
    skipped = any(isinstance(effect, FlushSkipped) for effect in step.effects)
    if skipped:
        return "flush skipped"
    kinds = {type(effect) for effect in step.effects}
    words = (text for kind, text in _CAUSES.items() if kind in kinds)
    return next(words, "where the copies came to differ")


def _forms(timeline: Timeline, finding: Finding) -> tuple[str, ...]:
    match finding.kind:
        case Kind.STALE:
            return _stale(timeline, finding)
        case Kind.LOST:
            return _lost(timeline, finding)
        case Kind.STUCK:
            assert finding.actor is not None
            stuck = f"STUCK: {actor_name(finding.actor)} is in KVM for ever from"
            return (
                f"{stuck} step {finding.step} on, whatever anybody does",
                f"{stuck} {finding.step} on",
            )
        case Kind.FAULT:
            return _fault(finding)


def _stale(timeline: Timeline, finding: Finding) -> tuple[str, ...]:
    assert finding.actor is not None
    loader, at = who(finding.actor), finding.step
    loads = f"STALE: {loader} loads {_value(timeline, finding)} at"
    due, brief_due, least_due = _due(timeline, finding)
    long, short, least = _places(timeline, finding)
    return (
        f"{loads} step {at} but {due}; {long}",
        f"{loads} {at} but {brief_due}; {short}",
        f"{loads} {at} but {least_due}; {short}",
        f"{loads} {at} but {least_due}; {least}",
        f"{loads} {at}; {least}",
        f"STALE for {loader} at {at}; {least}",
    )


def _due(timeline: Timeline, finding: Finding) -> tuple[str, str, str]:
    """Return what a stale load should have returned at least, and why: in words, briefly, bare."""
    for at, step in enumerate(timeline.steps[: finding.step], 1):
        for effect in step.effects:
            if not isinstance(effect, Stored) or effect.word != finding.word:
                continue
            if effect.version.number == finding.entitled:
                value = number(effect.version.value)
                if effect.actor == finding.actor:
                    own = f"wrote {value}"
                    return own, own, own
                other = f"may rely on {value}"
                which = f"{other}, which {who(effect.actor)} wrote at"
                return f"{which} step {at}", f"{which} {at}", other
    newest = f"may rely on the newest at the start (v{finding.entitled})"
    return newest, newest, f"may rely on v{finding.entitled}"


def _lost(timeline: Timeline, finding: Finding) -> tuple[str, ...]:
    value, at = _value(timeline, finding), finding.step
    writer = "" if finding.actor is None else f" that {who(finding.actor)} wrote"
    lost = f"LOST: {value}{writer} is neither in RAM nor in a cache from"
    long, short, least = _places(timeline, finding)
    return (
        f"{lost} step {at} on; {long}",
        f"{lost} {at} on; {short}",
        f"LOST at {at}: {value}{writer}; {short}",
        f"LOST at {at}: {value}; {least}",
    )


def _fault(finding: Finding) -> tuple[str, ...]:
    assert finding.actor is not None
    whom, at, address = who(finding.actor), finding.step, finding.address
    if address is None or finding.failure is None:
        return (
            f"FAULT: {whom} goes where its program has no instruction at step {at}, and stops",
            f"FAULT: {whom} goes where it has no instruction at {at}",
            f"FAULT at {at}: {whom}, no instruction",
        )
    what = finding.failure.value
    return (
        f"FAULT: {whom} accesses {address:#x} at step {at}, which is {what}, and stops",
        f"FAULT: {whom} accesses {address:#x} at {at}, {what}",
        f"FAULT at {at}: {whom}, {address:#x}",
    )


def _places(timeline: Timeline, finding: Finding) -> tuple[str, str, str]:
    """Return the steps to look at: in words, with what the cause is, and bare."""
    exact, cause = finding.exact, finding.cause
    forms = []
    for step, words in (("step ", True), ("", True), ("", False)):
        parts = [] if exact is None else [f"exact {step}{exact}"]
        if cause is not None:
            why = f" ({cause_words(timeline.steps[cause - 1])})" if words else ""
            parts.append(f"cause {step}{cause}{why}")
        forms.append(", ".join(parts) or "no cause in this run")
    long, short, least = forms
    return long, short, least


def _value(timeline: Timeline, finding: Finding) -> str:
    """Return the word and the version that a finding is about."""
    assert finding.word is not None
    assert finding.version is not None
    name = timeline.initial.setup.layout.words[finding.word].name
    return f"{name} = {number(finding.version.value)}"
