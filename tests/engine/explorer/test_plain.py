from __future__ import annotations

from engine.explorer.limits import Limits, Reason
from engine.explorer.plain import faults, loses, plain_search
from engine.findings import Kind
from engine.judge import Ghost, observe
from engine.machine.state import Machine
from engine.stuck import stuck_vcpu
from engine.transition import enabled, take
from tests.engine.explorer.generate import random_machine
from tests.engine.explorer.policies import all_policies


def lengths_without_canonical_states(machine: Machine, most: int) -> dict[Kind, int] | None:
    """Search with every pCPU's events and whole states; None beyond `most` of them."""
    level = {(machine, Ghost.initial(machine)): None}
    seen = dict(level)
    found: dict[Kind, int] = {}
    length = 0
    while level:
        length += 1
        reached: dict[tuple[Machine, Ghost], None] = {}
        for before, ghost in level:
            for event in enabled(before):
                step = take(before, event)
                after, stale = observe(ghost, step.effects)
                if stale:
                    found.setdefault(Kind.STALE, length)
                if loses(step):
                    found.setdefault(Kind.LOST, length)
                if faults(step):
                    found.setdefault(Kind.FAULT, length)
                if (step.after, after) not in seen:
                    seen[step.after, after] = reached[step.after, after] = None
                    if stuck_vcpu(step.after) is not None and stuck_vcpu(before) is None:
                        found.setdefault(Kind.STUCK, length)
        if len(seen) > most:
            return None
        level = reached
    return found


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
    assert search.reason is Reason.STATES
