"""Exploration: what holds of every run from a state, and what the policy costs."""

from __future__ import annotations

from collections.abc import Collection

import attrs

from engine.explorer.cost import Cost, cost
from engine.explorer.counterexample import Counterexample
from engine.explorer.exhaustive.search import ExhaustiveSearch, exhaustive_search
from engine.explorer.learning.moves import ProgramPoint, Statement
from engine.explorer.limits import LimitReason, Limits, Progress
from engine.explorer.reduced.search import ReducedSearch, reduced_search
from engine.findings import Verdict
from engine.judge import Ghost
from engine.machine.actors import VMM, Actor
from engine.machine.effects import ConditionValue
from engine.machine.state import Machine


@attrs.frozen
class Exploration:
    """What is known of all runs from a state."""

    verdict: Verdict
    reason: LimitReason | None
    """Why the search ended early, None where it did not. What was found by then is found."""
    counterexamples: tuple[Counterexample, ...]
    """One of each kind of finding, in the order of `Kind`: a shortest one, unless the search
    ended early."""
    states: int
    transitions: int
    cost: Cost | None
    """None where no run is ever complete, or the search ended before it was known."""
    unreached: tuple[tuple[Actor, str], ...] | None
    """The labels of programs that no run comes to, with whose they are; None where not known.

    Of a vCPU that is never on, those are all; a label at a program's end counts like any other.
    """
    statements: frozenset[Statement] | None
    """The steps of the policy that KVM comes to in any run; None where not known."""
    decisions: frozenset[ConditionValue] | None
    """What its conditions come to in any run; None where not known."""


def explore(
    machine: Machine,
    ghost: Ghost | None = None,
    *,
    limits: Limits | None = None,
    exhaustive: bool = False,
    progress: Progress | None = None,
) -> Exploration:
    """Decide every run from a state: the start of a run unless a ghost says what came before.

    `exhaustive` visits every state of the plain search instead of as few as decide. `progress` is
    called now and then and cancels the search by returning False. Same input, same answer.
    """
    limits = Limits() if limits is None else limits
    ghost = Ghost.initial(machine) if ghost is None else ghost
    if exhaustive:
        search: ExhaustiveSearch | ReducedSearch = exhaustive_search(
            machine, ghost, limits, progress
        )
        course = (
            None
            if search.reason is not None
            else reduced_search(machine, ghost, limits, progress, flushes_only=True)
        )
    else:
        search = course = reduced_search(machine, ghost, limits, progress)
    flushes = None if course is None else course.flushes
    if search.counterexamples:
        verdict = Verdict.UNSAFE
    else:
        verdict = Verdict.SAFE if search.reason is None else Verdict.UNDETERMINED
    return Exploration(
        verdict,
        search.reason,
        search.counterexamples,
        search.states,
        search.transitions,
        None if flushes is None else cost(flushes),
        None if search.places is None else _unreached(machine, search.places),
        None if course is None else course.statements,
        None if course is None else course.decisions,
    )


def _unreached(machine: Machine, places: Collection[ProgramPoint]) -> tuple[tuple[Actor, str], ...]:
    guests, vmm = enumerate(machine.setup.programs), machine.setup.vmm
    programs = [*guests, *(() if vmm is None else ((VMM, vmm),))]
    return tuple(
        (actor, label)
        for actor, program in programs
        for label, pc in program.labels
        if (actor, pc) not in places
    )
