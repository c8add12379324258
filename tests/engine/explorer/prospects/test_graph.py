from __future__ import annotations

import attrs
import pytest

from engine.explorer.limits import Counts, Limits
from engine.explorer.prospects.graph import UnreachableError
from engine.explorer.prospects.prospects import (
    Outlook,
    prospects,
)
from engine.judge import Ghost
from tests.engine.build import machine, policy
from tests.engine.explorer.prospects.outlooks import MAY, SAFE, STORE_AND_ENABLE, known


def test_a_state_that_no_run_leads_to_is_refused() -> None:
    built = machine(STORE_AND_ENABLE, runs=policy("never"))
    start = (built, Ghost.initial(built))
    found = known(built)
    (vcpu,) = built.vcpus
    stranger = built.with_vcpu(0, attrs.evolve(vcpu, core=vcpu.core.write(5, 77)))
    too_late = built.with_vcpu(0, attrs.evolve(vcpu, core=vcpu.core.step()))
    other_policy = machine(STORE_AND_ENABLE, runs=policy("upstream"))
    for each in (stranger, too_late, other_policy):
        with pytest.raises(UnreachableError, match="no run from the start leads to this state"):
            found.of(each, Ghost.initial(each))
    assert found.of(*start) == Outlook(MAY, SAFE)


def test_a_value_that_no_run_meets_is_not_taken_for_another() -> None:
    built = machine("again: b again")
    stranger = built.with_vcpu(0, attrs.evolve(built.vcpus[0], interrupt=True))
    found = known(built)
    # No field before vm.has_run ever has a second value, so that none of them has a bit.
    for _ in range(2):
        with pytest.raises(UnreachableError):
            found.of(stranger, Ghost.initial(stranger))


def test_with_more_states_than_allowed_nothing_is_known() -> None:
    built = machine(STORE_AND_ENABLE)
    states = known(built).states
    assert prospects(built, limits=Limits(states - 1)) is None
    assert prospects(built, limits=Limits(states)) is not None


def test_a_callback_that_returns_false_cancels_it() -> None:
    told: list[Counts] = []

    def stop(counts: Counts) -> bool:
        told.append(counts)
        return False

    assert prospects(machine(STORE_AND_ENABLE), limits=Limits(), progress=stop) is None
    assert told == [Counts(states=1, transitions=0, frontier=1)]
