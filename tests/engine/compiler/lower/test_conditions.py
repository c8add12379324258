from __future__ import annotations

from tests.engine.compiler.lines import left

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
