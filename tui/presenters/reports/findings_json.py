"""Findings as JSON: what was found, in a sentence, and the place in the C of what caused it."""

from __future__ import annotations

from engine.machine.effects import ConditionDecided, FlushSkipped, StatementExecuted
from engine.policy.policy import Policy
from engine.policy.source import Place
from engine.timeline import Timeline
from engine.transition import Step
from scenarios.checking import ShortestFound
from scenarios.sources.candidate import split_fragment
from tui.presenters.reports.checked import Checked
from tui.presenters.verdict import describe

Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None
"""What JSON can say."""


def findings(checked: Checked) -> list[Json]:
    """Return the shortest counterexample of each kind."""
    return [_finding(found, checked) for found in checked.result.outcome.findings]


def _finding(found: ShortestFound, checked: Checked) -> Json:
    timeline = Timeline.replay(checked.cell.machine, found.events)
    finding = next(
        each for each in timeline.findings if each.kind is found.kind and each.step == found.step
    )
    cause = None if found.cause is None else timeline.steps[found.cause - 1]
    return {
        "kind": found.kind.value,
        "actor": found.actor,
        "word": found.word,
        "step": found.step,
        "exact": found.exact,
        "cause": found.cause,
        "sentence": describe(timeline, finding),
        "place": None if cause is None else _place(cause, checked.cell.policy),
        "if": [],
        "trace": list(found.trace),
    }


def _place(step: Step, policy: Policy) -> Json:
    """Return the place in the C that a step executes; null where it executes none."""
    for effect in step.effects:
        if isinstance(effect, ConditionDecided | StatementExecuted | FlushSkipped):
            return _placed(effect.place, effect.text, policy)
    return None


def _placed(place: Place, text: str | None, policy: Policy) -> Json:
    """Return a place as the user's own file has it; no line where the base of a patch has it."""
    source = next(each for each in policy.sources if each.name == place.source)
    first = source.text.split("\n")[place.line - 1]
    return {
        "file": split_fragment(source.name)[0],
        "line": source.user_line(place.line) or None,
        "column": place.column,
        "text": first.strip() if text is None else text,
    }
