"""The answer for every guest, in a sentence, as a row of a check, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final

import attrs

from engine.findings import Verdict
from engine.policy.policy import Policy
from scenarios.case import Words
from scenarios.checking import Result, ShortestFound
from scenarios.every_guest import EveryGuest, SearchedGuest
from scenarios.hardware import OWN_HARDWARE, HardwareChoice
from tui.presenters.reports.checked import Checked, described, opening, why
from tui.presenters.reports.findings_json import Json, findings
from tui.presenters.reports.plain import paragraph, table
from tui.presenters.reports.unreached import Missed, missed
from tui.presenters.words import counted

FOOTNOTE: Final = (
    "every guest: one that keeps the contract, as the general guests do, on up to 3 vCPUs, with "
    "any number of lines; a policy that treats vcpu3 and later otherwise is not covered."
)
_SUBJECT: Final = "every guest"
_HEADER: Final = ("policy", "every guest", "vCPUs", "states", "shortest on")


@attrs.frozen(eq=False, slots=False)
class Answered:
    """What the general guests say of a policy, with the words by which the user asked for it."""

    policy_spec: str
    policy: Policy
    options: Words
    """What else the user said, to be said again in a command."""
    answer: EveryGuest
    given: HardwareChoice = OWN_HARDWARE
    """The hardware that the user chose."""

    @property
    def verdict(self) -> Verdict:
        """The verdict: safe only if the general guests show all of the policy that may decide."""
        verdict = self.answer.verdict
        is_open = verdict is Verdict.SAFE and self.missed.may_decide
        return Verdict.UNDETERMINED if is_open else verdict

    @cached_property
    def missed(self) -> Missed:
        """What of the policy's own code no general guest shows."""
        outcomes = [each.outcome for each in self.answer.searched]
        return missed(self.policy, outcomes, self.given)

    @property
    def shortest(self) -> tuple[Checked, ShortestFound] | None:
        """The shortest counterexample, with what opens it."""
        shortest = self.answer.shortest
        return None if shortest is None else (self.checked(shortest[0]), shortest[1])

    def checked(self, searched: SearchedGuest) -> Checked:
        """Return a guest that was searched, as one that is opened under the policy."""
        words, limit = self.options, ("--max-states", str(searched.cell.limits.max_states))
        if searched.outcome.reason is not None and limit not in words:
            words = (*words, limit)
        result = Result(searched.outcome, None)
        hardware = searched.cell.hardware
        return Checked(searched.name, self.policy_spec, hardware, words, searched.cell, result)

    @property
    def left_open(self) -> str:
        """Why the answer is undetermined; of one that is unsafe, why a shorter run may be."""
        early, missed = self.answer.ended_early, self.missed
        if early is not None:
            return f"on {early.name}, {why(self.checked(early))}"
        if any(each.outcome.gap is not None for each in self.answer.searched):
            return "not all was judged"
        if missed.runs_nothing:
            return "no general guest runs any of it"
        if missed.leaves_out:
            return "the general guests do not run all of it"
        if missed.may_decide:
            return "on the general guests some of its conditions only ever come to the same"
        return ""


def told_answer(answered: Answered) -> str:
    """Return the answer in a sentence."""
    answer, left_open = answered.answer, answered.left_open
    match answered.verdict:
        case Verdict.SAFE:
            states = counted(answer.states, "state")
            return f"{_SUBJECT}: safe (general guests, up to {answer.vcpus} vCPUs; {states})"
        case Verdict.UNSAFE if answered.shortest is not None:
            checked, found = answered.shortest
            steps = counted(found.step, "step")
            length = f"in {steps}" if answer.ended_early else f"shortest {steps}"
            more = f"; shorter runs are possible: {left_open}" if answer.ended_early else ""
            where = f"on {checked.scenario_spec}"
            return f"{_SUBJECT}: unsafe, {length}, {where}: {described(found)}{more}"
        case Verdict.UNSAFE | Verdict.UNDETERMINED:
            return f"{_SUBJECT}: undetermined: {left_open or 'no general guest was searched'}"


def answer_lines(answered: Answered, width: int, indent: str) -> Iterator[str]:
    """Yield the answer, and the command that opens the shortest counterexample."""
    yield from paragraph(told_answer(answered), width, indent, f"{indent}  ")
    if answered.shortest is not None:
        yield from opening(*answered.shortest, width, f"{indent}  ")


def answer_table(answers: Sequence[Answered], width: int) -> Iterator[str]:
    """Yield a row a policy, and below it why an answer is open and what opens a counterexample."""
    yield from table([_HEADER, *map(_row, answers)], left=2)
    for answered in answers:
        if answered.verdict is Verdict.UNDETERMINED or answered.answer.ended_early:
            told = f"{answered.policy_spec}: {answered.left_open}"
            yield from paragraph(told, width, "  ", "    ")
        if answered.shortest is not None:
            checked, found = answered.shortest
            told = f"{answered.policy_spec}: {described(found)}, on {checked.scenario_spec}"
            yield from paragraph(told, width, "  ", "    ")
            yield from opening(checked, found, width, "    ")
    yield from paragraph(FOOTNOTE, width)


def _row(answered: Answered) -> tuple[str, ...]:
    answer, shortest = answered.answer, answered.shortest
    told = "" if shortest is None else f": {shortest[1].kind.value} {shortest[1].step}"
    where = "" if shortest is None else shortest[0].scenario_spec
    verdict = f"{answered.verdict.value}{told}"
    return answered.policy_spec, verdict, str(answer.vcpus), str(answer.states), where


def answer_as_json(answered: Answered) -> Json:
    """Return the answer as JSON; its names are fixed."""
    answer, shortest = answered.answer, answered.shortest
    return {
        "verdict": answered.verdict.value,
        "reason": answered.left_open or None,
        "guests": list(answer.guests),
        "vcpus": answer.vcpus,
        "states": answer.states,
        "shortest": None if shortest is None else shortest[1].step,
        "guest": None if shortest is None else shortest[0].scenario_spec,
        "findings": [] if shortest is None else findings(shortest[0]),
    }
