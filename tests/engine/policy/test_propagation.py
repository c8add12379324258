"""What some hardware leaves possible of a policy: never less than what runs come to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pytest

from engine.policy.expressions import MachineQuery
from engine.policy.operations import Return
from engine.policy.policy import Policy
from engine.policy.propagation import possible
from tests.engine.compiler.lines import compiled

IMPLEMENTOR: Final = MachineQuery.IMPLEMENTOR
ARM: Final = {IMPLEMENTOR: 0x41}
WITHOUT: Final = {MachineQuery.HAS_FWB: 0}
VENDOR: Final = "read_cpuid_implementor() == 0x48"
FWB: Final = "cpus_have_final_cap(ARM64_HAS_STAGE2_FWB)"
OTHERS: Final = f"""\
static unsigned int kept;
static bool is_vendor(void) {{ return {VENDOR}; }}
static bool is_either(struct kvm_vcpu *vcpu) {{ return {VENDOR} || vcpu->vcpu_id; }}
static int depth(int n) {{ return n ? depth(n - 1) : {VENDOR}; }}
static void set(int *at) {{ *at = 7; }}
static void endless(void) {{ for (;;) barrier(); }}
"""


def _outcomes(policy: Policy, answers: Mapping[MachineQuery, int]) -> dict[str, str]:
    """Return what each condition of a policy may come to, by its text."""
    found: dict[str, set[bool]] = {}
    for _, text, met in possible(policy, answers).decisions:
        found.setdefault(text, set()).add(met)
    told = {frozenset({True}): "true", frozenset({False}): "false"}
    return {text: told.get(frozenset(met), "either") for text, met in found.items()}


@pytest.mark.parametrize(
    ("body", "answers", "text", "outcome"),
    [
        (f"if ({FWB}) barrier();", WITHOUT, FWB, "false"),
        (f"if ({FWB}) barrier();", ARM, FWB, "either"),
        (f"if (!{FWB}) barrier();", WITHOUT, f"!{FWB}", "true"),
        (f"if ({VENDOR}) barrier();", ARM, VENDOR, "false"),
        (f"if ({VENDOR}) barrier();", {IMPLEMENTOR: 0x48}, VENDOR, "true"),
        (f"if ({VENDOR}) barrier();", {}, VENDOR, "either"),
        (f"if ({VENDOR} && vcpu->vcpu_id) barrier();", ARM, "vcpu->vcpu_id", ""),
        (f"if ({VENDOR} || vcpu->vcpu_id) barrier();", ARM, "vcpu->vcpu_id", "either"),
        (f"if (vcpu->vcpu_id && {VENDOR}) barrier();", ARM, "vcpu->vcpu_id", "either"),
        (f"bool x = {VENDOR}; if (x) barrier();", ARM, "x", "false"),
        (f"int x = {VENDOR} ? 1 : 4; if (x == 4) barrier();", ARM, "x == 4", "true"),
        ("int x = vcpu->vcpu_id ? 1 : 4; if (x == 4) barrier();", ARM, "x == 4", "either"),
        ("int x = vcpu->vcpu_id ? 4 : 4; if (x == 4) barrier();", ARM, "x == 4", "true"),
        ("int x = 4; if (vcpu->vcpu_id) x = 5; if (x == 4) ;", ARM, "x == 4", "either"),
        ("int x = 4; if (vcpu->vcpu_id) x = 4; if (x == 4) ;", ARM, "x == 4", "true"),
        (f"int x = 4; if ({VENDOR}) x = 5; if (x == 4) ;", ARM, "x == 4", "true"),
        ("int x = 4; x += 2; if (x == 6) ;", {}, "x == 6", "true"),
        ("int x = 4; if (x++ == 4 && x == 5) ;", {}, "x == 5", "true"),
        ("int x = 4; vcpu->vcpu_id && x++; if (x == 4) ;", {}, "x == 4", "either"),
        ("int x = 4; x = vcpu->vcpu_id ? x++ : 4; if (x == 4) ;", {}, "x == 4", "true"),
        ("int x = 4, y; y = vcpu->vcpu_id ? x++ : 4; if (x == 4) ;", {}, "x == 4", "either"),
        ("int x = 4; set(&x); if (x == 4) ;", {}, "x == 4", "either"),
        ("int x[2]; x[0] = 4; if (x[0] == 4) ;", {}, "x[0] == 4", "either"),
        ("int x = 0; while (x < 3) x++; if (x == 0) ;", {}, "x == 0", "either"),
        ("int x = xchg(&kept, 4); if (x == 4) ;", {}, "x == 4", "either"),
        ("int x = 4; xchg(&x, 5); if (x == 4) ;", {}, "x == 4", "either"),
        ("kept = 4; if (kept == 4) ;", {}, "kept == 4", "either"),
        ("if (is_vendor()) ;", ARM, "is_vendor()", "false"),
        ("if (is_either(vcpu)) ;", ARM, "is_either(vcpu)", "either"),
        ("if (depth(2)) ;", ARM, "depth(2)", "false"),
        (f"if ({VENDOR} & vcpu->vcpu_id) ;", ARM, f"{VENDOR} & vcpu->vcpu_id", "false"),
        ("if (-(vcpu->vcpu_id & 0) < ~4) ;", {}, "-(vcpu->vcpu_id & 0) < ~4", "false"),
        ("int x; if (x == 0) ;", {}, "x == 0", "either"),
        (f"int x = 2; switch (x * {FWB}) {{ case 0: ; }}", WITHOUT, f"x * {FWB}", "true"),
        (f"int x = 2; switch (x - {FWB}) {{ case 0: ; }}", WITHOUT, f"x - {FWB}", "false"),
        ("switch (vcpu->vcpu_id) { case 0: ; }", ARM, "vcpu->vcpu_id", "either"),
    ],
)
def test_a_condition_may_come_to_what_the_hardware_does_not_settle(
    body: str, answers: dict[MachineQuery, int], text: str, outcome: str
) -> None:
    assert _outcomes(compiled(body, OTHERS), answers).get(text, "") == outcome


@pytest.mark.parametrize(
    ("body", "left_out"),
    [
        (f"if ({VENDOR}) pr_info();", ["pr_info();"]),
        (f"if ({VENDOR}) return; pr_info();", ["return;"]),
        (f"if (!({VENDOR})) return; pr_info();", ["pr_info();"]),
        (f"switch ({VENDOR}) {{ case 0: isb(); break; default: mb(); }}", ["mb();"]),
        (f"switch ({VENDOR}) {{ case 1: isb(); break; default: mb(); }}", ["isb();"]),
        ("switch (vcpu->vcpu_id) { case 1: isb(); break; default: mb(); }", []),
        ("endless(); pr_info();", ["pr_info();"]),
        ("is_vendor(); pr_info();", []),
        (f"if ({VENDOR}) set(NULL);", ["*at = 7;", "set(NULL);"]),
        ("stage2_flush_vm(vcpu->kvm); pr_info();", []),
        ("spin_lock(&vcpu->kvm->mmu_lock); spin_unlock(&vcpu->kvm->mmu_lock); isb();", []),
    ],
)
def test_steps_that_the_hardware_shuts_off_are_left_out(body: str, left_out: list[str]) -> None:
    called = " ".join(f"{name};" for name in ("is_vendor()",) if name not in body)
    policy = compiled(f"{called} {body}", OTHERS)
    able = possible(policy, ARM)
    found = {
        operation.text
        for number, function in enumerate(policy.functions)
        for pc, operation in enumerate(function.operations)
        if (number, pc) not in able.steps
        if not (isinstance(operation, Return) and operation.text in ("}", ""))
        if number == policy.toggle or function.name == "set"
    }
    assert sorted(found) == left_out
