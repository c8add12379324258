from __future__ import annotations

import pytest

from tests.engine.compiler.lines import left, refusal
from tests.engine.compiler.shapes import shape, toggle_of


def test_a_loop_goes_round_by_its_condition() -> None:
    assert shape(toggle_of("int i; for (i = 0; i < 2; i++) { if (i) continue; break; }")) == [
        ("Execute", "i = 0", "i < 2"),
        ("Decide", "i < 2", "i", "}"),
        ("Decide", "i", "i++", "}"),
        ("Execute", "i++", "i < 2"),
        ("Return", "}"),
    ]


def test_an_endless_loop_without_steps_gets_one() -> None:
    function = toggle_of("for (;;)\n;")
    assert [type(operation).__name__ for operation in function.operations] == ["Execute", "Execute"]
    assert function.may_spin == (False, True)


def test_every_vcpu_is_visited_and_the_loop_can_be_left_and_gone_on_with() -> None:
    head = "struct kvm_vcpu *v; unsigned long i; kvm_for_each_vcpu(i, v, vcpu->kvm)"
    outside = "static int n;\nstatic int m;"
    assert left(f"{head} n = n * 10 + v->vcpu_id + 1; m = i;", outside) == {"n": 12, "m": 2}
    assert left(f"{head} {{ n++; break; }} m = i;", outside) == {"n": 1, "m": 0}
    assert left(f"{head} {{ if (v == vcpu) continue; n++; }} m = i;", outside) == {"n": 1, "m": 2}
    assert "expected an integer, a struct kvm_vcpu * and a kvm" in refusal(
        "int v; int i; kvm_for_each_vcpu(i, v, vcpu->kvm) ;"
    )
    assert "expected an integer, a struct kvm_vcpu * and a kvm" in refusal(
        "struct kvm_vcpu *v, *i; kvm_for_each_vcpu(i, v, vcpu->kvm) ;"
    )


ROUNDS = {
    "while (n < 3) n++;": 3,
    "while (1) { if (n == 4) break; n++; }": 4,
    "while (0) n++;": 0,
    "while (true) { n++; break; }": 1,
    "do n++; while (n < 3);": 3,
    "do n++; while (0);": 1,
    "do { n++; if (n < 3) continue; break; } while (n < 9);": 3,
    "do { n++; continue; } while (n < 2);": 2,
    "for (int i = 0; i < 3; i++) n += i;": 3,
    "int i; for (i = 5; i; i--) n++;": 5,
    "for (;;) { if (++n == 3) break; }": 3,
    "for (int i = 0; i < 9; i++) { if (i & 1) continue; n++; }": 5,
    "for (int i = 0; 1; i++) { if (i == 2) return; n = i; }": 1,
    "for (int i = 0; i < 3; i++) for (int j = 0; j < 3; j++) { if (j == 2) break; n++; }": 6,
    "for (int i = 0; i < 3; i++) { switch (i) { case 1: continue; } n++; }": 2,
    "for (int i = 0; i < 3; i++) { switch (i) { case 1: break; } n++; }": 3,
}
"""What is in n at the end."""


@pytest.mark.parametrize("body", ROUNDS)
def test_a_loop_goes_round_as_often_as_in_c(body: str) -> None:
    assert left(f"n = 0; {body}", "static int n;")["n"] == ROUNDS[body]
