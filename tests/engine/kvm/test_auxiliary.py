from __future__ import annotations

import pytest

from engine.kvm.auxiliary import auxiliaries
from tests.engine.build import policy_of

TOGGLE = "void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)"


def auxiliary(outside: str, body: str) -> tuple[list[str], list[str], list[str]]:
    runs = policy_of(f"{outside}\n{TOGGLE}\n{{\n{body}\n}}\n")
    known = auxiliaries(runs)
    toggle = runs.toggle
    assert toggle is not None
    return (
        [runs.statics[slot].name for slot in sorted(known.statics)],
        [runs.fields[slot].name for slot in sorted(known.fields)],
        [runs.functions[toggle].variables[slot].name for slot in sorted(known.locals[toggle])],
    )


def test_what_is_only_counted_is_auxiliary() -> None:
    outside = "static unsigned long n; static int seen[2]; static atomic_t a;"
    body = """
	n++;
	seen[vcpu->vcpu_id] += 2;
	atomic_inc(&a);
	vcpu->arch.waits = n;
	vcpu->kvm->arch.all = vcpu->arch.waits + 1;
	if (was_enabled)
		n = 0;
	"""
    statics = ["n", "seen[0]", "seen[1]", "a", "kvm->arch.all"]
    assert auxiliary(outside, body) == (statics, ["vcpu->arch.waits"], [])


@pytest.mark.parametrize(
    "use",
    [
        "if (n) barrier();",
        "int t = n; while (t) t--;",
        "switch (n) { case 1: break; }",
        "int t = was_enabled ? n : 0; if (t) barrier();",
        "if (once() && was_enabled) barrier();",
        "count(&n);",
        "int *p = &n; *p = 1;",
        "BUG_ON(n);",
        "vcpu->kvm->arch.seen[n] = 1;",
        "n ? count(0) : barrier();",
        "*vcpu_hcr(vcpu) |= n;",
        "stage2_flush_vm(n ? vcpu->kvm : vcpu->kvm);",
    ],
)
def test_what_anything_depends_on_is_not(use: str) -> None:
    outside = """
static int n;
static void count(int *p) { barrier(); }
static int once(void) { return n; }
"""
    if "seen[n]" in use:
        outside += "static int seen[2];"
        use = "seen[n] = 1;"
    assert "n" not in auxiliary(outside, use)[0]


def test_an_array_that_is_pointed_into_is_not() -> None:
    outside = "static int a[2], b[2];"
    body = "int *p = &a[0]; if (*p) barrier(); b[0] = 1;"
    assert auxiliary(outside, body)[0] == ["b[0]", "b[1]"]


def test_a_vcpus_own_count_is_auxiliary_whatever_the_vms_variables_are() -> None:
    assert auxiliary("static int n;", "if (n) barrier(); vcpu->arch.waits++;") == (
        [],
        ["vcpu->arch.waits"],
        ["was_enabled"],
    )


def test_what_a_function_returns_is_none_of_its_variables() -> None:
    outside = "static int next(int value, int count) { count++; return value; }"
    runs = policy_of(f"{outside}\n{TOGGLE}\n{{\nif (next(was_enabled, 2)) barrier();\n}}\n")
    (number,) = (n for n, each in enumerate(runs.functions) if each.name == "next")
    assert auxiliaries(runs).locals[number] == {1}
