"""Questions on what a vCPU sees: which value, and is it stale?"""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagnosis import is_stale_for
from engine.findings import Finding
from engine.machine.access import access_type, seen
from engine.machine.actors import Actor
from engine.machine.effects import ReturnedToGuest, Stored
from engine.machine.state import RegisterWrite
from engine.timeline import Timeline
from engine.transition import Step
from tui.presenters.quiz.question import PossibleQuestion, asked
from tui.presenters.steps.labels import label, mover
from tui.presenters.verdict import cause_words
from tui.presenters.words import number as shown_number
from tui.presenters.words import who


def sight_questions(timeline: Timeline, number: int) -> Iterator[PossibleQuestion]:
    """Yield what a vCPU sees after step `number`, if that is an exact step or a trap's end."""
    step = timeline.steps[number - 1]
    found = next((one for one in timeline.findings if one.exact == number), None)
    if found is not None:
        assert found.actor is not None
        assert found.word is not None
        yield _question(timeline, number, found.actor, found.word, _because(timeline, found))
        return
    for effect in step.effects:
        if isinstance(effect, ReturnedToGuest) and _wrote_register(step, effect.vcpu):
            word = _word(timeline, number)
            if word is not None:
                yield _question(timeline, number, effect.vcpu, word, "")


def _question(
    timeline: Timeline, number: int, actor: Actor, word: int, because: str
) -> PossibleQuestion:
    step, ghost = timeline.steps[number - 1], timeline.ghosts[number]
    machine = step.after
    name = machine.setup.layout.words[word].name
    version, entitled = seen(machine, actor, word), ghost.entitled[actor][word]
    stale = is_stale_for(machine, ghost, actor, word) is not None
    due = _value(timeline, number, word, entitled)
    other = next(
        (value for value in _values(timeline, number, word) if value != version.value), due
    )
    text = (
        f"Next moves {mover(step)}: {label(step).strip()}. What would a load of {name} by "
        f"{who(actor)} return after that?"
    )
    why = (
        f"The accesses of {who(actor)} are {access_type(machine, actor).value} then, so it sees "
        f"{name} = {shown_number(version.value)} (v{version.number}), and may rely on "
        f"{shown_number(due)} (v{entitled}) or newer.{because}"
    )
    choices = (
        _seen(value, is_stale)
        for value in sorted({version.value, other})
        for is_stale in (False, True)
    )
    right = _seen(version.value, stale)
    question = asked(number - 1, number, text, choices, right, why)
    return PossibleQuestion(question, ("sight", str(stale)))


def _seen(value: int, stale: bool) -> str:
    verdict = "STALE for it" if stale else "as new as it may expect"
    return f"{shown_number(value)}, which is {verdict}."


def _because(timeline: Timeline, found: Finding) -> str:
    if found.cause is None:
        return " This is the exact step."
    cause = cause_words(timeline.steps[found.cause - 1])
    return f" This is the exact step; the cause is step {found.cause} ({cause})."


def _wrote_register(step: Step, vcpu: int) -> bool:
    return isinstance(step.before.vcpus[vcpu].stack[0], RegisterWrite)


def _word(timeline: Timeline, number: int) -> int | None:
    """Return a word that was written by step `number`, one whose copies differ if there is any."""
    machine = timeline.steps[number - 1].after
    layout = machine.setup.layout
    written = [
        word
        for word in range(len(layout.words))
        if machine.lines[layout.line_of[word]].newest[layout.slot_of[word]]
    ]

    def agree(word: int) -> bool:
        line, slot = machine.lines[layout.line_of[word]], layout.slot_of[word]
        return line.cached is None or line.cached[slot] == line.ram[slot]

    return min(written, key=agree, default=None)


def _values(timeline: Timeline, number: int, word: int) -> Iterator[int]:
    """Yield the values that a word has had, the newest first."""
    for step in reversed(timeline.steps[:number]):
        for effect in step.effects:
            if isinstance(effect, Stored) and effect.word == word:
                yield effect.version.value
    yield timeline.initial.setup.layout.words[word].initial


def _value(timeline: Timeline, number: int, word: int, version: int) -> int:
    """Return the value of a version of a word; those from before the run have the first one's."""
    for step in timeline.steps[:number]:
        for effect in step.effects:
            if (
                isinstance(effect, Stored)
                and effect.word == word
                and effect.version.number == version
            ):
                return effect.version.value
    layout = timeline.initial.setup.layout
    line, slot = timeline.initial.lines[layout.line_of[word]], layout.slot_of[word]
    copies = [copy for copy in (line.ram, line.cached) if copy is not None]
    return next(copy[slot].value for copy in copies if copy[slot].number == version)
