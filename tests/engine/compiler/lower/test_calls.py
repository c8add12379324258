"""Calls of what nobody knows, and what looks like a call."""

from __future__ import annotations

import pytest

from tests.engine.compiler.lines import left, refusal, values


def test_a_function_that_nobody_knows_is_refused() -> None:
    for name in ("frob", "kvm_arch_do", "smp_mbx", "spin_lock_frob", "xprintk", "WARN_OFF"):
        assert f"found a call of {name}()" in refusal(f"{name}(vcpu);")


def test_a_type_in_brackets_before_brackets_is_a_cast() -> None:
    expected = {"(u8)(0x1ff)": 0xFF, "(byte)(0x2fe)": 0xFE, "(s8)(0xff)": -1}
    assert values(expected, "", "typedef u8 byte;") == expected


def test_what_a_call_gives_cannot_be_called() -> None:
    assert "the call `f(1)(2)`; expected a call of a function by name" in refusal("f(1)(2);")


CALLED = {
    "static int f(int a, int b) { return a - b; }": ("f(7, 2)", 5),
    "static u8 f(int a) { return a; }": ("f(0x102)", 2),
    "static s64 f(u8 a) { return a; }": ("f(0x102)", 2),
    "static bool f(int a) { return a; }": ("f(256)", 1),
    "static int f(void) { return 4; }": ("f()", 4),
    "static int f() { return 4; }": ("f()", 4),
    "int f(int);\nint f(int a) { return a; }": ("f(3)", 3),
    "static int f(int, int b) { return b; }": ("f(3, 4)", 4),
    "static int f(struct kvm_vcpu *v) { return v->vcpu_id; }": ("f(vcpu)", 0),
    "static int f(struct kvm *k) { return k->created_vcpus; }": ("f(vcpu->kvm)", 2),
    "static struct kvm_vcpu *f(struct kvm *k) { return kvm_get_vcpu(k, 1); }": (
        "f(vcpu->kvm)->vcpu_id",
        1,
    ),
    "static int f(int *p) { return *p = 6; }": ("f(&n) * 10 + n", 66),
    "static int g(int a) { return a * 2; }\nstatic int f(int a) { return g(a) + g(a + 1); }": (
        "f(3)",
        14,
    ),
    "static int f(int a) { return a <= 1 ? 1 : a * f(a - 1); }": ("f(5)", 120),
    "typedef u8 byte;\nstatic byte f(byte a) { return a + 255; }": ("f(3)", 2),
    "typedef unsigned long word;\nstatic word f(word a) { return a >> 1; }": ("f(-2) >> 62", 1),
    "enum how { A, B = 4 };\nstatic int f(enum how h) { return h == B; }": ("f(B)", 1),
    "static int f(const int a) { static int calls; return calls += a; }": ("f(2) + f(2)", 6),
    "static inline __always_inline int f(int a) { return a; }": ("f(3)", 3),
    "static noinline int __maybe_unused f(int a) { return a; }": ("f(3)", 3),
    "static int f(void *p) { return p == NULL; }": ("f(vcpu) + f(NULL) * 10", 10),
}


@pytest.mark.parametrize("outside", CALLED)
def test_a_function_is_called_with_its_parameters_types_and_gives_its_results(outside: str) -> None:
    call, value = CALLED[outside]
    found = left(f"int n = 0; x = {call};", f"{outside}\nstatic s64 x;")
    assert found["x"] == value


def test_a_function_that_nobody_calls_may_hold_anything() -> None:
    for outside in (
        "static int f(float a) { return frob(a); }",
        "static int f(int a) { asm(\"nop\"); }",
        "struct frob { int a; };\nstatic struct frob f(struct frob a) { return a; }",
    ):  # fmt: skip
        assert refusal("was_enabled = 1;", outside) == ""
