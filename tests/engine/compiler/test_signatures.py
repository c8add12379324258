from __future__ import annotations

import pytest

from engine.compiler.compiler import compile_policy
from engine.policy.source import SourceFile
from engine.refusal import RefusedError
from tests.engine.compiler.lines import refusal


@pytest.mark.parametrize(
    ("outside", "message"),
    [
        ("static int f(float a) { return 0; }", "the type `float`"),
        ("static float f(int a) { return 0; }", "the type `float`"),
        ("static int f(struct kvm a) { return 0; }", "parameter a of type struct kvm"),
        ("static int f(spinlock_t a) { return 0; }", "parameter a of type spinlock_t"),
        ("static struct kvm f(int a) { return 0; }", "a result of type struct kvm"),
        ("static atomic_t f(int a) { return 0; }", "a result of type atomic_t"),
        ("static int f(int a, ...) { return 0; }", "parameters with a name and a type"),
        ("static int f(int a) { return 0; }\nint f(int b) { return 1; }", "a second definition"),
        ("static int f(int a) { return b; }", "found `b`"),
        ("static int f(int a) { a = ; }", "C that parses"),
    ],
)
def test_a_function_that_cannot_be_understood_is_refused_where_it_is_called(
    outside: str, message: str
) -> None:
    assert message in refusal("int x = f(vcpu->vcpu_id);", outside)


def refused(text: str) -> str:
    fallback = SourceFile("b.c", "void kvm_toggle_cache(struct kvm_vcpu *v, bool w) {}")
    try:
        compile_policy(SourceFile("p.c", text), fallback, name="p")
    except RefusedError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("void kvm_toggle_cache(struct kvm_vcpu *v) {}", "void kvm_toggle_cache("),
        ("void kvm_toggle_cache(struct kvm *k, bool w) {}", "void kvm_toggle_cache("),
        ("void kvm_toggle_cache(bool w, struct kvm_vcpu *v) {}", "void kvm_toggle_cache("),
        ("int kvm_toggle_cache(struct kvm_vcpu *v, bool w) { return 0; }", "void kvm_toggle_"),
        ("void kvm_set_way_flush(struct kvm_vcpu *v, int a) {}", "void kvm_set_way_flush("),
        ("void kvm_set_way_flush(void) {}", "void kvm_set_way_flush("),
        ("void access_vm_reg(struct kvm_vcpu *v) {}", "bool access_vm_reg("),
        ("void nothing(void) {}", "a definition of kvm_toggle_cache(), kvm_set_way_flush()"),
    ],
)
def test_a_function_that_kvm_calls_has_the_shape_that_kvm_calls_it_with(
    text: str, message: str
) -> None:
    assert f"expected {message}" in refused(text)


SCTLR = "bool access_sctlr(struct kvm_vcpu *v, const struct sys_reg_params *p, " \
    "const struct sys_reg_desc *r) {{ {body} return true; }}\n"  # fmt: skip


@pytest.mark.parametrize(
    ("text", "arms"),
    [
        (SCTLR.format(body=""), False),
        (f"void other(void) {{}}\n{SCTLR.format(body='other();')}", False),
        (f"void other(void) {{}}\n{SCTLR.format(body='kvm_toggle_cache(v, false);')}", True),
        (f"void other(void) {{ kvm_set_way_flush(NULL); }}\n{SCTLR.format(body='')}", True),
        (f"void kvm_set_way_flush(struct kvm_vcpu *v) {{}}\n{SCTLR.format(body='')}", True),
        ("void kvm_toggle_cache(struct kvm_vcpu *v, bool w) {}", True),
    ],
)
def test_a_source_from_before_kvm_toggle_cache_is_given_no_set_way_flush(
    text: str, arms: bool
) -> None:
    built_in = "void kvm_toggle_cache(struct kvm_vcpu *v, bool w) {}\n" \
        "void kvm_set_way_flush(struct kvm_vcpu *v) {}"  # fmt: skip
    policy = compile_policy(SourceFile("p.c", text), SourceFile("b.c", built_in), name="p")
    assert (policy.set_way is not None) is arms


def test_a_number_of_any_width_may_say_whether_caches_were_enabled() -> None:
    assert refused("void kvm_toggle_cache(struct kvm_vcpu *v, int was_enabled) {}") == ""
