"""Which steps of a run matter enough to be told one by one; the others are only counted."""

from __future__ import annotations

from typing import Final

import attrs

from engine.findings import Finding, roles
from engine.machine.actors import Actor
from engine.machine.effects import ConditionDecided, FlushBegun, Trapped
from engine.memory.layout import Layout
from engine.timeline import Timeline
from engine.transition import Step
from tui.presenters.steps.account import Weight
from tui.presenters.steps.told import accounts

MOST_STEPS: Final = 32
MOST_FINDINGS: Final = 3


@attrs.frozen
class Story:
    """The steps of a run that are told, in order, and the findings they lead to."""

    told: tuple[int, ...]
    left_out: int
    findings: tuple[Finding, ...]
    """The first of the run's."""
    roles: dict[int, tuple[str, ...]]
    """Per step that a finding speaks of: what it is to the finding."""

    @property
    def gaps(self) -> tuple[range, ...]:
        """Per told step, the steps left out just before it; then those after the last."""
        starts = (0, *self.told)
        ends = (*self.told, len(self.told) + self.left_out + 1)
        return tuple(range(start + 1, end) for start, end in zip(starts, ends, strict=True))


def story(timeline: Timeline, also: int | None = None) -> Story:
    """Return which steps to tell, `also` among them: `MOST_STEPS` at most.

    First come the steps that findings speak of, then flushes, toggles and what happens to the
    words in question, then what frames these; where there are too many, those before the first
    finding and nearest to it.
    """
    findings = timeline.findings[:MOST_FINDINGS]
    spoken_of = {
        step: tuple(role.value.upper() for role in dict.fromkeys(parts))
        for step, parts in roles(findings).items()
    }
    ranks = _ranks(timeline, _lines_in_question(timeline.initial.setup.layout, findings))
    for step in (*spoken_of, *(() if not also else (also,))):
        ranks[step] = Weight.SPOKEN_OF
    end = findings[0].step if findings else 0

    def order(step: int) -> tuple[Weight, bool, int]:
        return ranks[step], bool(findings) and step > end, abs(step - end)

    told = tuple(sorted(sorted(ranks, key=order)[:MOST_STEPS]))
    return Story(told, len(timeline.steps) - len(told), findings, spoken_of)


def deciding_condition(steps: tuple[Step, ...], flush: int) -> ConditionDecided | None:
    """Return the last condition of the policy before its flush at step `flush`, if any."""
    begun = next((one for one in steps[flush - 1].effects if isinstance(one, FlushBegun)), None)
    if begun is None:
        return None
    for step in reversed(steps[:flush]):
        for effect in step.effects:
            if isinstance(effect, ConditionDecided) and effect.actor == begun.actor:
                return effect
            if isinstance(effect, Trapped) and effect.vcpu == begun.actor:
                return None
    return None


def _lines_in_question(layout: Layout, findings: tuple[Finding, ...]) -> frozenset[int]:
    """Return the lines of the words that findings are about; without findings, all lines."""
    words = [finding.word for finding in findings if finding.word is not None]
    if not words:
        return frozenset(range(len(layout.lines)))
    return frozenset(layout.line_of[word] for word in words)


def _ranks(timeline: Timeline, lines: frozenset[int]) -> dict[int, Weight]:
    ranks: dict[int, Weight] = {}
    conditions: dict[Actor, int] = {}
    for number, step in enumerate(timeline.steps, 1):
        weights = [one.weight(lines) for one in accounts(step)]
        known = [weight for weight in weights if weight is not None]
        if known:
            ranks[number] = min(known)
        for effect in step.effects:
            if isinstance(effect, Trapped):
                conditions.pop(effect.vcpu, None)
            elif isinstance(effect, ConditionDecided):
                conditions[effect.actor] = number
            elif isinstance(effect, FlushBegun) and effect.actor in conditions:
                ranks.setdefault(conditions[effect.actor], Weight.FRAMING)
    return ranks
