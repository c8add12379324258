"""C's operators on what a policy computes with: numbers, pointers, and the objects they name."""

from __future__ import annotations

import pytest

from engine.policy.evaluate import OopsError
from tests.engine.compiler.lines import compiled, ended, left, refusal, values

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


CHANGED = {
    "n = 9": (9, 9),
    "n += 2": (9, 9),
    "n -= 2": (5, 5),
    "n *= 2": (14, 14),
    "n /= 2": (3, 3),
    "n %= 4": (3, 3),
    "n <<= 2": (28, 28),
    "n >>= 1": (3, 3),
    "n &= 3": (3, 3),
    "n |= 8": (15, 15),
    "n ^= 2": (5, 5),
    "n++": (7, 8),
    "++n": (8, 8),
    "n--": (7, 6),
    "--n": (6, 6),
    "(n)++": (7, 8),
    "n = n++ + 1": (8, 8),
    "n += 256": (7, 7),
    "n -= 8": (255, 255),
    "n = -1": (255, 255),
    "!n++": (0, 8),
    "-n++": (-7, 8),
    "~--n": (-7, 6),
}
"""What an expression is worth, and what it leaves in a u8 that held 7."""


def test_an_assignment_is_worth_what_it_leaves_and_an_update_what_it_says() -> None:
    found = {
        line: left(f"gives = ({line});", "static u8 n = 7;\nstatic s64 gives;") for line in CHANGED
    }
    assert found == {line: {"n": n, "gives": gives} for line, (gives, n) in CHANGED.items()}


SKIPPED = {
    "0 && n++": 0,
    "1 && n++": 1,
    "1 || n++": 0,
    "0 || n++": 1,
    "vcpu->vcpu_id && n++": 0,
    "vcpu->vcpu_id || n++": 1,
    "vcpu->vcpu_id ? n++ : 0": 0,
    "vcpu->vcpu_id ? 0 : n++": 1,
    "n++ ?: 5": 1,
    "sizeof(n++)": 0,
    "n++, n++": 2,
    "!(n++ || n++)": 2,
}
"""How often what is written is done, where C may not come to it."""


def test_what_c_does_not_come_to_is_not_done() -> None:
    outside = "static int n;\nstatic int x;"
    assert {line: left(f"x = ({line});", outside).get("n", 0) for line in SKIPPED} == SKIPPED


def test_a_condition_is_true_where_its_value_is_not_zero() -> None:
    told = {
        "2": 1,
        "0": 0,
        "vcpu": 1,
        "NULL": 0,
        "vcpu->vcpu_id": 0,
        "!vcpu->vcpu_id": 1,
        "vcpu->vcpu_id == 0": 1,
        "1 && vcpu->vcpu_id": 0,
        "0 && vcpu->vcpu_id": 0,
        "1 || vcpu->vcpu_id": 1,
        "0 || vcpu->vcpu_id": 0,
        "vcpu && vcpu->kvm": 1,
        "likely(vcpu->vcpu_id == 0)": 1,
        "unlikely(vcpu->vcpu_id)": 0,
        "!(vcpu->vcpu_id || vcpu->cpu)": 1,
        "(vcpu->vcpu_id)": 0,
    }
    found = {
        line: left(f"if ({line}) x = 1; else x = 0;", "static int x = 9;")["x"] for line in told
    }
    assert found == told


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


def test_an_index_out_of_bounds_stops_the_vcpu() -> None:
    for index, stops in ((-1, True), (0, False), (1, False), (2, True)):
        body = f"int i = {index}; a[i] = 5;"
        try:
            ended(body, "static int a[2]; static int b;")
        except AssertionError:
            assert stops
        else:
            assert not stops
    assert issubclass(OopsError, Exception)


def test_a_member_of_arch_that_nobody_declares_is_the_policys_own() -> None:
    body = """
	vcpu->arch.mine = 5;
	vcpu->arch.a.b = 6;
	vcpu->kvm->arch.mine = 7;
	other = kvm_get_vcpu(vcpu->kvm, 1)->arch.mine;
	"""
    state = ended(body, "static int other = 9;")
    policy = state.setup.policy
    assert [variable.name for variable in policy.fields] == ["vcpu->arch.mine", "vcpu->arch.a.b"]
    assert [variable.name for variable in policy.statics] == ["kvm->arch.mine", "other"]
    assert [vcpu.fields for vcpu in state.vcpus] == [(5, 6), (0, 0)]
    assert state.vm.statics == (7, 0)


VCPU_ARCH = (
    *("ctxt", "iflags", "cflags", "sflags", "mdcr_el2", "cptr_el2", "fault", "timer_cpu"),
    *("vgic_cpu", "pmu", "power_off", "mp_state", "pause", "features", "target"),
    *("host_cpu_context", "workaround_flags", "vsesr_el2", "steal", "has_run_once"),
    *("sysregs_loaded_on_cpu", "mmu_page_cache", "hw_mmu", "debug_ptr", "fgt", "hcrx_el2"),
    *("regs", "cp15", "midr", "irq_lines", "mmio_decode", "external_debug_state"),
)
KVM_ARCH = (
    *("mmu", "vgic", "timer", "timer_data", "vtcr", "pgd", "pgd_phys", "vttbr", "vmid"),
    *("vmid_gen", "last_vcpu_ran", "max_vcpus", "psci_version", "pmuver", "pmu_filter"),
    *("smccc_feat", "config_lock", "vcpu_features", "ran_once", "mte_enabled", "pkvm"),
    *("return_nisv_io_abort_to_user", "id_regs", "sysreg_masks", "nested_mmus"),
)


def test_a_member_that_kvm_has_and_the_model_lacks_is_refused() -> None:
    for holder, members in (("vcpu->arch", VCPU_ARCH), ("vcpu->kvm->arch", KVM_ARCH)):
        for member in members:
            line = f"int x = {holder}.{member};"
            assert f"`{holder}.{member}`, which the model lacks" in refusal(line)


def test_state_that_begins_with_a_value_begins_with_it() -> None:
    outside = """
static int a = 3, b = -1;
static int c[3] = { 1, 2 };
static atomic_t d = ATOMIC_INIT(4);
static bool e = 7;
static u8 f = 300;
static struct kvm_vcpu *g = NULL;
static int h = { 0 };
static DEFINE_SPINLOCK(i);
static spinlock_t j = __SPIN_LOCK_UNLOCKED(j);
"""
    body = "int x = a + b + c[0] + atomic_read(&d) + e + f + !g + h; spin_lock(&i); spin_lock(&j);"
    policy = compiled(body, outside)
    assert {variable.name: variable.initial for variable in policy.statics} == {
        "a": 3,
        "b": -1,
        "c[0]": 1,
        "c[1]": 2,
        "c[2]": 0,
        "d": 4,
        "e": 1,
        "f": 44,
        "g": 0,
        "h": 0,
        "i": 0,
        "j": 0,
    }


@pytest.mark.parametrize(
    ("outside", "message"),
    [
        ("static int n = { 1, 2 };", "expected `{ 0 }` or a single value"),
        ("static int n[2] = { 1, 2, 3 };", "at most 2"),
        ("static int m; static int n = m;", "found the initialiser `m`; expected a constant"),
        ("static int n = n;", "found `n` in its own declaration"),
        ("static struct kvm n;", "a variable of type struct kvm"),
        ("static struct kvm **n;", "a variable of type struct kvm **"),
        ("static void n;", "found a variable of type void"),
        ("static int n[0];", "a constant from 1 to 512"),
        ("static int n[513];", "a constant from 1 to 512"),
        ("static int n[2][2];", "an array of one dimension"),
        ("static struct frob n;", "found the type `struct frob`"),
    ],
)
def test_state_that_cannot_be_is_refused(outside: str, message: str) -> None:
    assert message in refusal("if (&n) return; int x = n;", outside)


def test_a_short_is_signed_as_the_compiler_has_it() -> None:
    expected = {"(short)0x8000": -0x8000, "(short)-1 < 0": 1, "(unsigned short)-1": 0xFFFF}
    assert values(expected) == expected
