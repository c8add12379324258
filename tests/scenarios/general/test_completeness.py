"""Whatever breaks a random guest that keeps the contract breaks a general guest, too.

A few policies and guests of fixed seeds; more by hand, with `python -m
tests.scenarios.general.complete`.
"""

from __future__ import annotations

import pytest

from engine.findings import Verdict
from scenarios.every_guest import general_guests
from tests.scenarios.general.complete import broken, in_order, refuting, upstream_on
from tests.scenarios.general.policies import random_policy, random_source

POLICIES = range(12)
GUESTS = 3
BREAKING = ((4, 24), (11, 67), (15, 93), (25, 151))
"""Policies and guests, by their seeds, that were found to break."""


@pytest.mark.parametrize("seed", POLICIES)
def test_a_policy_that_breaks_a_random_guest_is_refuted_by_a_general_guest(seed: int) -> None:
    policy = random_policy(seed)
    guests = range(seed * GUESTS, (seed + 1) * GUESTS)
    guest = next((guest for guest in guests if broken(policy, guest)), None)
    if guest is not None:
        found = refuting(policy, in_order(general_guests()))
        assert found is not None, (guest, random_source(seed))


@pytest.mark.parametrize(("seed", "guest"), BREAKING)
def test_random_guests_break_policies_as_general_guests_do(seed: int, guest: int) -> None:
    policy = random_policy(seed)
    assert broken(policy, guest)
    assert refuting(policy, in_order(general_guests())) is not None


def test_random_guests_are_safe_under_upstream() -> None:
    assert {upstream_on(guest) for guest in range(12)} == {Verdict.SAFE}
