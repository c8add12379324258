"""Are the general guests enough? Random policies and random guests look for what they miss.

    python -m tests.scenarios.general.complete --seed 1 --policies 1000 [--guests 20]

A policy that is unsafe on some guest that keeps the contract, on which upstream is safe, must be
unsafe on a general guest. What the first general guest does not refute is tried on random guests,
and what breaks one of those on the other general guests. What none of them refutes is printed, and
the exit code is 1.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

from engine.explorer.limits import Limits
from engine.findings import Verdict
from engine.policy.policy import Policy
from scenarios.checking import CheckedCell, explore_cell
from scenarios.every_guest import general_guests
from scenarios.library import load_scenario
from scenarios.policy_library import UPSTREAM, load_policy
from scenarios.scenario import Scenario
from tests.scenarios.general.guests import random_guest, random_text
from tests.scenarios.general.policies import random_policy, random_source

FIRST = "general/own-words-2"
"""The general guest that refutes most of what is refuted at all."""

LADDER = (3_000, 30_000, 300_000, 3_000_000)
"""Limits on states, one after the other: what is unsafe is mostly found within few."""

RANDOM_LIMIT = 20_000


def verdict(policy: Policy, guest: Scenario, states: int) -> Verdict:
    """Return what a search of so many states says of a policy on a guest."""
    return explore_cell(CheckedCell(guest, policy, limits=Limits(states))).verdict


def broken(policy: Policy, guest: int) -> bool:
    """Say whether a policy is unsafe on the guest of a seed, and upstream safe."""
    found = verdict(policy, random_guest(guest), RANDOM_LIMIT)
    return found is Verdict.UNSAFE and upstream_on(guest) is Verdict.SAFE


@cache
def upstream_on(guest: int) -> Verdict:
    """Return upstream's verdict on the guest of a seed."""
    states = 10 * RANDOM_LIMIT
    return verdict(load_policy(UPSTREAM), random_guest(guest), states)


def in_order(guests: Iterable[Scenario]) -> tuple[Scenario, ...]:
    """Return general guests in the order in which they are asked, those of two vCPUs first."""
    return tuple(sorted(guests, key=lambda guest: (guest.name != FIRST, len(guest.vcpus))))


def refuting(policy: Policy, guests: Sequence[Scenario]) -> str | None:
    """Return the name of the first general guest found on which a policy is unsafe.

    The first is searched to its end before the others are begun.
    """
    open_ones = [guests[:1], guests[1:]]
    for some in open_ones:
        due = list(some)
        for states in LADDER:
            for guest in tuple(due):
                found = verdict(policy, guest, states)
                if found is Verdict.UNSAFE:
                    return guest.name
                if found is Verdict.SAFE:
                    due.remove(guest)
    return None


def _main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=0, help="the first policy's")
    parser.add_argument("--policies", type=int, default=100, help="how many")
    parser.add_argument("--guests", type=int, default=20, help="random guests a policy")
    parser.add_argument("--general", nargs="*", metavar="FILE", help="instead of the shipped ones")
    given = parser.parse_args()
    general = in_order(map(load_scenario, given.general) if given.general else general_guests())
    by, pairs, safe, missed = Counter[str](), 0, 0, 0
    for seed in range(given.seed, given.seed + given.policies):
        policy = random_policy(seed)
        name = refuting(policy, general[:1])
        if name is not None:
            by[name] += 1
            continue
        for guest in range(seed * given.guests, (seed + 1) * given.guests):
            pairs += 1
            if broken(policy, guest):
                name = refuting(policy, general[1:])
                break
        else:
            safe += 1
            continue
        if name is not None:
            by[name] += 1
            continue
        missed += 1
        sys.stdout.write(f"\npolicy {seed}, guest {guest}: refuted by no general guest\n\n")
        sys.stdout.write(f"{random_source(seed)}\n{random_text(guest)}\n")
        sys.stdout.flush()
    for name, count in by.most_common():
        sys.stdout.write(f"{count:7} refuted by {name}\n")
    sys.stdout.write(f"{safe:7} broken by none of {given.guests} random guests ({pairs} pairs)\n")
    sys.stdout.write(f"{missed:7} broken, and refuted by no general guest\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(_main())
