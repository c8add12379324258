"""The words that say where to stop: a line of C, a function, a label, or a kind of event."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from engine.machine.actors import Actor, actor_name
from engine.machine.setup import Setup
from engine.policy.source import SourceFile
from engine.query.kinds import BY_NAME
from engine.query.triggers import AtFunction, AtLabel, AtLine, OnEvent, Trigger, code_lines
from engine.query.vocabulary import QueryNames
from engine.refusal import Column, RefusedError, quote, suggestion

_NUMBER: Final = re.compile(r"[0-9]{1,9}")
_SHOWN: Final = 8
_FORMS: Final = (
    "a line (12, upstream.c:12), a function, a label (vcpu1:load, vcpu1:load+1) or an event's kind"
)


def location(text: str, setup: Setup) -> Trigger:
    """Return what stops at a place or an event that is named.

    Raises:
        RefusedError: there is no such place or event.
    """
    before, colon, last = text.rpartition(":")
    if _NUMBER.fullmatch(last):
        return _line(setup, before if colon else None, int(last), len(before) + len(colon) + 1)
    if colon:
        return _label_of(setup, before, last)
    return _named(setup, text)


def location_names(setup: Setup) -> tuple[str, ...]:
    """Return the places and events that have a name, for completion."""
    names = QueryNames(setup)
    labels = (
        f"{name}:{label}" for name, actor in names.actors.items() for label in names.labels(actor)
    )
    return (*BY_NAME, *_functions(setup), *labels)


def described(trigger: AtLine | AtFunction | AtLabel | OnEvent, setup: Setup) -> str:
    """Return where a trigger stops, in the words by which it can be asked for."""
    match trigger:
        case AtLine(source, line):
            return f"{source}:{line}"
        case AtFunction(function):
            return setup.policy.functions[function].name
        case AtLabel(actor, pc):
            labels = QueryNames(setup).labels(actor)
            exact = (label for label, at in reversed(labels.items()) if at == pc)
            name = next(exact, None) or _beyond(labels, pc)
            return f"{actor_name(actor)}:{name}"
        case OnEvent(kind):
            return kind.name


def _line(setup: Setup, name: str | None, line: int, column: int) -> AtLine:
    source = setup.policy.source if name is None else _source(setup, name)
    known = code_lines(setup.policy, source)
    if line not in known:
        near = sorted(known, key=lambda each: (abs(each - line), each))[:_SHOWN]
        lines = ", ".join(map(str, sorted(near)))
        expected = f"a line of {source.name} with a statement: {lines}"
        raise RefusedError(f"line {line}", expected, Column(column))
    return AtLine(source.name, line)


def _source(setup: Setup, name: str) -> SourceFile:
    sources = {source.name: source for source in setup.policy.sources}
    for each in setup.policy.sources:
        sources.setdefault(each.name.rpartition("/")[2], each)
    if name not in sources:
        kind = "a source of the policy"
        raise RefusedError.unknown(quote(name), name, sources, kind, Column(1))
    return sources[name]


def _label_of(setup: Setup, name: str, label: str) -> AtLabel:
    names = QueryNames(setup)
    if name not in names.actors:
        kind = "a vCPU or vmm"
        raise RefusedError.unknown(quote(name), name, names.actors, kind, Column(1))
    actor = names.actors[name]
    labels = names.labels(actor)
    word, plus, distance = label.partition("+")
    if word not in labels:
        kind = f"a label of {name}'s program"
        at = Column(len(name) + 2)
        raise RefusedError.unknown(quote(word), word, labels, kind, at)
    if not plus:
        return AtLabel(actor, labels[word])
    most = names.length(actor) - labels[word]
    if not _NUMBER.fullmatch(distance) or int(distance) > most:
        expected = f"a distance within the program, 0 to {most}"
        raise RefusedError(quote(distance), expected, Column(len(name) + len(word) + 3))
    return AtLabel(actor, labels[word] + int(distance))


def _beyond(labels: Mapping[str, int], pc: int) -> str:
    """Return a place by the nearest label before it, and the distance from there."""
    before = [(at, name) for name, at in labels.items() if at < pc]
    at, name = max(before, key=lambda label: label[0])
    return f"{name}+{pc - at}"


def _named(setup: Setup, text: str) -> Trigger:
    if text in BY_NAME:
        return OnEvent(BY_NAME[text])
    functions = _functions(setup)
    if text in functions:
        return AtFunction(functions[text])
    labelled = _actors_with(setup, text)
    if len(labelled) == 1:
        return AtLabel(*labelled[0])
    if labelled:
        which = " or ".join(f"{actor_name(actor)}:{text}" for actor, _ in labelled)
        raise RefusedError(f"{quote(text)}, a label of several programs", which, Column(1))
    known = (*BY_NAME, *functions, *(label for label in location_names(setup) if ":" in label))
    raise RefusedError(quote(text), _FORMS, Column(1), way=suggestion(known, text))


def _functions(setup: Setup) -> dict[str, int]:
    return {function.name: index for index, function in enumerate(setup.policy.functions)}


def _actors_with(setup: Setup, label: str) -> list[tuple[Actor, int]]:
    names = QueryNames(setup)
    found = []
    for actor in names.actors.values():
        program = setup.vmm if actor < 0 else setup.programs[actor]
        labels = {} if program is None else dict(program.labels)
        if label in labels:
            found.append((actor, labels[label]))
    return found
