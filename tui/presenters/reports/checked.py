"""A cell that was checked: what was asked for, in the user's words, and the answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs

from engine.explorer.cost import Span
from engine.explorer.limits import LimitReason
from engine.findings import Kind, Verdict
from scenarios.case import Words, hardware_options
from scenarios.checking import CheckedCell, Result, ShortestFound
from scenarios.hardware import HardwareChoice
from scenarios.names import PROGRAM
from scenarios.policy_library import UPSTREAM
from scenarios.public_names import public_options, public_policy, public_scenario
from scenarios.scenario import Expectation
from tui.presenters.reports.plain import command
from tui.presenters.words import listed

_MOST_LABELS: Final = 4


@attrs.frozen(eq=False)
class Checked:
    """A cell and its result, with the words by which the user asked for them."""

    scenario_spec: str
    policy_spec: str
    variant: HardwareChoice
    """The hardware that was chosen because the policy asks about it."""
    options: Words
    """What else the user said, to be said again in a command."""
    cell: CheckedCell
    result: Result
    expectation: Expectation | None = None
    """What the scenario expects, where it speaks of this policy on this hardware."""
    runs_nothing: bool = False
    """No run that was checked of any scenario comes to the policy's own code."""

    @property
    def met(self) -> bool | None:
        """Whether what the scenario expects is so; None where that is open, or nothing is.

        A policy of which nothing is run is not found to be safe.
        """
        outcome = self.result.outcome
        if self.expectation is None or (self.expectation.safe and self.runs_nothing):
            return None
        kinds = (each.kind for each in outcome.findings)
        return self.expectation.met(kinds, complete=outcome.complete)

    @property
    def public(self) -> Checked:
        """The same, with files named as the readers of a mail have them."""
        return attrs.evolve(
            self,
            scenario_spec=public_scenario(self.scenario_spec),
            policy_spec=public_policy(self.policy_spec),
            options=public_options(self.options),
        )

    @property
    def policy(self) -> str:
        """The policy's name in a report: with the hardware, where it is judged on several."""
        words = (word for option in hardware_options(self.variant) for word in option)
        return " ".join((self.policy_spec, *words))


def opening(checked: Checked, found: ShortestFound, width: int, indent: str) -> Iterator[str]:
    """Yield the lines of the command that opens a counterexample where it must be looked at."""
    yield from command(opening_words(checked, found), width, indent)


def opening_words(checked: Checked, found: ShortestFound) -> Words:
    """Return that command, in groups of words."""
    at = found.step if found.exact is None else found.exact
    return (
        (PROGRAM, "scenario", checked.scenario_spec),
        ("--policy", checked.policy_spec),
        *checked.options,
        *hardware_options(checked.cell.hardware),
        ("--counterexample", found.kind.value),
        ("--at", str(at)),
    )


def described(found: ShortestFound) -> str:
    """Return a finding and the steps to look at."""
    match found.kind:
        case Kind.STALE:
            text = f"{found.actor} loads a stale {found.word} at step {found.step}"
        case Kind.LOST:
            text = f"{found.word} is lost at step {found.step}"
        case Kind.STUCK:
            text = f"{found.actor} is stuck in KVM from step {found.step} on"
        case Kind.FAULT if found.address is None or found.failure is None:
            text = f"{found.actor} goes where it has no instruction at step {found.step}"
        case Kind.FAULT:
            what = found.failure.value
            text = f"{found.actor} accesses {found.address:#x}, {what}, at step {found.step}"
    places = (("exact step", found.exact), ("cause", found.cause))
    told = ", ".join(f"{name} {step}" for name, step in places if step is not None)
    return f"{text} ({told})" if told else text


def origin(checked: Checked, found: ShortestFound) -> str:
    """Return whether the policy introduces a finding."""
    match checked.result.introduced(found.kind):
        case True:
            return "introduced by the policy"
        case False:
            return "upstream's own" if checked.policy == UPSTREAM else "with upstream too"
        case None:
            return "perhaps with upstream too: that is undetermined"


def unjudged(checked: Checked) -> str:
    """Return that not all of a scenario is judged where its guest faults whatever the policy."""
    if not checked.result.faults_anyway:
        return ""
    return "the guest faults with upstream too: what would come after that is not judged"


def unreached(checked: Checked) -> str:
    """Return the labels of programs that no run of a safe cell comes to, empty where none is."""
    outcome = checked.result.outcome
    if outcome.verdict is not Verdict.SAFE or not outcome.unreached:
        return ""
    labels: dict[str, list[str]] = {}
    for actor, label in outcome.unreached:
        labels.setdefault(actor, []).append(label)
    told = (
        f"{listed(names[:_MOST_LABELS])} of {actor}"
        if len(names) <= _MOST_LABELS
        else f"{', '.join(names[:_MOST_LABELS])} and {len(names) - _MOST_LABELS} more of {actor}"
        for actor, names in labels.items()
    )
    return f"no run reaches {'; '.join(told)}"


def why(checked: Checked) -> str:
    """Return why a search ended early."""
    reason = checked.result.outcome.reason or ""
    if reason in (LimitReason.STATES.value, LimitReason.LOOP.value):
        return f"{reason} (--max-states {checked.cell.limits.max_states})"
    return reason


def uncosted(checked: Checked) -> str:
    """Return why the cost of a cell is not known though all of it was explored, else nothing."""
    outcome = checked.result.outcome
    if outcome.flushes is not None or outcome.reason is not None:
        return ""
    return "no run completes, somebody always goes on: there is no cost"


def span(value: Span | None) -> str:
    """Return the fewest and the most of something over complete runs."""
    if value is None:
        return "?"
    return f"{value.fewest}..{'unbounded' if value.most is None else value.most}"
