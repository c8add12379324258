from __future__ import annotations

import pytest

from engine.machine.effects import ConditionDecided
from tests.engine.compiler.lines import left
from tests.engine.kvm.toggling import machine_of, run, toggle

SKIPPED = {
    "0 && n++": 0,
    "1 && n++": 1,
    "1 || n++": 0,
    "0 || n++": 1,
    "vcpu->vcpu_id && n++": 0,
    "vcpu->vcpu_id || n++": 1,
    "vcpu->vcpu_id ? n++ : 0": 0,
    "vcpu->vcpu_id ? 0 : n++": 1,
    "n++ ?: 5": 1,
    "sizeof(n++)": 0,
    "n++, n++": 2,
    "!(n++ || n++)": 2,
}
"""How often what is written is done, where C may not come to it."""


def test_what_c_does_not_come_to_is_not_done() -> None:
    outside = "static int n;\nstatic int x;"
    assert {line: left(f"x = ({line});", outside).get("n", 0) for line in SKIPPED} == SKIPPED


def test_a_condition_is_true_where_its_value_is_not_zero() -> None:
    told = {
        "2": 1,
        "0": 0,
        "vcpu": 1,
        "NULL": 0,
        "vcpu->vcpu_id": 0,
        "!vcpu->vcpu_id": 1,
        "vcpu->vcpu_id == 0": 1,
        "1 && vcpu->vcpu_id": 0,
        "0 && vcpu->vcpu_id": 0,
        "1 || vcpu->vcpu_id": 1,
        "0 || vcpu->vcpu_id": 0,
        "vcpu && vcpu->kvm": 1,
        "likely(vcpu->vcpu_id == 0)": 1,
        "unlikely(vcpu->vcpu_id)": 0,
        "!(vcpu->vcpu_id || vcpu->cpu)": 1,
        "(vcpu->vcpu_id)": 0,
    }
    found = {
        line: left(f"if ({line}) x = 1; else x = 0;", "static int x = 9;")["x"] for line in told
    }
    assert found == told


@pytest.mark.parametrize(
    ("condition", "operands"),
    [
        ("vcpu->vcpu_id == n", (("vcpu->vcpu_id", 1), ("n", 3))),
        ("n", (("n", 3),)),
        ("!n", (("n", 3),)),
        ("n && was_enabled", (("n", 3), ("was_enabled", 0))),
        ("n || was_enabled", (("n", 3),)),
        ("unlikely(n > 5)", (("n", 3),)),
        ("n + 1", (("n + 1", 4),)),
    ],
)
def test_the_operands_of_a_condition_are_told_with_their_values(
    condition: str, operands: tuple[tuple[str, int], ...]
) -> None:
    state = machine_of(f"if ({condition}) n = 1;", "static int n = 3;")
    _, effects = run(toggle(state, 1), 1)
    (decided,) = (each for each in effects if isinstance(each, ConditionDecided))
    assert tuple((each.text, each.value) for each in decided.operands) == operands
