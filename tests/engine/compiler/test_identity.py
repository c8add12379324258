"""What decides by a vCPU's number and by something else at once, mixed by arithmetic."""

from __future__ import annotations

import pytest

from engine.compiler.identity import mixed
from tests.engine.compiler.lines import compiled

OUTSIDE = """\
static u8 seen;
static unsigned int first;
static unsigned int table[4];
static bool late(u32 n) { return n & 8; }
static u32 other(u32 n) { return 8 ^ (n & 8); }
static void numbers(struct kvm_vcpu *vcpu, u32 *n) { *n = vcpu->vcpu_id + 1; }
"""
ON = "bool on = vcpu_has_cache_enabled(vcpu);"


@pytest.mark.parametrize(
    "decides",
    [
        "((on ^ was_enabled) << 4) ^ (vcpu->vcpu_id + 8) ^ vcpu->vcpu_id ^ 8",
        "(on ^ was_enabled) & (8 ^ (vcpu->vcpu_id & 8))",
        "(on ^ was_enabled) - (vcpu->vcpu_id & 8)",
        "(on << 3) & other(vcpu->vcpu_id)",
        "vcpu->vcpu_id == (on << 3)",
        "seen & (1 << vcpu->vcpu_id)",
        "vcpu->vcpu_id + 1 == first",
        "smp_processor_id() ^ on",
        "(u8)vcpu->vcpu_id == first",
        "on ^ table[vcpu->vcpu_id]",
    ],
)
def test_arithmetic_on_a_vcpus_number_and_what_varies_is_mixed(decides: str) -> None:
    policy = compiled(f"{ON} first = 2; if ({decides}) barrier();", OUTSIDE)
    assert [operation.text for _, operation in mixed(policy)] == [decides]


@pytest.mark.parametrize(
    ("body", "steps"),
    [
        ("u32 n = 8 ^ (vcpu->vcpu_id & 8); if ((on << 3) & n) barrier();", ["(on << 3) & n"]),
        ("u32 n; numbers(vcpu, &n); if (on ^ n) barrier();", ["on ^ n"]),
        (
            "u32 n = on ? 8 : 0; if (n == vcpu->vcpu_id + 0u) barrier();",
            ["n == vcpu->vcpu_id + 0u"],
        ),
        ("seen |= vcpu->vcpu_id; if (seen == on) barrier();", ["seen == on"]),
        ("bool x = on ^ (vcpu->vcpu_id & 8);", ["bool x = on ^ (vcpu->vcpu_id & 8);"]),
    ],
)
def test_it_is_followed_through_locals_pointers_and_state(body: str, steps: list[str]) -> None:
    assert [operation.text for _, operation in mixed(compiled(ON + body, OUTSIDE))] == steps


def test_the_trap_of_a_vcpu_is_no_number() -> None:
    (found,) = mixed(compiled("*vcpu_hcr(vcpu) &= ~((vcpu->vcpu_id + 1) << 26);", OUTSIDE))
    assert found[1].text == "*vcpu_hcr(vcpu) &= ~((vcpu->vcpu_id + 1) << 26);"


@pytest.mark.parametrize(
    "body",
    [
        "if (on != was_enabled && vcpu->vcpu_id == 0) barrier();",
        "if ((on != was_enabled) & (vcpu->vcpu_id == 0)) barrier();",
        "if (vcpu->vcpu_id == first) barrier(); first = vcpu->vcpu_id;",
        "if (late(vcpu->vcpu_id)) barrier(); if (late(vcpu->vcpu_id + 1)) barrier();",
        "if (vcpu->vcpu_id & 1) *vcpu_hcr(vcpu) &= ~HCR_TVM;",
        "if (vcpu->vcpu_id + 1 == atomic_read(&vcpu->kvm->online_vcpus)) barrier();",
        "if (vcpu_read_sys_reg(vcpu, SCTLR_EL1) & (on ? 5 : 1)) barrier();",
        "u64 late = vcpu->vcpu_id / 8; if (late) barrier();",
        "int i; struct kvm_vcpu *v; kvm_for_each_vcpu(i, v, vcpu->kvm) if (i == vcpu->vcpu_id) ;",
    ],
)
def test_a_condition_on_a_number_alone_is_not_mixed(body: str) -> None:
    assert mixed(compiled(ON + body, OUTSIDE)) == ()
