"""Questions on loads and stores: which copy, which value."""

from __future__ import annotations

from collections.abc import Iterator

from engine.findings import Kind
from engine.machine.effects import Copy, Loaded, Stored
from engine.memory.line import Line
from engine.timeline import Timeline
from tui.presenters.quiz.question import PossibleQuestion, asked
from tui.presenters.steps.programs import executed
from tui.presenters.steps.sentence import sentence
from tui.presenters.verdict import describe
from tui.presenters.words import number as shown_number


def load_questions(timeline: Timeline, number: int) -> Iterator[PossibleQuestion]:
    """Yield what a load, which is step `number`, returns, and from where."""
    step = timeline.steps[number - 1]
    for effect in step.effects:
        if not isinstance(effect, Loaded):
            continue
        line, slot = _line_before(timeline, number, effect.word)
        name = timeline.initial.setup.layout.words[effect.word].name
        pcpu = step.before.pcpu(effect.actor)
        hit, around = "from the cached copy", "from RAM, past the caches"
        fill = f"from RAM, which brings the line into the cache of pcpu{pcpu}"
        values = sorted({copy[slot].value for copy in (line.ram, line.cached) if copy is not None})
        places = (hit, around, fill) if len(values) == 1 else (hit, around)
        match effect.source:
            case Copy.CACHE:
                where = hit
            case Copy.RAM:
                where = fill if effect.memory_type.cacheable else around
        question = asked(
            number - 1,
            number,
            f"{executed(step.before, effect.actor)} next, a load of {name}. What does it get?",
            (f"{shown_number(value)}, {place}" for value in values for place in places),
            f"{shown_number(effect.version.value)}, {where}",
            f"{sentence(step)}{_stale(timeline, number)}",
        )
        yield PossibleQuestion(
            question, ("load", where.split()[1], str(_is_stale(timeline, number)))
        )


def store_questions(timeline: Timeline, number: int) -> Iterator[PossibleQuestion]:
    """Yield where a store, which is step `number`, leaves its value."""
    step = timeline.steps[number - 1]
    for effect in step.effects:
        if not isinstance(effect, Stored):
            continue
        line, slot = _line_before(timeline, number, effect.word)
        layout = step.after.setup.layout
        after = step.after.lines[layout.line_of[effect.word]]
        name, value = layout.words[effect.word].name, shown_number(effect.version.value)
        ram_only = "In RAM alone" + (
            "; no cache has the line."
            if line.cached is None
            else f": the cached copy keeps {name} = {shown_number(line.cached[slot].value)}."
        )
        cache_only = f"In a cache alone: RAM keeps {name} = {shown_number(line.ram[slot].value)}."
        both = "In RAM and in a cache, which agree."
        dropped = "In RAM, and the cached copy is dropped."
        right = _left(effect, after, slot, ram_only, cache_only, both)
        question = asked(
            number - 1,
            number,
            f"{executed(step.before, effect.actor)} next, and stores {value} to {name}. "
            f"Where is the {value} after that?",
            (ram_only, cache_only, both, *(() if line.cached is None else (dropped,))),
            right,
            sentence(step),
        )
        topic = ("store", right.split(maxsplit=3)[2], str(line.cached is None))
        yield PossibleQuestion(question, topic)


def _left(effect: Stored, after: Line, slot: int, ram_only: str, cache_only: str, both: str) -> str:
    match effect.target:
        case Copy.CACHE:
            return cache_only
        case Copy.RAM:
            copied = after.cached is not None and after.cached[slot] == effect.version
            return both if copied else ram_only


def _line_before(timeline: Timeline, number: int, word: int) -> tuple[Line, int]:
    layout = timeline.initial.setup.layout
    return timeline.steps[number - 1].before.lines[layout.line_of[word]], layout.slot_of[word]


def _is_stale(timeline: Timeline, number: int) -> bool:
    return any(one.kind is Kind.STALE and one.step == number for one in timeline.findings)


def _stale(timeline: Timeline, number: int) -> str:
    for finding in timeline.findings:
        if finding.kind is Kind.STALE and finding.step == number:
            return f" {describe(timeline, finding)}."
    return ""
