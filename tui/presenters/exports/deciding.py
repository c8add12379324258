"""The line of the policy that decides: where it is, how it reads, and with which values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from textwrap import dedent
from typing import Final

import attrs

from engine.findings import Finding, Kind
from engine.machine.effects import FlushBegun, Invalidated, OperandValue, WrittenBack
from engine.policy.frame import CFrame
from engine.policy.policy import Policy
from engine.policy.source import Place
from engine.provenance.reasons import FlushNotDone, Written
from engine.provenance.why import why
from engine.stuck import waiting
from engine.timeline import Timeline
from engine.transition import Step
from tui.presenters.exports.story import deciding_condition
from tui.presenters.steps.sentence import sentence
from tui.presenters.words import code, in_values, operands, truth, who

_MOST_LINES: Final = 8
_CANDIDATE: Final = re.compile(r"#[0-9]+$")
"""What tells the candidates of a file apart; lines count in the file itself."""


@attrs.frozen
class Deciding:
    """What decides: words before a quotation, the quoted source, words after it."""

    before: str
    source: tuple[str, ...]
    """Lines without their common indentation; none where no line of the policy decides."""
    after: str


def deciding(timeline: Timeline, findings: tuple[Finding, ...]) -> tuple[Deciding, ...]:
    """Return what decides each of the findings; without any, what lets the last flush happen."""
    if not findings:
        return tuple(_flushing(timeline))
    return tuple(dict.fromkeys(each for one in findings for each in _behind(timeline, one)))


def _behind(timeline: Timeline, finding: Finding) -> Iterator[Deciding]:
    if finding.kind is Kind.STUCK:
        yield from _stuck(timeline, finding)
    if finding.cause is None:
        return
    step = timeline.steps[finding.cause - 1]
    decided = _skip(timeline, finding)
    if decided is None or decided.step != finding.cause:
        none = "; no line of the policy decides here" if decided is None else ""
        yield Deciding(f"The cause, step {finding.cause}{none}:", (), sentence(step))
    if decided is not None:
        yield _skipping(step.before.setup.policy, decided)


def _skip(timeline: Timeline, finding: Finding) -> FlushNotDone | None:
    """Return the flush not done that a finding is about: that for who wrote the word, if any."""
    reasons = why(timeline, finding)
    skips = [reason for reason in reasons if isinstance(reason, FlushNotDone)]
    writers = {
        reason.stored.actor
        for reason in reasons
        if isinstance(reason, Written) and reason.stored.version.number == finding.entitled
    }
    own = [reason for reason in skips if reason.skipped.vcpu in writers]
    return next(reversed(own or skips), None)


def _skipping(policy: Policy, decided: FlushNotDone) -> Deciding:
    skipped = decided.skipped
    where = f"{_at(policy, skipped.place)}, for {who(skipped.vcpu)}"
    before = f"The line that decides, at step {decided.step}, {where}:"
    if skipped.text is None:
        after = "No road of this function flushes."
    else:
        values = _values(skipped.text, skipped.operands, skipped.outcome)
        after = f"{values}: nothing is flushed."
    return Deciding(before, _quoted(policy, skipped.place), after)


def _stuck(timeline: Timeline, finding: Finding) -> Iterator[Deciding]:
    assert finding.actor is not None
    machine = waiting(timeline.steps[finding.step - 1].after, finding.actor)
    frames = [frame for frame in machine.stack(finding.actor) if isinstance(frame, CFrame)]
    if not frames:
        return
    policy = machine.setup.policy
    place = policy.operation(frames[-1]).place
    yield Deciding(
        f"Where {who(finding.actor)} waits, {_at(policy, place)}:",
        _quoted(policy, place),
        "What it waits for never comes.",
    )


def _flushing(timeline: Timeline) -> Iterator[Deciding]:
    """Yield the condition before the last flush that changed a copy, else before the last."""
    steps = timeline.steps
    last = changing = None
    begun = 0
    for number, step in enumerate(steps, 1):
        if _flushes(step):
            last = begun = number
        if begun and any(isinstance(one, Invalidated | WrittenBack) for one in step.effects):
            changing = begun
    flush = changing or last
    if flush is None:
        return
    decided = deciding_condition(steps, flush)
    if decided is None:
        return
    policy = timeline.initial.setup.policy
    values = _values(decided.text, decided.operands, decided.outcome)
    yield Deciding(
        f"The line that lets {who(decided.actor)} flush at step {flush}, "
        f"{_at(policy, decided.place)}:",
        _quoted(policy, decided.place),
        f"{values}.",
    )


def _flushes(step: Step) -> bool:
    return any(isinstance(one, FlushBegun) and one.flushes_vm for one in step.effects)


def _values(text: str, values: tuple[OperandValue, ...], outcome: bool) -> str:
    """Return what a condition came to, such as `vcpu->vcpu_id is 1, so 1 == 0 is false`."""
    replaced = in_values(text, values)
    if not values or replaced == code(text):
        return f"{code(text)} is {truth(outcome)}"
    if len(values) == 1 and code(values[0].text) == code(text):
        return f"{operands(values)}, which is {truth(outcome)}"
    return f"{operands(values)}, so {replaced} is {truth(outcome)}"


def _at(policy: Policy, place: Place) -> str:
    """Return a place as `file:line`, the line that of the user's own file where it has one."""
    source = next(each for each in policy.sources if each.name == place.source)
    line = source.user_line(place.line)
    return f"{_CANDIDATE.sub('', source.name)}:{line}" if line else source.name


def _quoted(policy: Policy, place: Place) -> tuple[str, ...]:
    source = next(each for each in policy.sources if each.name == place.source)
    lines = source.text.split("\n")[place.line - 1 : place.end_line][:_MOST_LINES]
    return tuple(dedent("\n".join(line.expandtabs(8).rstrip() for line in lines)).split("\n"))
