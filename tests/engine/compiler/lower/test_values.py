"""C's operators on what a policy computes with: numbers, pointers, and the objects they name."""

from __future__ import annotations

import pytest

from tests.engine.compiler.lines import refusal, values

POINTERS = {
    "none == NULL": 1,
    "none != NULL": 0,
    "NULL == none": 1,
    "vcpu == NULL": 0,
    "vcpu != NULL": 1,
    "vcpu == 0": 0,
    "!none": 1,
    "!vcpu": 0,
    "none || vcpu": 1,
    "none && vcpu": 0,
    "none ? 3 : 4": 4,
    "vcpu ? 3 : 4": 3,
    "(none ?: vcpu) == vcpu": 1,
    "(vcpu ?: none) == vcpu": 1,
    "vcpu == other": 0,
    "vcpu != other": 1,
    "other == kvm_get_vcpu(vcpu->kvm, 1)": 1,
    "(void *)vcpu == vcpu": 1,
    "(none == NULL ? vcpu : NULL) == vcpu": 1,
    "sizeof(vcpu)": 8,
    "&n == &n": 1,
    "*&n": 7,
    "(&*vcpu)->vcpu_id": 0,
    "(*other).vcpu_id": 1,
    "(int)(bool)vcpu": 1,
}


def test_pointers_are_compared_with_null_and_with_each_other() -> None:
    before = """
	struct kvm_vcpu *none = NULL, *other = kvm_get_vcpu(vcpu->kvm, 1);
	int n = 7;
	"""
    assert values(POINTERS, before) == POINTERS


NUMBERS = {
    "n + 2": 9,
    "n - 9": -2,
    "n * 3": 21,
    "n / 2": 3,
    "n % 4": 3,
    "n << 2": 28,
    "n << 0": 7,
    "n >> 0": 7,
    "n >> 1": 3,
    "n & 3": 3,
    "n | 8": 15,
    "n ^ 1": 6,
    "~n": -8,
    "-n": -7,
    "+n": 7,
    "!n": 0,
    "n == 7": 1,
    "n != 7": 0,
    "n < 7": 0,
    "n <= 7": 1,
    "n > 7": 0,
    "n >= 7": 1,
    "n && 0": 0,
    "n || 0": 1,
    "0 && n": 0,
    "1 || n": 1,
    "2 && n": 1,
    "0 || n": 1,
    "n ? 2 : 3": 2,
    "n - 7 ? 2 : 3": 3,
    "1 ? n : 0": 7,
    "0 ? n : 0": 0,
    "n ?: 3": 7,
    "n - 7 ?: 3": 3,
    "(n, 4)": 4,
    "sizeof(n)": 4,
    "sizeof(int)": 4,
    "sizeof(u64 *)": 8,
    "sizeof(n + 1L)": 8,
    "sizeof(a)": 6,
    "sizeof(a[0])": 2,
    "sizeof(l)": 12,
    "sizeof(l[0])": 4,
    "p": 9,
    "sizeof(char)": 1,
    "sizeof(atomic_t)": 4,
    "sizeof(atomic64_t)": 8,
    "(u8)(n + 255)": 6,
    "(s8)(n + 121)": -128,
    "(u32)-1 > 0": 1,
    "-1 < 0u": 0,
    "(unsigned char)300": 44,
    "(void)n, 5": 5,
    "a[1]": 0,
    "n > 3 ? -1 : 1u": 0xFFFF_FFFF,
    "7 / 2 * 2": 6,
    "1 << 31": -(1 << 31),
    "1ULL << 40": 1 << 40,
}


def test_numbers_are_computed_with_as_in_c() -> None:
    assert values(NUMBERS, "int n = 7, l[3], (p) = 9;", "static u16 a[3];") == NUMBERS


REFUSED = {
    "int x = vcpu + 1;": "found arithmetic on a pointer",
    "int x = 1 - vcpu;": "found arithmetic on a pointer",
    "int x = vcpu == 5;": "expected two numbers or two pointers",
    "int x = vcpu == vcpu->kvm;": "expected pointers to the same type",
    "int x = vcpu;": "struct kvm_vcpu * where int stands",
    "struct kvm *k = vcpu;": "struct kvm_vcpu * where struct kvm * stands",
    "struct kvm *k = 5;": "where struct kvm * stands",
    "struct kvm_vcpu *v = was_enabled ? vcpu : vcpu->kvm;": "two pointers to the same type",
    "int x = was_enabled ? vcpu : 3;": "two pointers to the same type",
    "int x = -vcpu;": "expected an integer",
    "int x = 1 / 0;": "a division by zero",
    "int x = 1 % 0;": "a division by zero",
    "int x = 1; x /= 0;": "a division by zero",
    "int x = was_enabled << 32;": "a shift of 32 bits by 32",
    "int x = 1; x <<= 32;": "a shift of 32 bits by 32",
    "long x = 1L << 64;": "a shift of 64 bits by 64",
    "int x = 1 << -1;": "a shift of 32 bits by -1",
    "u8 x = 1; x <<= 32;": "a shift of 32 bits by 32",
    "int x = vcpu->arch;": "a struct kvm_vcpu_arch",
    "int x = *vcpu;": "a struct kvm_vcpu",
    "int a[2]; int x = a;": "an array",
    "int a[2]; int *p = &a;": "the address of the array",
    "int *p = &vcpu->vcpu_id;": "the address of `vcpu->vcpu_id`",
    "int x = 3; x = *x;": "expected `*` on a pointer to something",
    "void *p = vcpu; int x = *p;": "expected `*` on a pointer to something",
    "int x; int y = x[1];": "expected an index into an array",
    "int x = frob;": "found `frob`",
    "(1 ? x : x) = 4;": "found",
    "vcpu++;": "expected",
    "vcpu += 1;": "expected arithmetic on integers",
    "int x = 1; x += vcpu;": "expected integer, comparison",
    "int x = sizeof(vcpu->arch);": "expected sizeof an integer, a pointer or an array",
    "int x = sizeof(void);": "expected sizeof an integer, a pointer or an array",
    "int x = (int)vcpu;": "expected a cast between integer types",
    "int x = ({ 5; });": "expected integer, comparison",
    "int x = (float)1;": "found the type `float`",
    "vcpu->vcpu_id++;": "expected an object that can change",
    "int x = u8;": "found the type `u8` as an operand",
    "int x = a.b;": "found `a`",
    "int x = was_enabled.b;": "a member of struct kvm or kvm_vcpu",
    "int x = was_enabled->b;": "a pointer to struct kvm or kvm_vcpu",
    "int x = vcpu->frob;": "found `vcpu->frob`",
    "int x = vcpu->vcpu_id.frob;": "found `vcpu->vcpu_id.frob`",
    "int x = vcpu->kvm->frob;": "found `vcpu->kvm->frob`",
}


@pytest.mark.parametrize("line", REFUSED)
def test_what_has_no_value_in_c_or_in_the_model_is_refused(line: str) -> None:
    assert REFUSED[line] in refusal(line)


@pytest.mark.parametrize(
    ("line", "width"), [("1 << 31", 32), ("was_enabled >> 31", 32), ("1L << 63", 64)]
)
def test_a_shift_by_less_than_the_width_is_read(line: str, width: int) -> None:
    assert refusal(f"long x = {line};") == ""
    assert refusal(f"long x = {line} ;".replace(str(width - 1), str(width))) != ""


def test_a_short_is_signed_as_the_compiler_has_it() -> None:
    expected = {"(short)0x8000": -0x8000, "(short)-1 < 0": 1, "(unsigned short)-1": 0xFFFF}
    assert values(expected) == expected
