from __future__ import annotations

import pytest

from engine.kvm.counting import circle_points
from tests.engine.build import policy_of

TOGGLE = "void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)"
OUTSIDE = "static int go, gone;"


def is_looked_at(body: str) -> bool:
    """Say whether there is a point at which somebody may come round to where he was."""
    policy = policy_of(f"{OUTSIDE}\n{TOGGLE}\n{{\nint n = 9;\n{body}\n}}\n")
    return any(circle_points(policy))


@pytest.mark.parametrize(
    "body",
    [
        "while (!READ_ONCE(go) && --n) cpu_relax();",
        "while (READ_ONCE(go) && !READ_ONCE(gone) && n-- > 0) cpu_relax();",
        "for (;;) { if (READ_ONCE(go) || !n--) break; cpu_relax(); }",
    ],
)
def test_a_loop_that_counts_wherever_it_goes_on_never_comes_round(body: str) -> None:
    assert not is_looked_at(body)


@pytest.mark.parametrize(
    "body",
    [
        "while (!READ_ONCE(go) || --n) cpu_relax();",
        "for (;;) { if (READ_ONCE(go) && !n--) break; cpu_relax(); }",
        "for (;;) if (READ_ONCE(go) && --n) barrier();",
        "while (!READ_ONCE(go) && --n) n = 9;",
    ],
)
def test_a_loop_that_may_go_on_without_counting_may_come_round(body: str) -> None:
    assert is_looked_at(body)
