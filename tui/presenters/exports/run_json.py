"""A run as JSON: actors, words, lines and pages by name, effects with their type."""

from __future__ import annotations

import json
from enum import Enum
from typing import Final

import attrs

from engine.findings import Finding
from engine.machine.actors import Actor, actor_name
from engine.machine.effects import Effect, OperandValue
from engine.machine.events import event_actor, event_name
from engine.machine.setup import Setup
from engine.memory.layout import Layout
from engine.memory.line import Version
from engine.policy.source import Place
from engine.transition import Step
from scenarios.scenario import Expectation
from tui.presenters.exports.shared import SharedRun
from tui.presenters.steps.sentence import sentence
from tui.presenters.tool import tool

VERSION: Final = 1

Json = dict[str, "Json"] | list["Json"] | str | int | bool | None
"""What JSON can say."""

_ACTORS: Final = ("actor", "vcpu", "by")
_LEFT_OUT: Final = frozenset({"at_toggle", "decisions", "inside"})
"""What the rest says already, and what is asked of all runs together."""


def run_as_json(run: SharedRun) -> str:
    """Return the run as a JSON document; equal runs give equal bytes."""
    timeline = run.played.timeline
    layout = run.scenario.layout
    document: Json = {
        "version": VERSION,
        "tool": tool(),
        "scenario": run.scenario.name,
        "policy": run.policy.name,
        "verdict": timeline.verdict.value,
        "expected": _expected(run.expectation),
        "met": run.met,
        "steps": [_step(number, step) for number, step in enumerate(timeline.steps, 1)],
        "findings": [_finding(finding, layout) for finding in timeline.findings],
        "skipped": [
            {"entry": skipped.entry, "text": skipped.text, "why": skipped.why}
            for skipped in run.played.skipped
        ],
        "flushes": run.flushes,
        "lines_flushed": run.lines_flushed,
    }
    return json.dumps(document, indent=2) + "\n"


def _expected(expectation: Expectation | None) -> Json:
    return None if expectation is None else [kind.value for kind in expectation.kinds]


def _step(number: int, step: Step) -> Json:
    return {
        "number": number,
        "event": event_name(step.before, step.event),
        "actor": _actor(event_actor(step.event)),
        "sentence": sentence(step),
        "effects": [_effect(effect, step.before.setup) for effect in step.effects],
    }


def _finding(finding: Finding, layout: Layout) -> Json:
    return {
        "kind": finding.kind.value,
        "actor": _actor(finding.actor),
        "word": None if finding.word is None else layout.words[finding.word].name,
        "step": finding.step,
        "exact": finding.exact,
        "cause": finding.cause,
        "version": None if finding.version is None else _version(finding.version),
        "entitled": finding.entitled,
    }


def _effect(effect: Effect, setup: Setup) -> Json:
    fields = (field.name for field in attrs.fields(type(effect)) if field.name not in _LEFT_OUT)
    values = {name: _value(name, getattr(effect, name), setup) for name in fields}
    return {"type": type(effect).__name__, **values}


def _value(name: str, value: object, setup: Setup) -> Json:
    """Return an effect's field; numbers of actors, words, lines, pages and pCPUs as names."""
    match value:
        case bool() | str() | None:
            return value
        case int() if name in _ACTORS:
            return actor_name(value)
        case int() if name == "word":
            return setup.layout.words[value].name
        case int() if name == "line":
            return setup.layout.line_name(value)
        case int() if name == "page":
            return setup.layout.page_name(value)
        case int() if name == "pcpu":
            return f"pcpu{value}"
        case int():
            return value
        case Version():
            return _version(value)
        case Place():
            return _place(value, setup)
        case Enum():
            return str(value.value)
        case tuple():
            return [_value("", item, setup) for item in value]
        case OperandValue(text, number):
            return {"text": text, "value": number}
        case _:
            raise AssertionError(f"an effect has the field {name} = {value}")


def _place(place: Place, setup: Setup) -> Json:
    """Return a place in the user's own file; no lines where it is not from there."""
    source = next(each for each in setup.policy.sources if each.name == place.source)
    return {
        "source": place.source,
        "line": source.user_line(place.line) or None,
        "column": place.column,
        "end_line": source.user_line(place.end_line) or None,
        "end_column": place.end_column,
    }


def _version(version: Version) -> Json:
    return {"number": version.number, "value": version.value}


def _actor(actor: Actor | None) -> str | None:
    return None if actor is None else actor_name(actor)
