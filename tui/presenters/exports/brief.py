"""A step in so few words that they fit into a lane, with what makes it matter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from engine.findings import Finding, Kind
from engine.machine.actors import VMM, actor_name
from engine.machine.effects import Copy, Evicted, Filled, LineFlushed, Stored
from engine.machine.events import event_actor
from engine.timeline import Timeline
from engine.transition import Step
from tui.presenters.steps.labels import label
from tui.presenters.words import line_values, number, who

HARDWARE: Final = "hardware"


def lane_of(step: Step) -> str:
    """Return whose lane a step is in: an actor's name, or the hardware's."""
    actor = event_actor(step.event)
    return HARDWARE if actor is None else actor_name(actor)


def lane_order(lanes: set[str], vcpus: int) -> tuple[str, ...]:
    """Return lanes in the order they are drawn in: vCPUs, VMM, hardware."""
    every = (*(actor_name(vcpu) for vcpu in range(vcpus)), actor_name(VMM), HARDWARE)
    return tuple(lane for lane in every if lane in lanes)


def brief(timeline: Timeline, number_: int, findings: tuple[Finding, ...]) -> str:
    """Return what a step did, in a few words; KVM's steps begin with two blanks."""
    step = timeline.steps[number_ - 1]
    facts = [*_facts(step), *_sights(timeline, number_, findings)]
    return "; ".join((label(step), *facts))


def _facts(step: Step) -> Iterator[str]:
    """Yield what the copies hold afterwards, where it matters and the label does not say it."""
    layout = step.after.setup.layout
    for effect in step.effects:
        if isinstance(effect, Filled) and effect.speculative:
            copy = step.after.lines[effect.line].cached
            assert copy is not None
            yield f"cached copy: {line_values(layout, effect.line, copy)}"
        elif isinstance(effect, Stored) and effect.target is Copy.RAM:
            index, slot = layout.line_of[effect.word], layout.slot_of[effect.word]
            copy = step.after.lines[index].cached
            if copy is not None and copy[slot] != effect.version:
                yield f"cached copy: still {number(copy[slot].value)}"
        elif isinstance(effect, LineFlushed | Evicted):
            before, after = step.before.lines[effect.line], step.after.lines[effect.line]
            if before.cached is not None and after.cached is None and not before.dirty:
                yield f"drops {line_values(layout, effect.line, before.cached)}"


def _sights(timeline: Timeline, number_: int, findings: tuple[Finding, ...]) -> Iterator[str]:
    """Yield what a loader sees from the exact step on, or what is lost."""
    words = timeline.initial.setup.layout.words
    for finding in findings:
        if finding.word is None or finding.version is None:
            continue
        name, value = words[finding.word].name, number(finding.version.value)
        if finding.kind is Kind.STALE and finding.exact == number_ != finding.step:
            assert finding.actor is not None
            mover = event_actor(timeline.steps[number_ - 1].event)
            sees = "sees" if mover == finding.actor else f"{who(finding.actor)} sees"
            yield f"{sees} {name} = {value}, stale"
        if finding.kind is Kind.LOST and finding.step == number_:
            yield f"{name} = {value} is lost"
