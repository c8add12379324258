"""Functions of the source: how they are called, what they may take and give, and what they name."""

from __future__ import annotations

import pytest

from engine.compiler.compiler import compile_policy
from engine.policy.source import PolicyError, SourceFile
from tests.engine.compiler.lines import left, refusal

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


def test_a_function_that_nobody_calls_may_hold_anything() -> None:
    for outside in (
        "static int f(float a) { return frob(a); }",
        "static int f(int a) { asm(\"nop\"); }",
        "struct frob { int a; };\nstatic struct frob f(struct frob a) { return a; }",
    ):  # fmt: skip
        assert refusal("was_enabled = 1;", outside) == ""


def _refused(text: str) -> str:
    fallback = SourceFile("b.c", "void kvm_toggle_cache(struct kvm_vcpu *v, bool w) {}")
    try:
        compile_policy(SourceFile("p.c", text), fallback, name="p")
    except PolicyError as error:
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
    assert f"expected {message}" in _refused(text)


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
    assert _refused("void kvm_toggle_cache(struct kvm_vcpu *v, int was_enabled) {}") == ""


def test_members_that_the_source_declares_have_their_declared_types() -> None:
    outside = """
struct kvm_arch { u8 small; int plain, *far; };
struct kvm_vcpu_arch { s8 own; };
struct other { u16 small; };
"""
    body = """
	vcpu->kvm->arch.small = 0x1ff;
	vcpu->kvm->arch.plain = 0x1ff;
	vcpu->arch.own = 0xff;
	x = vcpu->arch.own;
	"""
    found = left(body, f"{outside}static int x;")
    assert found == {"kvm->arch.small": 0xFF, "kvm->arch.plain": 0x1FF, "x": -1}


def test_a_member_that_is_used_as_two_things_is_refused() -> None:
    body = "vcpu->arch.m = 1; atomic_inc(&vcpu->arch.m);"
    assert "one type for each member of arch" in refusal(body)
    assert refusal("vcpu->arch.m = 1; vcpu->arch.m = vcpu->arch.n + 1L;") == ""
    assert refusal("if (vcpu->arch.m == vcpu) return;") == ""
    assert refusal("if (vcpu != vcpu->arch.m) return;") == ""
    body = "vcpu->arch.m = vcpu; if (vcpu->arch.m == NULL) vcpu->arch.m = 0;"
    assert refusal(body) == ""


def test_types_of_members_are_told_from_each_other_along_a_chain_that_is_not_too_long() -> None:
    def chain(length: int) -> str:
        links = "".join(f"vcpu->arch.m{n} = vcpu->arch.m{n + 1};" for n in range(length))
        return f"{links} vcpu->arch.m{length} = vcpu;"

    assert refusal(f"{chain(4)} if (vcpu->arch.m0 == vcpu) return;") == ""
    assert refusal(chain(12)).startswith(
        "test.c:1:1: found members of arch whose types depend on each other"
    )
