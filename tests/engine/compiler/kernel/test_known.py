"""Every function of the kernel that the model knows is used by a line of C, and does as it says."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest

from engine.compiler.kernel.known import KERNEL, KERNEL_OBJECTS, is_models_own
from engine.compiler.lower.lowering import KernelRow
from engine.refusal import RefusedError
from tests.engine.compiler.lines import handled, refusal

OUTSIDE = """
static int n = 3, old = 3;
static unsigned long bits = 2;
static u16 four[4];
static atomic_t a = ATOMIC_INIT(3);
static refcount_t r1 = REFCOUNT_INIT(3);
static DEFINE_SPINLOCK(held);
"""

CASES: dict[str, tuple[str, int | str]] = {
    "likely": ("gives = likely(n);", 1),
    "read_once": ("gives = READ_ONCE(n);", 3),
    "access_once": ("ACCESS_ONCE(n) = 7; gives = n;", 7),
    "write_once": ("WRITE_ONCE(n, 7); gives = n;", 7),
    "smp_load_acquire": ("gives = smp_load_acquire(&n);", 3),
    "smp_store_release": ("smp_store_release(&n, 7); gives = n;", 7),
    "warn_on": ("gives = WARN_ON(n);", 1),
    "bug_on": ("BUG_ON(!n); gives = 7;", 7),
    "bug": ("if (!n) BUG(); gives = 7;", 7),
    "has_vhe": ("gives = has_vhe();", 1),
    "is_protected_kvm_enabled": ("gives = is_protected_kvm_enabled();", 0),
    "is_enabled": ("gives = IS_ENABLED(CONFIG_KVM_NOTHING);", 0),
    "array_size": ("gives = ARRAY_SIZE(four);", 4),
    "no_effect": ('pr_debug("%d", n++); gives = n;', 4),
    "lower_32_bits": ("gives = lower_32_bits(0x100000002);", 2),
    "upper_32_bits": ("gives = upper_32_bits(0x100000002);", 1),
    "extreme": ("gives = min(n, 2);", 2),
    "typed_extreme": ("gives = max_t(int, n, 2);", 3),
    "bit": ("gives = BIT(n);", 8),
    "genmask": ("gives = GENMASK(2, 1);", 6),
    "test_bit": ("gives = test_bit(1, &bits);", 1),
    "assign_bit": ("assign_bit(0, &bits, n); gives = bits;", 3),
    "set_bit": ("set_bit(0, &bits); gives = bits;", 3),
    "change_bit": ("gives = test_and_change_bit(1, &bits) * 8 + bits;", 8),
    "clear_bit": ("clear_bit(1, &bits); gives = bits;", 0),
    "atomic_read": ("gives = atomic_read(&a);", 3),
    "atomic_set": ("atomic_set(&a, 7); gives = atomic_read(&a);", 7),
    "atomic_inc": ("gives = atomic_fetch_inc(&a) * 8 + atomic_read(&a);", 28),
    "atomic_add": ("gives = atomic_add_return(5, &a);", 8),
    "atomic_add_negative": ("gives = atomic_add_negative(-4, &a);", 1),
    "atomic_add_unless": ("gives = atomic_add_unless(&a, 5, 3);", 0),
    "atomic_fetch_add_unless": ("gives = atomic_fetch_add_unless(&a, 5, 3);", 3),
    "atomic_inc_not_zero": ("gives = atomic_inc_not_zero(&a) * 8 + atomic_read(&a);", 12),
    "atomic_inc_unless_negative": ("gives = atomic_inc_unless_negative(&a);", 1),
    "atomic_dec_unless_positive": ("gives = atomic_dec_unless_positive(&a);", 0),
    "atomic_dec_if_positive": ("gives = atomic_dec_if_positive(&a);", 2),
    "refcount_read": ("gives = refcount_read(&r1);", 3),
    "refcount_inc_not_zero": (
        "gives = refcount_inc_not_zero(&r1) * 8 + refcount_read(&r1);",
        12,
    ),
    "refcount_dec_not_one": ("gives = refcount_dec_not_one(&r1);", 1),
    "refcount_dec_if_one": ("gives = refcount_dec_if_one(&r1);", 0),
    "refcount_inc": ("refcount_inc(&r1); gives = refcount_read(&r1);", 4),
    "refcount_add": ("refcount_add(5, &r1); gives = refcount_read(&r1);", 8),
    "refcount_dec": ("refcount_dec(&r1); gives = refcount_read(&r1);", 2),
    "refcount_dec_and_test": ("gives = refcount_dec_and_test(&r1);", 0),
    "refcount_sub_and_test": ("gives = refcount_sub_and_test(3, &r1);", 1),
    "atomic_xchg": ("gives = atomic_xchg(&a, 7);", 3),
    "atomic_cmpxchg": ("gives = atomic_cmpxchg(&a, 4, 7);", 3),
    "atomic_try_cmpxchg": ("gives = atomic_try_cmpxchg(&a, &old, 7);", 1),
    "xchg": ("gives = xchg(&n, 7) * 8 + n;", 31),
    "cmpxchg": ("gives = cmpxchg(&n, 4, 7) * 8 + n;", 27),
    "try_cmpxchg": ("gives = try_cmpxchg(&n, &old, 7) * 8 + n;", 15),
    "trylock": ("gives = spin_trylock(&held); spin_unlock(&held);", 1),
    "lock_init": ("spin_lock(&held); spin_lock_init(&held); gives = spin_trylock(&held);", 1),
    "is_locked": ("gives = spin_is_locked(&held);", 0),
    "cpus_have_final_cap": ("gives = cpus_have_final_cap(ARM64_HAS_STAGE2_FWB);", 0),
    "read_cpuid_implementor": ("gives = read_cpuid_implementor() == ARM_CPU_IMP_ARM;", 1),
    "smp_processor_id": ("gives = smp_processor_id();", 1),
    "kvm_get_running_vcpu": ("gives = kvm_get_running_vcpu() == vcpu;", 1),
    "kvm_get_vcpu": ("gives = kvm_get_vcpu(vcpu->kvm, 1) == vcpu;", 1),
    "kvm_get_vcpu_by_id": ("gives = kvm_get_vcpu_by_id(vcpu->kvm, 0) == vcpu;", 0),
    "vcpu_has_cache_enabled": ("gives = vcpu_has_cache_enabled(vcpu);", 1),
    "vcpu_get_hcr": ("gives = vcpu_get_hcr(vcpu) == vcpu->arch.hcr_el2;", 1),
    "vcpu_set_hcr": ("vcpu_set_hcr(vcpu, HCR_VM); gives = vcpu->arch.hcr_el2;", 1),
    "vcpu_hcr": ("*vcpu_hcr(vcpu) = HCR_VM; gives = vcpu->arch.hcr_el2;", 1),
    "vcpu_pc": ("gives = *vcpu_pc(vcpu) + 7;", 7),
    "vcpu_read_sys_reg": ("gives = vcpu_read_sys_reg(vcpu, SCTLR_EL1) & 5;", 5),
    "vcpu_write_sys_reg": (
        "vcpu_write_sys_reg(vcpu, 7, r->reg); gives = vcpu_sys_reg(vcpu, TCR_EL1);",
        7,
    ),
    "vcpu_sys_reg": ("gives = vcpu_sys_reg(vcpu, SCTLR_EL1) & 5;", 5),
    "vcpu_sys_reg_object": (
        "vcpu_sys_reg(vcpu, TCR_EL1) = 7; gives = vcpu_sys_reg(vcpu, r->reg);",
        7,
    ),
    "vcpu_cp15": ("gives = vcpu_cp15(vcpu, 1);", "64-bit guests"),
    "vcpu_cp15_object": ("vcpu_cp15(vcpu, 1) = 7;", "64-bit guests"),
    "get_access_mask": (
        "u64 mask, shift; get_access_mask(r, &mask, &shift); gives = ~mask + shift;",
        0,
    ),
    "vcpu_get_reg": ("gives = vcpu_get_reg(vcpu, p->Rt);", 0x123),
    "vcpu_reg": ("gives = *vcpu_reg(vcpu, p->Rt);", 0x123),
}
"""By the rule of a row: C with a call of it, and what that leaves in `gives`, or why it cannot."""

ROWS: list[KernelRow[Any]] = [*KERNEL.rows, *KERNEL_OBJECTS.rows]
COUNTED = [row for row in ROWS if row.arguments or not row.variadic]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.rule.__name__)
def test_a_function_of_the_kernel_does_as_it_says(row: KernelRow[Any]) -> None:
    body, expected = CASES[row.rule.__name__]
    assert _name(row) in body
    if isinstance(expected, str):
        with pytest.raises(RefusedError, match=expected):
            handled(body, outside=OUTSIDE)
        return
    assert _gives(body, OUTSIDE) == expected


def _gives(body: str, outside: str) -> int:
    """Return what a handler of this body leaves in `gives`."""
    state = handled(body, outside=outside)
    names = [variable.name for variable in state.setup.policy.statics]
    return state.vm.statics[names.index("gives")]


@pytest.mark.parametrize("row", COUNTED, ids=lambda row: row.rule.__name__)
def test_a_function_of_the_kernel_takes_so_many_arguments(row: KernelRow[Any]) -> None:
    given = row.arguments - 1 if row.variadic else row.arguments + 1
    expected = f"{'at least ' if row.variadic else ''}{row.arguments} arguments"
    call = f"{_name(row)}({', '.join('0' * given)})"
    used = f"*{call}" if row.names[0].startswith("*") else call
    line = f"{used} = 0;" if row in KERNEL_OBJECTS.rows else f"s64 x = {used};"
    assert f"`{call}` with {given} arguments; expected {expected}" in refusal(line, OUTSIDE)


def _name(row: KernelRow[Any]) -> str:
    """Return the name by which a row's case calls its function."""
    called = re.findall(r"(\w+)\(", CASES[row.rule.__name__][0])
    names = [name.lstrip("*") for name in row.names]
    return next(word for word in called for name in names if re.fullmatch(name, word))


@pytest.mark.parametrize("row", [row for row in ROWS if row.own], ids=lambda row: row.names[0])
def test_what_is_the_models_own_stays_so_where_the_source_defines_it(row: KernelRow[Any]) -> None:
    body, expected = CASES[row.rule.__name__]
    defined = f"{OUTSIDE}static u64 {_name(row)}(int any) {{ for (;;) ; }}"
    assert _gives(body, defined) == expected


def test_what_is_not_is_what_the_source_defines() -> None:
    defined = "static int smp_processor_id(void) { return 7; }"
    assert _gives("gives = smp_processor_id();", defined) == 7


def test_every_case_is_of_a_row() -> None:
    assert set(CASES) == {row.rule.__name__ for row in ROWS}


@pytest.mark.parametrize("table", [KERNEL, KERNEL_OBJECTS], ids=["values", "objects"])
def test_no_name_has_two_meanings(table: Any) -> None:
    names = [name.lstrip("*") for row in table.rows for name in row.names]
    known = Counter(name for name in names if name.isidentifier())
    assert set(known.values()) == {1}
    patterns = [name for name in names if not name.isidentifier()]
    assert not [(p, name) for p in patterns for name in known if re.fullmatch(p, name)]


def test_a_rule_says_what_its_function_does() -> None:
    assert not [row.rule.__name__ for row in ROWS if not row.rule.__doc__]


@pytest.mark.parametrize(
    "name",
    [
        *("dcache_clean_inval_poc", "__pi_dcache_clean_inval_poc", "__flush_dcache_area"),
        *("__clean_inval_dcache_area", "kvm_flush_dcache_to_poc", "flush_dcache_page"),
        *("dcache_clean_poc", "__clean_dcache_area_poc", "dcache_inval_poc"),
        *("__inval_dcache_area", "__dma_flush_area", "__dma_clean_area", "__dma_inv_area"),
        "caches_clean_inval_pou",
    ],
)
def test_maintenance_by_range_is_the_machines_own(name: str) -> None:
    assert is_models_own(name)


@pytest.mark.parametrize(
    "name",
    [
        *("handle_exit", "handle_trap_exceptions", "kvm_get_exit_handler", "arm_exit_handlers"),
        *("kvm_arch_vcpu_ioctl_run", "__activate_traps", "__activate_traps_hcr"),
        "activate_traps",
    ],
)
def test_the_way_from_a_trap_to_its_handler_is_the_machines_own(name: str) -> None:
    assert is_models_own(name)


@pytest.mark.parametrize("name", ["kvm_toggle_cache", "my_dcache_clean_poc", "handle"])
def test_other_names_are_the_sources(name: str) -> None:
    assert not is_models_own(name)


@pytest.mark.parametrize(
    "call",
    [
        *("WRITE_ONCE(n, 7)", "smp_store_release(&n, 7)", "atomic_set(&a, 7)", "atomic_inc(&a)"),
        *("atomic_add(5, &a)", "refcount_set(&r1, 7)", "refcount_inc(&r1)", "refcount_add(5, &r1)"),
        *("refcount_dec(&r1)", "set_bit(0, &bits)", "clear_bit(0, &bits)"),
        *("change_bit(0, &bits)", "assign_bit(0, &bits, n)", "spin_lock_init(&held)"),
        *("BUG()", "vcpu_set_hcr(vcpu, HCR_VM)", "vcpu_write_sys_reg(vcpu, 7, TCR_EL1)"),
    ],
)
def test_what_a_function_that_gives_nothing_gives_is_no_value(call: str) -> None:
    assert "void" in refusal(f"s64 x = {call};", OUTSIDE)
