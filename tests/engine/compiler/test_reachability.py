"""After which operations a stage2_flush_vm may still come."""

from __future__ import annotations

import pytest

from tests.engine.compiler.lines import compiled

OUTSIDE = """
static int n;
static void plain(void) { n++; }
static void flushes(struct kvm *kvm) { n++; stage2_flush_vm(kvm); n--; }
static void may(struct kvm *kvm) { if (n) flushes(kvm); n++; }
"""


@pytest.mark.parametrize(
    ("body", "reaching"),
    [
        ("n = 1; n = 2;", []),
        ("n = 1; stage2_flush_vm(vcpu->kvm); n = 2;", ["n = 1;", "stage2_flush_vm(vcpu->kvm);"]),
        ("n = 1; flushes(vcpu->kvm); n = 2;", ["n = 1;", "flushes(vcpu->kvm);"]),
        ("n = 1; may(vcpu->kvm); n = 2;", ["n = 1;", "may(vcpu->kvm);"]),
        ("n = 1; plain(); n = 2;", []),
        (
            "if (was_enabled) n = 1; else stage2_flush_vm(vcpu->kvm);",
            ["was_enabled", "stage2_flush_vm(vcpu->kvm);"],
        ),
        (
            "while (n) { n--; if (n == 2) stage2_flush_vm(vcpu->kvm); } n = 5;",
            ["n", "n", "n--;", "n == 2", "stage2_flush_vm(vcpu->kvm);"],
        ),
        ("if (n) return; n = 1; flushes(vcpu->kvm);", ["n", "n = 1;", "flushes(vcpu->kvm);"]),
    ],
)
def test_a_flush_may_come_at_or_after_what_leads_to_one(body: str, reaching: list[str]) -> None:
    policy = compiled(body, OUTSIDE)
    assert policy.toggle is not None
    function = policy.functions[policy.toggle]
    found = [
        operation.text
        for operation, reaches in zip(function.operations, function.reaches_flush, strict=True)
        if reaches
    ]
    assert found == reaching


def test_what_comes_after_the_end_of_a_function_is_its_callers() -> None:
    policy = compiled("plain(); flushes(vcpu->kvm);", OUTSIDE)
    reaches = {each.name: each.reaches_flush for each in policy.functions}
    assert not any(reaches["plain"])
    assert reaches["flushes"] == (True, True, False, False)
