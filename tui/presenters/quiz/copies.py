"""Questions on cached copies that come and go: by speculation, by eviction, by maintenance."""

from __future__ import annotations

from collections.abc import Iterator

from engine.machine.effects import Evicted, Filled, LineFlushed, Maintained
from engine.memory.line import Line
from engine.timeline import Timeline
from engine.transition import Step
from tui.presenters.quiz.question import PossibleQuestion, asked
from tui.presenters.steps.programs import executed
from tui.presenters.steps.sentence import sentence
from tui.presenters.words import line_values, line_words, pcpus, walk_name


def fill_questions(timeline: Timeline, number: int) -> Iterator[PossibleQuestion]:
    """Yield what a speculative fill, which is step `number`, leaves in the cache."""
    step = timeline.steps[number - 1]
    for effect in step.effects:
        if not isinstance(effect, Filled) or not effect.speculative:
            continue
        layout = step.after.setup.layout
        line = line_words(layout, effect.line)
        values = line_values(layout, effect.line, step.before.lines[effect.line].ram)
        clean = f"A clean copy of what RAM has: {values}."
        dirty = f"A dirty copy, {values}, which is written back when it leaves."
        empty = "The line without data, which the first load fetches from RAM."
        question = asked(
            number - 1,
            number,
            f"The hardware moves next, and nobody asked it to: pcpu{effect.pcpu} speculatively "
            f"allocates {line}. What is in its cache then?",
            (clean, dirty, empty),
            clean,
            f"{sentence(step)} Any line may be fetched at any time, since the host maps guest "
            "RAM cacheable.",
        )
        yield PossibleQuestion(question, ("fill",))


def departure_questions(timeline: Timeline, number: int) -> Iterator[PossibleQuestion]:
    """Yield what becomes of a cached copy that step `number` evicts or maintains."""
    step = timeline.steps[number - 1]
    for effect in step.effects:
        if not isinstance(effect, Evicted | LineFlushed | Maintained):
            continue
        before, after = step.before.lines[effect.line], step.after.lines[effect.line]
        if before.cached is None:
            continue
        written = before.dirty and after.ram == before.cached
        question = asked(
            number - 1,
            number,
            f"{_what(step, effect)}; the cached copy is {_state(step, effect.line, before)}. "
            "What becomes of it?",
            (_outcome(step, effect.line, before, *each) for each in _OUTCOMES),
            _outcome(step, effect.line, before, written, after.cached is not None),
            sentence(step),
        )
        kept = after.cached is not None
        yield PossibleQuestion(question, (type(effect).__name__, str(written), str(kept)))


_OUTCOMES = ((True, False), (False, False), (True, True), (False, True))


def _outcome(step: Step, index: int, before: Line, written: bool, kept: bool) -> str:
    layout = step.before.setup.layout
    assert before.cached is not None
    ram = line_values(layout, index, before.cached if written else before.ram)
    if written:
        does = "It is written back, and kept" if kept else "It is written back and dropped"
        return f"{does}: RAM has {ram} after that."
    does = "It stays in a cache" if kept else "It is dropped as it is"
    return f"{does}: RAM keeps {ram}."


def _state(step: Step, index: int, line: Line) -> str:
    assert line.cached is not None
    values = line_values(step.before.setup.layout, index, line.cached)
    return f"{values}, {'dirty' if line.dirty else 'clean'}, on {pcpus(line.pcpus)}"


def _what(step: Step, effect: Evicted | LineFlushed | Maintained) -> str:
    line = line_words(step.before.setup.layout, effect.line)
    match effect:
        case Evicted(pcpu=None):
            return f"The hardware moves next: {line} leaves every cache"
        case Evicted(pcpu=pcpu):
            return f"The hardware moves next: {line} leaves the cache of pcpu{pcpu}"
        case LineFlushed(purpose=purpose):
            return f"{walk_name(purpose)} comes to {line} next"
        case Maintained(actor=actor):
            return f"{executed(step.before, actor)} next, on {line}"
