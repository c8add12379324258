from __future__ import annotations

from engine.explorer.limits import LimitReason, Limits
from engine.findings import Kind
from engine.judge import Ghost, observe
from engine.machine.state import Machine
from engine.transition import enabled, take
from tests.engine.explorer.generate import random_machine
from tests.engine.explorer.plain import faults, loses, plain_search
from tests.engine.explorer.policies import all_policies


def lengths_without_canonical_states(machine: Machine, most: int) -> dict[Kind, int] | None:
    """Search with every pCPU's events and whole states; None beyond `most` of them."""
    levels = [{(machine, Ghost.initial(machine)): None}]
    seen = dict(levels[0])
    after: dict[Machine, set[Machine]] = {}
    found: dict[Kind, int] = {}
    while levels[-1]:
        reached: dict[tuple[Machine, Ghost], None] = {}
        for before, ghost in levels[-1]:
            after.setdefault(before, set())
            for event in enabled(before):
                step = take(before, event)
                told, stale = observe(ghost, step.effects)
                after[before].add(step.after)
                if stale:
                    found.setdefault(Kind.STALE, len(levels))
                if loses(step):
                    found.setdefault(Kind.LOST, len(levels))
                if faults(step):
                    found.setdefault(Kind.FAULT, len(levels))
                if (step.after, told) not in seen:
                    seen[step.after, told] = reached[step.after, told] = None
        if len(seen) > most:
            return None
        levels.append(reached)
    stuck = machines_in_which_somebody_is_stuck(after)
    if machine not in stuck:
        lengths = (
            length for length, level in enumerate(levels) if any(each in stuck for each, _ in level)
        )
        first = next(lengths, None)
        if first is not None:
            found[Kind.STUCK] = first
    return found


def machines_in_which_somebody_is_stuck(after: dict[Machine, set[Machine]]) -> set[Machine]:
    """Return the machines with a vCPU in KVM that lead to none in which it is in its guest."""
    stuck: set[Machine] = set()
    for index in range(len(next(iter(after)).vcpus)):
        coming_out = {each for each in after if not each.vcpus[index].stack}
        while True:
            more = {each for each in after if each not in coming_out and after[each] & coming_out}
            if not more:
                break
            coming_out |= more
        stuck |= after.keys() - coming_out
    return stuck


def test_canonical_states_find_what_whole_states_find() -> None:
    compared = 0
    for seed in range(7000, 7090):
        machine = random_machine(seed, all_policies())
        whole = lengths_without_canonical_states(machine, 250)
        if whole is not None:
            search = plain_search(machine, Ghost.initial(machine), Limits())
            lengths = {each.finding.kind: len(each.events) for each in search.counterexamples}
            assert lengths == whole, seed
            compared += 1
    assert compared > 40


def test_more_states_than_allowed_end_it_undecided() -> None:
    machine = random_machine(1, all_policies())
    search = plain_search(machine, Ghost.initial(machine), Limits(max_states=2))
    assert search.reason is LimitReason.STATES
