from __future__ import annotations

import pytest

from tests.engine.compiler.lines import left
from tests.engine.compiler.shapes import shape, toggle_of


def test_a_goto_costs_no_step() -> None:
    assert shape(
        toggle_of("if (was_enabled) goto out; stage2_flush_vm(vcpu->kvm); out: return;")
    ) == [
        ("Decide", "was_enabled", "return;", "stage2_flush_vm(vcpu->kvm);"),
        ("Flush", "stage2_flush_vm(vcpu->kvm);", "return;"),
        ("Return", "return;"),
    ]


def test_a_function_without_steps_gets_one_for_its_end() -> None:
    assert shape(toggle_of("")) == [("Execute", "}", "}"), ("Return", "}")]


def test_code_that_is_never_reached_is_not_read() -> None:
    assert len(toggle_of("if (IS_ENABLED(CONFIG_ODD)) frobnicate(vcpu); return; ").operations) == 2


JUMPS = {
    "goto out; n = 5; out: n++;": 1,
    "again: n++; if (n < 3) goto again;": 3,
    "if (0) { in: n = 5; } if (!n) goto in;": 5,
    "return; n = 5;": 0,
    "if (vcpu) return; n = 5;": 0,
    "atomic_t a; atomic_set(&a, 4); n = atomic_inc_return(&a);": 5,
}
"""What is in n at the end."""


@pytest.mark.parametrize("body", JUMPS)
def test_a_jump_passes_over_what_is_between(body: str) -> None:
    assert left(f"n = 0; {body}", "static int n;")["n"] == JUMPS[body]
