"""What each function of KVM decides."""

from __future__ import annotations

import pytest

from scenarios.kernel.decisions import DECISIONS, decision_of

TABLE = {
    "what a write of a trapped register does": (
        *("access_vm_reg", "access_sctlr", "kvm_toggle_cache", "sys_reg_descs[SCTLR_EL1]"),
        *("sys_reg_descs[TCR2_EL1]", "cp15_regs[SCTLR]", "cp15_64_regs[TTBR0]"),
    ),
    "what maintenance by set and way does": (
        *("access_dcsw", "access_dcgsw", "kvm_set_way_flush", "sys_reg_descs[DC_CISW]"),
        *("sys_insn_descs[DC_IGSW]", "cp15_regs[DCCISW]"),
    ),
    "which handler a trap runs": ("kvm_handle_sys_reg", "emulate_sys_reg", "perform_access"),
    "when TVM is armed": ("vcpu_reset_hcr", "HCR_GUEST_FLAGS"),
    "what KVM_ARM_VCPU_INIT does": (
        *("kvm_arch_vcpu_ioctl_vcpu_init", "kvm_vcpu_set_target", "__kvm_vcpu_set_target"),
    ),
    "what a vCPU's first run does": ("kvm_arch_vcpu_run_pid_change", "kvm_vcpu_first_run_init"),
    "what a reset of a vCPU does": ("kvm_reset_vcpu",),
    "what a fault on an unmapped page does": (
        *("user_mem_abort", "kvm_handle_guest_abort", "coherent_cache_guest_page"),
        *("clean_dcache_guest_page", "__clean_dcache_guest_page", "kvm_pgtable_stage2_map"),
        *("stage2_map_walker", "stage2_map_walk_leaf", "stage2_map_walker_try_leaf"),
    ),
    "what a flush cleans": (
        *("stage2_flush_vm", "stage2_flush_memslot", "stage2_flush_ptes", "stage2_flush_pmds"),
        *("stage2_flush_puds", "stage2_flush_p4ds", "stage2_apply_range", "kvm_stage2_flush_range"),
        *("kvm_pgtable_stage2_flush", "stage2_flush_walker", "stage2_pte_cacheable"),
        *("kvm_flush_dcache_pte", "kvm_flush_dcache_pmd", "kvm_flush_dcache_pud"),
        *("kvm_flush_dcache_to_poc", "__kvm_flush_dcache_pte", "kvm_pgtable_walk"),
        *("kvm_pte_valid", "kvm_pte_table", "kvm_pte_to_phys", "KVM_S2_MEMATTR"),
        *("KVM_PTE_LEAF_ATTR_LO_S2_MEMATTR", "KVM_PTE_VALID", "KVM_PTE_TYPE"),
    ),
    "what unmapping does": (
        *("stage2_unmap_vm", "stage2_unmap_memslot", "unmap_stage2_range", "unmap_stage2_ptes"),
        *("kvm_pgtable_stage2_unmap", "stage2_unmap_walker", "unmap_ptes", "clear_pte_entry"),
    ),
    "what happens to a page that the host takes away": (
        *("kvm_unmap_gfn_range", "kvm_unmap_hva_range", "kvm_unmap_hva"),
    ),
    "what a change of a memslot does": (
        *("kvm_arch_flush_shadow_memslot", "kvm_arch_prepare_memory_region"),
    ),
}
"""The functions that the model's page names, and kin of other eras, by what they decide."""


@pytest.mark.parametrize(("what", "names"), TABLE.items())
def test_every_function_that_the_model_names_has_its_decision(
    what: str, names: tuple[str, ...]
) -> None:
    found = {name: decision.what for name in names if (decision := decision_of(name)) is not None}
    assert found == dict.fromkeys(names, what)


def test_every_decision_is_in_the_table_and_in_its_order() -> None:
    assert [decision.what for decision in DECISIONS] == list(TABLE)


def test_what_decides_nothing_has_no_decision() -> None:
    for name in ("kvm_vcpu_ioctl", "sys_reg_descs[ID_A]", "sys_reg_descs[", "", "SCTLR_EL1"):
        assert decision_of(name) is None


def test_no_function_is_named_twice() -> None:
    names = [name for one in DECISIONS for name in (*one.entries, *one.walks, *one.registers)]
    assert sorted(names) == sorted(set(names))
