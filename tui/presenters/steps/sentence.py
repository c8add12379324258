"""One sentence of plain English for what a step did, and a brief form where room is short."""

from __future__ import annotations

from engine.machine.effects import FlushSkipped
from engine.transition import Step
from tui.presenters.cells import wrapped
from tui.presenters.steps.programs import without_effects
from tui.presenters.steps.told import accounts


def sentence(step: Step, *, brief: bool = False) -> str:
    """Return what a step did, in Arm's and KVM's words and with the values that matter.

    The brief form leaves out what else is on the screen, never what the step is about.
    """
    # What was skipped is told after what was done.
    told = sorted(accounts(step), key=lambda one: isinstance(one.effect, FlushSkipped))
    clauses = [clause for one in told if (clause := one.clause(brief=brief))]
    text = _joined(clauses) or without_effects(step)
    return f"{_capitalised(text)}."


def sentence_lines(step: Step, width: int, most: int) -> tuple[str, ...]:
    """Return the sentence on `most` lines at most: brief where else it would not fit."""
    lines = wrapped(sentence(step), width)
    return lines if len(lines) <= most else wrapped(sentence(step, brief=True), width, most)


def _joined(clauses: list[str]) -> str:
    """Join clauses; what follows bare code explains it."""
    if len(clauses) > 1 and clauses[0].endswith("`"):
        return f"{clauses[0]}: {'; '.join(clauses[1:])}"
    return "; ".join(clauses)


def _capitalised(text: str) -> str:
    # Names such as vcpu0 and code keep their case at the start of a sentence.
    return "T" + text[1:] if text.startswith("the ") else text
