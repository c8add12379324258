from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.entitlement import acquired
from benchmarks.family import Variant, member
from benchmarks.promela import Vcpus, promela
from benchmarks.spin import Said, said

GOLDEN = Path(__file__).parent / "golden"

OUTPUT = """
pan:1: assertion violated (x1>=entitled2) (at depth 12)
State-vector 36 byte, depth reached 814, errors: 1
    26244 states, stored
   127618 states, matched
   153862 transitions (= stored+matched)
"""


@pytest.mark.parametrize("vcpus", Vcpus)
def test_the_model_of_a_member_is_this_text(vcpus: Vcpus) -> None:
    golden = GOLDEN / f"polled-2x2-vcpu0-only-{vcpus.value}.pml"
    text = promela(member(Variant.POLLED, 2, 2), "vcpu0-only", vcpus)
    assert text == golden.read_text(encoding="utf-8")


def test_a_flag_that_is_passed_on_brings_all_the_flags_before_it() -> None:
    known = acquired(member(Variant.BUG, 4, 4))
    assert {word: sorted(known[word]) for word in range(3)} == {0: [0], 1: [0, 1], 2: [0, 1, 2]}


def test_pans_transition_into_the_initial_state_is_not_counted() -> None:
    assert said(OUTPUT) == Said(states=26244, transitions=153861, errors=1, length=13)


def test_a_search_that_pan_cut_short_is_no_answer() -> None:
    with pytest.raises(ValueError, match="pan did not finish"):
        said(f"error: max search depth too small\n{OUTPUT}")
