"""Which functions go by their arguments alone."""

from __future__ import annotations

import pytest

from engine.compiler.purity import is_of_arguments_alone
from tests.engine.compiler.lines import compiled


@pytest.mark.parametrize(
    ("body", "alone"),
    [
        ("return 2 * n + 1;", True),
        ("int m = n; m++; return m > 3 ? m : n;", True),
        ("while (n > 3) n--; return n;", True),
        ("return kept;", False),
        ("kept = n; return n;", False),
        ("kept++; return n;", False),
        ("return vcpu->vcpu_id;", False),
        ("return other(n);", False),
        ("return vcpu_has_cache_enabled(vcpu);", False),
        ("return smp_processor_id();", False),
        ("BUG_ON(n); return n;", False),
    ],
)
def test_a_function_that_reads_or_does_more_is_not_of_its_arguments_alone(
    body: str, *, alone: bool
) -> None:
    outside = f"""\
static int kept;
static int other(int n) {{ return n; }}
static int asks(struct kvm_vcpu *vcpu, int n) {{ {body} }}
"""
    policy = compiled("if (asks(vcpu, 2)) barrier();", outside)
    asks = next(function for function in policy.functions if function.name == "asks")
    assert is_of_arguments_alone(asks) is alone
