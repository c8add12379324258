from __future__ import annotations

from engine.explorer.canonical import canonical_machine
from engine.explorer.learning.moves import Disabled, Move, Moves
from engine.machine.state import Machine
from engine.transition import enabled, take
from tests.engine.explorer.generate import random_machine
from tests.engine.explorer.policies import all_policies


def states(seed: int, most: int) -> list[Machine]:
    """Return the canonical states of a run that takes this and that."""
    machine = random_machine(seed, all_policies(), straying=0.1)
    met = [canonical_machine(machine)]
    while len(met) < most and (events := enabled(machine)):
        machine = take(machine, events[seed * len(met) % len(events)]).after
        met.append(canonical_machine(machine))
    return met


def test_a_move_leads_where_the_transition_function_does() -> None:
    moved = 0
    for seed in range(20):
        met = states(seed, 30)
        moves = Moves(met[0])
        for before in met:
            numbers = moves.numbers(before)
            for mover in moves.movers:
                event, outcome = moves.event(before, mover), moves.outcome(mover, numbers)
                if event is None:
                    assert isinstance(outcome, Disabled)
                    continue
                assert isinstance(outcome, Move)
                after = list(numbers)
                for field, old, new in outcome.writes:
                    assert numbers[field] == old
                    after[field] = new
                assert after == moves.numbers(canonical_machine(take(before, event).after))
                moved += 1
    assert moved > 1000


def test_what_was_learned_is_found_wherever_what_was_read_is_the_same() -> None:
    found = 0
    for seed in range(10):
        met = states(seed, 30)
        moves = Moves(met[0])
        for mover in moves.movers:
            learned: dict[tuple[tuple[int, int], ...], Move | Disabled] = {}
            for state in met:
                numbers = moves.numbers(state)
                outcome = moves.outcome(mover, numbers)
                assert all(numbers[field] == number for field, number in outcome.reads)
                found += outcome.reads in learned
                assert learned.setdefault(outcome.reads, outcome) is outcome
    assert found > 500
