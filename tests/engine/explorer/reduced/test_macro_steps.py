from __future__ import annotations

from typing import TypeAlias

import pytest

from engine.explorer.canonical import canonical_machine
from engine.explorer.exhaustive.search import exhaustive_search
from engine.explorer.learning.moves import ProgramPoint, Statement
from engine.explorer.limits import Limits
from engine.explorer.reduced.search import reduced_search
from engine.judge import Ghost
from engine.machine.actors import VMM, Actor
from engine.machine.effects import ConditionValue, decisions_of
from engine.machine.events import event_actor
from engine.machine.state import Machine, Power
from engine.policy.frame import CFrame
from engine.policy.operations import Operation, Return, targets
from engine.transition import take
from tests.engine.build import machine
from tests.engine.explorer.generate import random_machine
from tests.engine.explorer.plain import possible_events
from tests.engine.explorer.policies import all_policies

Reach: TypeAlias = tuple[frozenset[ProgramPoint], frozenset[Statement], frozenset[ConditionValue]]


def naive_reach(start: Machine, most: int) -> Reach | None:
    """Return what runs come to, and what they decide; None beyond `most` states."""
    states = {canonical_machine(start): None}
    returns: dict[Statement, None] = {}
    decisions: dict[ConditionValue, None] = {}
    due = [start]
    for before in due:  # grows as it goes
        for event in possible_events(before):
            step = take(before, event)
            after = canonical_machine(step.after)
            decisions |= dict.fromkeys(decisions_of(step.effects))
            actor = event_actor(event)
            if actor is not None:
                returns |= dict.fromkeys(returns_in(before, after, actor))
            if after not in states:
                states[after] = None
                due.append(after)
        if len(due) > most:
            return None
    places = frozenset(place for state in states for place in places_in(state))
    steps = (statement for state in states for statement in statements_in(state))
    return places, frozenset((*steps, *returns)), frozenset(decisions)


def statements_in(state: Machine) -> list[Statement]:
    stacks = [vcpu.stack for vcpu in state.vcpus] + [state.vmm.stack]
    frames = [stack[-1] for stack in stacks if stack]
    return [(frame.function, frame.pc) for frame in frames if isinstance(frame, CFrame)]


def returns_in(before: Machine, after: Machine, actor: Actor) -> list[Statement]:
    """Return the returns that an actor's event takes together with what leads to them."""
    stack = before.stack(actor)
    if not stack or not isinstance(stack[-1], CFrame):
        return []
    functions = before.setup.policy.functions
    return [
        (frame.function, at)
        for frame in stack[len(after.stack(actor)) :]
        if isinstance(frame, CFrame)
        for at in targets(functions[frame.function].operations[frame.pc])
        if _is_free_return(functions[frame.function].operations[at])
    ]


def _is_free_return(step: Operation) -> bool:
    return isinstance(step, Return) and step.free


def places_in(state: Machine) -> list[ProgramPoint]:
    places = [
        (index, vcpu.core.pc) for index, vcpu in enumerate(state.vcpus) if vcpu.power is Power.ON
    ]
    return places if state.setup.vmm is None else [*places, (VMM, state.vmm.core.pc)]


@pytest.mark.parametrize("block", range(4))
def test_searches_know_all_that_some_run_comes_to_and_decides(block: int) -> None:
    compared = 0
    for seed in range(10_000 + block * 40, 10_040 + block * 40):
        built = random_machine(seed, all_policies(), straying=0.1)
        reach = naive_reach(built, 600)
        if reach is not None:
            ghost = Ghost.initial(built)
            reduced = reduced_search(built, ghost, Limits())
            assert (reduced.places, reduced.statements, reduced.decisions) == reach, seed
            assert exhaustive_search(built, ghost, Limits()).places == reach[0], seed
            compared += 1
    assert compared > 15


@pytest.mark.parametrize("block", range(2))
def test_of_guests_that_choose_searches_know_what_some_run_comes_to(block: int) -> None:
    compared = 0
    for seed in range(12_000 + block * 40, 12_040 + block * 40):
        built = random_machine(seed, all_policies(), straying=0.1, choosing=0.4)
        reach = naive_reach(built, 600)
        if reach is not None:
            reduced = reduced_search(built, Ghost.initial(built), Limits())
            assert (reduced.places, reduced.statements, reduced.decisions) == reach, seed
            compared += 1
    assert compared > 15


def test_a_choice_needs_no_interleaving() -> None:
    # Both vCPUs go round a choice for ever, and have come from one of three places.
    choosing = "loop: choose load, store\nload: ldr x4, [x1]\nb loop\nstore: str x0, [x1]\nb loop"
    built = machine(choosing, choosing)
    reduced = reduced_search(built, Ghost.initial(built), Limits(), flushes_only=True)
    assert reduced.states < 16


def test_no_run_comes_to_an_instruction_that_is_jumped_over() -> None:
    built = machine("b over\nnop\nover: nop", "nop")
    for search in (reduced_search, exhaustive_search):
        places = search(built, Ghost.initial(built), Limits()).places
        assert places == {(0, 0), (0, 2), (0, 3), (1, 0), (1, 1)}
