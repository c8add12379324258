from __future__ import annotations

import pytest

from engine.policy.operations import Select
from tests.engine.compiler.lines import left
from tests.engine.compiler.shapes import shape, toggle_of


def test_a_switch_falls_through_to_the_next_case() -> None:
    body = """switch (vcpu->vcpu_id) {
	case 0: was_enabled = 1;
	case 1 ... 3: break;
	default: was_enabled = 0; }"""
    select = toggle_of(body).operations[0]
    assert isinstance(select, Select)
    assert [(low, high) for low, high, _ in select.cases] == [(0, 0), (1, 3)]
    assert shape(toggle_of(body))[1] == ("Execute", "was_enabled = 1;", "}")


CASES = {
    "switch (f(1) + f(2)) { case 3: n += 10; }": 12,
    "switch (vcpu->vcpu_id) { case 0: n = 1; break; case 1: n = 2; }": 1,
    "switch (2) { case 0: n = 1; break; default: n = 2; }": 2,
    "switch (2) { case 0: n = 1; }": 0,
    "switch (1) { case 1: n++; case 2: n++; break; case 3: n++; }": 2,
    "switch (5) { case 1 ... 4: n = 1; break; case 5 ... 9: n = 2; break; }": 2,
    "switch (4) { case 1 ... 4: n = 1; break; case 5 ... 9: n = 2; break; }": 1,
    "switch (1) { case 1: fallthrough; case 2: n = 7; }": 7,
    "switch (f(3)) { case 3: n += 10; }": 11,
    "switch ((u8)256) { case 256 & 0xff: n = 4; }": 4,
}
"""What is in n at the end."""


@pytest.mark.parametrize("body", CASES)
def test_a_switch_goes_to_its_case_and_from_there_on(body: str) -> None:
    assert (
        left(f"n = 0; {body}", "static int n;\nstatic int f(int i) { n++; return i; }\n")["n"]
        == CASES[body]
    )
